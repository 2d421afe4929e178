#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <llm/bedrock/lint.hpp>

#include "bedrock/lint/request_editor.hpp"
#include "bedrock/lint/request_view.hpp"

namespace llm::bedrock::linter {

/// How a finding can be repaired.
struct Repair {
  std::string change{};  ///< What the repair did: a sentence.
  Fix fix{};             ///< Empty: it cannot be repaired.
};

/// A finding with its repair.
struct Found {
  LintFinding finding{};
  Repair repair{};
};

/// Collects what one rule finds.
class Report {
 public:
  Report(std::string_view rule, LintSeverity severity, std::vector<Found>& found)
      : rule_(rule), severity_(severity), found_(found) {}

  /// Adds a finding; `message` and `advice` are sentences.
  void add(std::string position, std::string message, std::string advice, Repair repair = {}) {
    found_.push_back({.finding = {.rule = std::string(rule_),
                                  .severity = severity_,
                                  .position = std::move(position),
                                  .message = std::move(message),
                                  .advice = std::move(advice),
                                  .repairable = repair.fix != nullptr},
                      .repair = std::move(repair)});
  }

  /// Adds a note: the service may refuse the request.
  void note(std::string position, std::string message, std::string advice) {
    add(std::move(position), std::move(message), std::move(advice));
    found_.back().finding.severity = LintSeverity::note;
  }

 private:
  std::string_view rule_;
  LintSeverity severity_;
  std::vector<Found>& found_;
};

/// One rule: its description and its check.
struct Rule {
  LintRule about{};
  void (*check)(const RequestView& view, Report& report) = nullptr;
};

/// The rules, by what they check. Those of tool turns, media, documents and cache points run only
/// for requests that have such blocks (BlockKinds).
[[nodiscard]] std::span<const Rule> role_rules();
[[nodiscard]] std::span<const Rule> tool_rules();
[[nodiscard]] std::span<const Rule> schema_rules();
[[nodiscard]] std::span<const Rule> tool_turn_rules();
[[nodiscard]] std::span<const Rule> reasoning_rules();
[[nodiscard]] std::span<const Rule> media_rules();
[[nodiscard]] std::span<const Rule> document_rules();
[[nodiscard]] std::span<const Rule> cache_rules();
[[nodiscard]] std::span<const Rule> sampling_rules();
[[nodiscard]] std::span<const Rule> option_rules();

}  // namespace llm::bedrock::linter
