#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace llm::bedrock {

/// A refusal by Amazon Bedrock that can be foreseen. All views are static text.
struct LintRule {
  std::string_view id{};       ///< `blank_text`, ...; stable.
  std::string_view summary{};  ///< What a request must satisfy.
  std::string_view
      refusal{};  ///< The service's error text, or its documentation; N stands for an index.
  std::string_view source{};  ///< Where that text is from.
  std::string_view repair{};  ///< What a repair does; empty: it cannot be repaired safely.
};

/// Every rule.
[[nodiscard]] std::span<const LintRule> lint_rules();

/// How certain a finding is.
enum class LintSeverity {
  refused,  ///< The service would refuse the request.
  note,     ///< The service may refuse it: the model or its limits are unknown.
};

[[nodiscard]] std::string_view to_string(LintSeverity severity);

/// One violation of a rule. Contains no prompt and no completion.
struct LintFinding {
  std::string rule{};
  LintSeverity severity = LintSeverity::refused;
  std::string position{};  ///< `messages[2].content[0]`, `tools[1]`, `top_p`, ...
  std::string message{};   ///< What is wrong there, or what was changed: sentences.
  std::string advice{};    ///< What to do about it; empty for a change.
  bool repairable = false;
  friend bool operator==(const LintFinding&, const LintFinding&) = default;
};

/// How to check a request.
struct LintOptions {
  std::string model{};  ///< The model if the request does not name one.
  Api api = Api::automatic;
  bool streaming = false;               ///< The response will be streamed.
  std::vector<std::string> lint_off{};  ///< Ids of rules to disable.
  std::string today{};  ///< `2026-11-30`: whether the model has ended then; empty: not checked.
};

/// The result of checking a request.
struct LintReport {
  std::string model{};  ///< The model it was checked for; empty: none was named.
  bool known = false;   ///< The catalogue knows the model; otherwise findings are notes.
  std::vector<LintFinding> findings{};
  std::vector<LintFinding> changes{};  ///< What a repair changed.

  /// True if nothing would be refused.
  [[nodiscard]] bool clean() const;
};

/// Finds what Bedrock would refuse in a request, and what cannot be encoded in the model's wire
/// format (`cannot_encode`). Works offline; safe to call from any thread.
/// Errors: configuration_error for a malformed model id or an unknown id in `lint_off`.
[[nodiscard]] Result<LintReport> lint(const ChatRequest& request, const LintOptions& options = {});

/// Changes what can be changed safely; the report lists the changes and the remaining findings.
/// Positions of changes refer to the original request. Changes nothing for a model that the
/// catalogue lacks.
/// Errors: as `lint`.
[[nodiscard]] Result<LintReport> repair(ChatRequest& request, const LintOptions& options = {});

/// The report as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const LintReport& report);

}  // namespace llm::bedrock
