#include "bedrock/lint/linter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "bedrock/lint/lint_test_support.hpp"
#include "tests/support/json_page.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::bedrock {
namespace {

using testing::asking;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kToClaude;
using testing::kToClaudeByConverse;

const std::string kModel = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

std::vector<std::string> rules_of(const std::vector<LintFinding>& findings) {
  std::vector<std::string> rules;
  for (const LintFinding& finding : findings) rules.push_back(finding.rule);
  return rules;
}

ChatRequest blank_and_hot() {
  ChatRequest request = asking({TextContent{" "}});
  request.temperature = 1.5;
  return request;
}

TEST(LintRules, quote_the_service_and_the_source) {
  std::set<std::string_view> ids;
  for (const LintRule& rule : lint_rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_FALSE(rule.summary.empty()) << rule.id;
    EXPECT_FALSE(rule.refusal.empty()) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
  }
}

TEST(LintPage, lists_every_rule) {
  std::ifstream file(test_support::source_directory() / "docs/lint.md");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

  for (const LintRule& rule : lint_rules()) {
    if (rule.id == linter::kCannotEncode) continue;
    const std::string repair(rule.repair.empty() ? std::string_view("none") : rule.repair);
    EXPECT_THAT(page, HasSubstr("| `" + std::string(rule.id) + "` | " + std::string(rule.summary) +
                                " | " + repair + " |"));
  }
}

TEST(Lint, finds_everything_at_once) {
  const auto report = lint(blank_and_hot(), {.model = kModel});

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->model, kModel);
  EXPECT_TRUE(report->known);
  EXPECT_FALSE(report->clean());
  EXPECT_THAT(rules_of(report->findings), ElementsAre("blank_text", "temperature_range"));
}

TEST(Lint, leaves_out_rules_that_are_off) {
  const auto report =
      lint(blank_and_hot(), {.model = kModel, .lint_off = {"blank_text", "temperature_range"}});

  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean());
  EXPECT_TRUE(report->findings.empty());
}

TEST(Lint, only_notes_findings_for_an_unknown_model) {
  for (const std::string model : {"", "acme.model-of-tomorrow-v1"}) {
    const auto report = lint(blank_and_hot(), {.model = model});

    ASSERT_TRUE(report);
    EXPECT_FALSE(report->known);
    EXPECT_TRUE(report->clean());
    EXPECT_EQ(report->findings.size(), 2U);
    EXPECT_EQ(report->findings[0].severity, LintSeverity::note);
  }
}

TEST(Lint, finds_what_the_wire_format_cannot_carry) {
  const ChatRequest audio = asking({AudioContent{.source = "x", .format = "mp3"}});

  const auto natively = lint(audio, {.model = kModel});
  const auto off = lint(audio, {.model = kModel, .lint_off = {"cannot_encode"}});

  ASSERT_TRUE(natively && off);
  EXPECT_THAT(rules_of(natively->findings), ElementsAre("cannot_encode"));
  EXPECT_THAT(natively->findings[0].message, HasSubstr("messages[0].content[0]"));
  EXPECT_TRUE(off->findings.empty());
}

TEST(Lint, checks_the_wire_format_that_is_used) {
  const ChatRequest document =
      asking({DocumentContent{.source = "a", .media_type = "text/plain", .name = "a.txt"},
              TextContent{"What is it?"}});

  EXPECT_TRUE(lint(document, {.model = kModel})->clean());
  EXPECT_FALSE(lint(document, {.model = kModel, .api = Api::converse})->clean());
}

TEST(Lint, refuses_an_unknown_rule_and_an_invalid_model_id) {
  const auto rule = lint({}, {.lint_off = {"no_such_rule"}});
  const auto model = lint({}, {.model = ".."});

  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(rule.error().message, HasSubstr("\"no_such_rule\""));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::configuration_error);
}

TEST(Repair, changes_what_is_safe_and_reports_the_rest) {
  ChatRequest request = blank_and_hot();

  const auto report = repair(request, {.model = kModel});

  ASSERT_TRUE(report);
  EXPECT_EQ(request.temperature, 1.0);
  EXPECT_EQ(request.messages, blank_and_hot().messages);
  EXPECT_THAT(rules_of(report->changes), ElementsAre("temperature_range"));
  EXPECT_EQ(report->changes[0].position, "temperature");
  EXPECT_THAT(rules_of(report->findings), ElementsAre("blank_text"));
}

TEST(Repair, changes_nothing_for_an_unknown_model) {
  ChatRequest request = blank_and_hot();

  const auto report = repair(request, {.model = "acme.model-of-tomorrow-v1"});

  ASSERT_TRUE(report);
  EXPECT_EQ(request.temperature, 1.5);
  EXPECT_TRUE(report->changes.empty());
}

TEST(Repair, reports_positions_in_the_original_request) {
  const CachePoint point{};
  const TextContent text{"a"};
  ChatRequest request =
      asking({text, point, text, point, text, point, text, point, text, point, text, point});

  const auto changes = linter::repair(request, kToClaude, {});

  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].position, "messages[0].content[1]");
  EXPECT_EQ(changes[1].position, "messages[0].content[3]");
  EXPECT_EQ(request.messages[0].content.size(), 10U);
}

TEST(Repair, makes_the_report_that_the_docs_show) {
  ChatRequest request{.messages = {Message::assistant("a"), Message::user("b")}};
  request.temperature = 0.5;
  request.top_p = 0.5;

  const auto report = repair(request, {.model = kModel});

  ASSERT_TRUE(report);
  EXPECT_EQ(to_json(*report), test_support::minified(test_support::example_under("Lint report")));
}

TEST(Pass, lists_each_finding_in_the_error_but_nothing_of_the_prompt) {
  ChatRequest request = asking({DocumentContent{.source = "a", .name = "secret?.txt"}});

  const auto passed = linter::pass(request, kToClaudeByConverse, Lint::refuse, {});

  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, ErrorCode::invalid_request_error);
  EXPECT_EQ(passed.error().message,
            "The request was not sent because Bedrock would refuse it. messages[0].content[0]: The "
            "document name is not 1 to 200 letters, digits, hyphens, brackets and single spaces "
            "(document_name). messages[0].content[0]: The document has no text in the same message "
            "(document_text).");
  EXPECT_EQ(passed.error().advice,
            "Rename the document. Add text to the message that says what the document is for. Or "
            "set lint to \"repair\" (--lint repair) to repair what can be repaired. To disable a "
            "rule, add it to lint_off (--lint-off).");
}

TEST(Pass, does_not_copy_a_request_that_needs_no_repair) {
  const ChatRequest request = asking({TextContent{"a"}});

  const auto passed = linter::pass(request, kToClaude, Lint::repair, {});

  ASSERT_TRUE(passed);
  EXPECT_FALSE(passed->repaired);
  EXPECT_TRUE(passed->warnings.empty());
}

TEST(Pass, shows_five_findings_and_counts_the_rest) {
  ChatRequest request = asking({TextContent{"a"}});
  for (int index = 0; index < 8; ++index) request.tools.push_back({.name = "bad name"});
  const std::vector<std::string> off{"tool_names_unique"};

  const auto passed = linter::pass(request, kToClaude, Lint::refuse, off);

  ASSERT_FALSE(passed);
  EXPECT_THAT(passed.error().message, HasSubstr("tools[4]"));
  EXPECT_THAT(passed.error().message, ::testing::Not(HasSubstr("tools[5]")));
  EXPECT_THAT(passed.error().message, ::testing::EndsWith(" And 3 more."));
  EXPECT_THAT(passed.error().advice, ::testing::Not(HasSubstr("--lint repair")));
}

TEST(Pass, arranges_the_request_once_for_rules_and_codec) {
  const ChatRequest request = asking({TextContent{"a"}});

  for (const Lint level : {Lint::off, Lint::refuse, Lint::repair}) {
    const auto passed = linter::pass(request, kToClaude, level, {});

    ASSERT_TRUE(passed);
    EXPECT_EQ(passed->conversation.turns[0].blocks[0].content, &request.messages[0].content[0]);
  }
}

TEST(Pass, repairs_once_what_two_rules_find) {
  ChatRequest request = asking({TextContent{"a"}});
  request.max_tokens = 4096;
  request.reasoning = Reasoning{.budget_tokens = 2048};
  request.temperature = 20.5;
  request.top_p = -1;

  const auto passed = linter::pass(request, kToClaude, Lint::repair, {});

  ASSERT_TRUE(passed && passed->repaired);
  EXPECT_FALSE(passed->repaired->temperature);
  EXPECT_FALSE(passed->repaired->top_p);
  ASSERT_EQ(passed->warnings.size(), 2U);
  EXPECT_EQ(passed->warnings[0].message,
            "temperature: The temperature was left out because Claude reasons.");
  EXPECT_EQ(passed->warnings[1].message, "top_p: The top_p was left out because Claude reasons.");
}

TEST(Pass, arranges_the_repaired_request_and_may_be_moved) {
  const ChatRequest request = asking({TextContent{"a"}, TextContent{""}, CachePoint{"1h"}});
  ModelFacts facts = *kToClaude.facts;
  facts.prompt_caching = Support::no;

  auto passed = linter::pass(request, {.facts = &facts}, Lint::repair, {});
  ASSERT_TRUE(passed && passed->repaired);
  const linter::Passed moved = *std::move(passed);

  ASSERT_EQ(moved.conversation.turns[0].blocks.size(), 1U);
  EXPECT_EQ(moved.conversation.turns[0].blocks[0].content, &moved.repaired->messages[0].content[0]);
  ASSERT_EQ(moved.warnings.size(), 1U);
  EXPECT_EQ(moved.warnings[0].message,
            "messages[0].content[2]: The cache point was removed because this model does not "
            "support prompt caching.");
}

TEST(Pass, checks_nothing_when_off) {
  EXPECT_TRUE(linter::pass(blank_and_hot(), kToClaude, Lint::off, {}));
  EXPECT_FALSE(linter::pass(blank_and_hot(), kToClaude, Lint::refuse, {}));
  EXPECT_FALSE(linter::pass(blank_and_hot(), kToClaude, Lint::repair, {}));
}

}  // namespace
}  // namespace llm::bedrock
