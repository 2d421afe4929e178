#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <llm/bedrock/lint.hpp>

#include "bedrock/lint/request_editor.hpp"
#include "bedrock/lint/subject.hpp"

namespace llm::bedrock::linter {

/// A finding with its repair.
struct Found {
  LintFinding finding{};
  std::string change{};  ///< What the repair did, said of the position.
  Fix fix{};             ///< Empty: it cannot be repaired.
};

/// Takes what one rule finds.
class Report {
 public:
  Report(std::string_view rule, LintSeverity severity, std::vector<Found>& found)
      : rule_(rule), severity_(severity), found_(found) {}

  /// What has to be put right by the caller.
  void add(std::string position, std::string message) {
    add(std::move(position), std::move(message), {}, {});
  }
  /// What can be repaired; `change` says of the position what the repair did.
  void add(std::string position, std::string message, std::string change, Fix fix) {
    found_.push_back({.finding = {.rule = std::string(rule_),
                                  .severity = severity_,
                                  .position = std::move(position),
                                  .message = std::move(message),
                                  .repairable = fix != nullptr},
                      .change = std::move(change),
                      .fix = std::move(fix)});
  }

 private:
  std::string_view rule_;
  LintSeverity severity_;
  std::vector<Found>& found_;
};

/// One rule: what it is, and how it is checked.
struct Rule {
  LintRule about{};
  void (*check)(const Subject& subject, Report& report) = nullptr;
};

/// The rules, by what they look at. Those of tool turns, media, documents and cache points are
/// asked only about requests that hold such blocks (linter::Holdings).
[[nodiscard]] std::span<const Rule> role_rules();
[[nodiscard]] std::span<const Rule> tool_rules();
[[nodiscard]] std::span<const Rule> tool_turn_rules();
[[nodiscard]] std::span<const Rule> reasoning_rules();
[[nodiscard]] std::span<const Rule> media_rules();
[[nodiscard]] std::span<const Rule> document_rules();
[[nodiscard]] std::span<const Rule> cache_rules();
[[nodiscard]] std::span<const Rule> sampling_rules();
[[nodiscard]] std::span<const Rule> option_rules();

}  // namespace llm::bedrock::linter
