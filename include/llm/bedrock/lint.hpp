#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace llm::bedrock {

/// A refusal of Amazon Bedrock that can be foreseen. All views live for ever.
struct LintRule {
  std::string_view id{};       ///< `blank_text`, ...; stable.
  std::string_view summary{};  ///< What a request must keep to.
  std::string_view
      refusal{};              ///< What the service says, or its documentation; N stands for places.
  std::string_view source{};  ///< Where that is from.
  std::string_view repair{};  ///< What a repair does; empty: it cannot be repaired safely.
};

/// Every rule.
[[nodiscard]] std::span<const LintRule> lint_rules();

/// How sure a finding is.
enum class LintSeverity {
  refused,  ///< The service would refuse the request.
  note,     ///< It may: the model, or what it takes, is not known.
};

[[nodiscard]] std::string_view to_string(LintSeverity severity);

/// One thing that a rule found. Holds no prompt and no answer.
struct LintFinding {
  std::string rule{};
  LintSeverity severity = LintSeverity::refused;
  std::string position{};  ///< `messages[2].content[0]`, `tools[1]`, `top_p`, ...
  std::string message{};   ///< What is wrong there, or what was changed: sentences.
  std::string advice{};    ///< What to do about it; empty for a change.
  bool repairable = false;
  friend bool operator==(const LintFinding&, const LintFinding&) = default;
};

/// How a request is to be looked at.
struct LintOptions {
  std::string model{};  ///< For a request that names none.
  Api api = Api::automatic;
  bool streamed = false;           ///< The answer is to be streamed.
  std::vector<std::string> off{};  ///< Ids of rules that do not count.
};

/// What is known of a request before it is sent.
struct LintReport {
  std::string model{};  ///< The id it was checked for; empty: none was named.
  bool known = false;   ///< The catalogue knows the model; else findings are notes.
  std::vector<LintFinding> findings{};
  std::vector<LintFinding> changes{};  ///< What a repair changed.

  /// True when nothing would be refused.
  [[nodiscard]] bool clean() const;
};

/// What Bedrock would refuse in a request, and (`cannot_encode`) what cannot be written in the
/// model's wire form. Offline; safe from any thread.
/// Errors: configuration_error for a malformed model id or an unknown id in `off`.
[[nodiscard]] Result<LintReport> lint(const ChatRequest& request, const LintOptions& options = {});

/// Changes what can be changed safely; the report has the changes, and what is left. Positions of
/// changes are those in the request as it was given. Nothing is changed for a model that the
/// catalogue lacks. Errors: as `lint`.
[[nodiscard]] Result<LintReport> repair(ChatRequest& request, const LintOptions& options = {});

/// The report as one line of JSON; docs/json.md shows one.
[[nodiscard]] std::string to_json(const LintReport& report);

}  // namespace llm::bedrock
