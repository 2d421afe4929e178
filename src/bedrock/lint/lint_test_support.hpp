#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/request_json.hpp>

#include "bedrock/lint/linter.hpp"

namespace llm::bedrock::testing {

/// An ordinary Claude, and a Converse model with few known facts.
inline constexpr ModelFacts kLintedClaude{
    .base_id = "anthropic.claude",
    .wire_format = WireFormat::claude_messages,
    .max_output_tokens = 8192,
    .tools = Support::yes,
    .vision = Support::yes,
    .reasoning = Support::yes,
    .prompt_caching = Support::yes,
    .input_modalities = "text,image",
    .takes = {.thinking_forced_tool = Support::no, .tool_call_id = "claude"}};
inline constexpr ModelFacts kLintedOther{.base_id = "vendor.other"};

inline constexpr linter::Target kToClaude{.facts = &kLintedClaude, .by_converse = false};
inline constexpr linter::Target kToClaudeByConverse{.facts = &kLintedClaude};
inline constexpr linter::Target kToOther{.facts = &kLintedOther};

/// One request and what a rule finds in it.
struct RuleCase {
  std::string what{};
  ChatRequest request{};
  std::vector<std::string> positions{};  ///< Of the findings; empty: the rule accepts the request.
  std::string repaired{};                ///< Part of the repaired request's JSON; empty: no repair.
  linter::Target target = kToClaudeByConverse;
};

/// The ids of all rules but one.
inline std::vector<std::string> all_but(std::string_view rule) {
  std::vector<std::string> ids;
  for (const LintRule& other : lint_rules()) {
    if (other.id != rule) ids.emplace_back(other.id);
  }
  return ids;
}

/// Expects that the rule quotes this refusal, finds the positions, and repairs them.
inline void expect_rule(std::string_view id, std::string_view refusal,
                        const std::vector<RuleCase>& cases) {
  const auto rule = std::ranges::find(lint_rules(), id, &LintRule::id);
  ASSERT_NE(rule, lint_rules().end()) << id;
  EXPECT_EQ(rule->refusal, refusal);
  const std::vector<std::string> off = all_but(id);
  for (const RuleCase& test : cases) {
    std::vector<std::string> positions;
    for (const LintFinding& finding :
         linter::check(test.request, arrange(test.request), test.target, off)) {
      EXPECT_EQ(finding.rule, id) << test.what;
      EXPECT_EQ(finding.severity, LintSeverity::refused) << test.what;
      positions.push_back(finding.position);
    }
    EXPECT_EQ(positions, test.positions) << test.what;

    ChatRequest repaired = test.request;
    const auto changes = linter::repair(repaired, test.target, off);
    EXPECT_EQ(changes.empty(), test.repaired.empty()) << test.what;
    if (changes.empty()) continue;
    EXPECT_FALSE(rule->repair.empty()) << test.what;
    EXPECT_NE(to_json(repaired).find(test.repaired), std::string::npos) << to_json(repaired);
    EXPECT_TRUE(linter::check(repaired, arrange(repaired), test.target, off).empty()) << test.what;
  }
}

inline ChatRequest asking(std::vector<Content> content) {
  return {.messages = {{Role::user, std::move(content)}}};
}

}  // namespace llm::bedrock::testing
