#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// How the native bodies of a model are written.
enum class WireFormat {
  claude_messages,
  claude_text,
  titan_text,
  llama,
  converse_only,  ///< Available through Converse and ConverseStream only.
  titan_embedding,
  titan_image_embedding,
  cohere_embedding,
  nova_embedding,
};

/// Which of `temperature` and `top_p` a model accepts.
enum class Sampling {
  both,
  either,  ///< One of them, not both.
  none,
};

/// How a request turns on reasoning.
enum class Thinking {
  none,
  budget,  ///< `thinking.type` is `enabled`, with a budget.
  either,  ///< As `budget` or `adaptive`.
  adaptive,
  effort,  ///< Not Claude: the request names an effort, and the reasoning is not signed.
};

/// Which tool choices a model accepts besides `auto`.
enum class ToolChoices {
  all,
  any,        ///< `any`, but no named tool.
  automatic,  ///< None: a call cannot be forced.
};

/// The form of the ids of tool calls.
enum class ToolIds {
  any,     ///< What the shape of the request allows.
  claude,  ///< Letters, digits, `_` and `-`.
  nine,    ///< Nine letters and digits, or an id that Bedrock made.
};

/// A model that the server offers, with what its requests may contain. The table is the server's
/// own: it shares nothing with the client's catalogue, so that an error in either one shows.
struct Model {
  std::string_view id{};
  std::string_view name{};         ///< The display name in ListFoundationModels.
  std::string_view native_name{};  ///< `model` in Claude's responses; empty for other families.
  WireFormat wire_format = WireFormat::claude_messages;
  std::int64_t context_tokens = 0;
  std::int64_t max_output_tokens = 0;
  std::string_view profiles{};  ///< Prefixes of its inference profiles, e.g. `us. eu.`.
  bool on_demand = true;        ///< The bare id can be called.
  bool tools = false;
  bool streaming_tools = true;  ///< With `tools`: in ConverseStream too.
  bool vision = false;
  bool video = false;  ///< Media in S3 too.
  bool audio = false;
  Thinking thinking = Thinking::none;
  bool always_thinks = false;       ///< `thinking.type` cannot be `disabled`.
  bool thinks_when_forced = false;  ///< Thinking and a forced tool call are accepted together.
  ToolChoices choices = ToolChoices::all;
  ToolIds tool_ids = ToolIds::any;
  bool strict_tools = true;     ///< `strict` of a tool is accepted.
  bool closed_schemas = false;  ///< Enforced schemas are checked as Claude's.
  bool documents = true;        ///< Through Converse.
  std::string_view efforts{};   ///< Values of the effort, separated by spaces; empty: none for
                                ///< Claude, any for others.
  bool system_prompt = true;
  bool legacy = false;
  std::string_view end_of_life{};   ///< The day that Bedrock removes it, e.g. `2026-07-30`.
  bool counts_tokens = false;       ///< CountTokens accepts its bare id.
  bool lowercases_text = false;     ///< An embedding model that repeats texts in lower case.
  std::string_view vector_sizes{};  ///< Dimensions of an embedding model, the default first.
  bool text_completions = false;    ///< A Claude that accepts the older `prompt` format too.
  bool system_messages = false;     ///< A message may have the role `system`.
  bool prefill = true;              ///< The last message may be the assistant's.
  Sampling sampling = Sampling::both;

  /// The company's name in ListFoundationModels, e.g. `Amazon`.
  [[nodiscard]] std::string_view provider() const;
  /// Returns vectors, not text.
  [[nodiscard]] bool embeds() const { return !vector_sizes.empty(); }
};

/// Every model, sorted by id.
[[nodiscard]] std::span<const Model> models();

/// The model with this bare id, or null.
[[nodiscard]] const Model* find_model(std::string_view id);

/// The id in the ARN of a foundation model or of a system-defined inference profile; any other text
/// unchanged.
[[nodiscard]] std::string_view without_arn(std::string_view identifier);

/// The model of a profile id such as `us.anthropic.claude-…`, or null.
[[nodiscard]] const Model* find_profile(std::string_view id);

/// The refusal of an unknown identifier.
[[nodiscard]] std::unexpected<Refusal> invalid_model();

/// Refuses a model past its end of life. An unknown identifier passes.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_end_of_life(std::string_view identifier, base::TimePoint now);

/// The model named by a path: a bare id, an inference profile, or the ARN of either. Refuses an
/// invalid identifier, an unknown model, and the bare id of a model without on-demand throughput.
[[nodiscard]] Checked<const Model*> model_to_invoke(std::string_view identifier);

}  // namespace llm::local
