#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <llm/model.hpp>

namespace llm::bedrock {

/// What the requests of a model may hold. Each fact stands alone: no fact follows from another,
/// from the model's family or from its generation. Unknown facts restrict nothing.
struct Takes {
  Support thinking_off = Support::unknown;          ///< No: it always thinks.
  Support thinking_budget = Support::unknown;       ///< Thinking with a budget of tokens.
  Support thinking_adaptive = Support::unknown;     ///< Thinking without a budget.
  Support thinking_forced_tool = Support::unknown;  ///< Thinking and a forced tool call together.
  Support effort = Support::unknown;                ///< An effort.
  Support choice_auto = Support::unknown;           ///< The tool choice `auto`.
  Support choice_any = Support::unknown;            ///< The tool choice `any`.
  Support choice_tool = Support::unknown;           ///< The choice of one tool by its name.
  Support choice_none = Support::unknown;           ///< The tool choice `none` (native formats).
  Support strict_invoke = Support::unknown;         ///< Strict tools in the native format.
  Support strict_converse = Support::unknown;       ///< Strict tools by Converse.
  Support schema_invoke = Support::unknown;    ///< The service enforces a schema: native format.
  Support schema_converse = Support::unknown;  ///< The service enforces a schema: Converse.
  Support schema_open = Support::unknown;      ///< No: a schema must close each of its objects.
  Support temperature = Support::unknown;
  Support top_p = Support::unknown;
  Support top_k = Support::unknown;
  Support temperature_and_top_p = Support::unknown;  ///< Both in one request.
  Support prefill = Support::unknown;                ///< The last message may be the assistant's.
  Support result_json = Support::unknown;            ///< Tool results with JSON objects (Converse).
  Support result_image = Support::unknown;           ///< Tool results with images.
  Support result_error = Support::unknown;           ///< Tool results with the status error.
  Support documents_invoke = Support::unknown;       ///< Documents in the native format.
  Support documents_converse = Support::unknown;     ///< Documents by Converse.

  // Comma lists; empty: unknown.
  std::string_view efforts{};         ///< The efforts that it is not known to refuse.
  std::string_view effort_beta{};     ///< The beta flag that an effort needs.
  std::string_view schema_refuses{};  ///< Keywords that an enforced schema may not have.
  std::string_view cache_ttls{};      ///< Of cache points.
  std::string_view tool_call_id{};    ///< The form of tool call ids: `claude`, `mistral`.

  friend bool operator==(const Takes&, const Takes&) = default;
};

/// The name of a fact in data/models.json that is true or false.
struct SupportFact {
  std::string_view name;
  Support Takes::* member;
};

/// The name of a fact that is a list of words.
struct WordsFact {
  std::string_view name;
  std::string_view Takes::* member;
};

/// Every fact of each kind.
[[nodiscard]] std::span<const SupportFact> support_facts();
[[nodiscard]] std::span<const WordsFact> words_facts();

/// Whether a comma list of a fact has the word.
[[nodiscard]] bool has_word(std::string_view list, std::string_view word);

}  // namespace llm::bedrock
