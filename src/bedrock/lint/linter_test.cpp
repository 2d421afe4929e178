#include "bedrock/lint/linter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

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

const std::string kEither = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

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

TEST(LintRules, say_what_the_service_says_and_where_that_is_from) {
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
  const auto report = lint(blank_and_hot(), {.model = kEither});

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->model, kEither);
  EXPECT_TRUE(report->known);
  EXPECT_FALSE(report->clean());
  EXPECT_THAT(rules_of(report->findings), ElementsAre("blank_text", "temperature_range"));
}

TEST(Lint, leaves_out_rules_that_are_off) {
  const auto report =
      lint(blank_and_hot(), {.model = kEither, .lint_off = {"blank_text", "temperature_range"}});

  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean());
  EXPECT_TRUE(report->findings.empty());
}

TEST(Lint, only_notes_what_it_finds_for_a_model_that_nobody_knows) {
  for (const std::string model : {"", "acme.model-of-tomorrow-v1"}) {
    const auto report = lint(blank_and_hot(), {.model = model});

    ASSERT_TRUE(report);
    EXPECT_FALSE(report->known);
    EXPECT_TRUE(report->clean());
    EXPECT_EQ(report->findings.size(), 2U);
    EXPECT_EQ(report->findings[0].severity, LintSeverity::note);
  }
}

TEST(Lint, finds_what_cannot_be_written) {
  const ChatRequest sound = asking({AudioContent{.source = "x", .format = "mp3"}});

  const auto natively = lint(sound, {.model = kEither});
  const auto off = lint(sound, {.model = kEither, .lint_off = {"cannot_encode"}});

  ASSERT_TRUE(natively && off);
  EXPECT_THAT(rules_of(natively->findings), ElementsAre("cannot_encode"));
  EXPECT_THAT(natively->findings[0].message, HasSubstr("messages[0].content[0]"));
  EXPECT_TRUE(off->findings.empty());
}

TEST(Lint, looks_at_the_wire_form_that_is_called) {
  const ChatRequest document =
      asking({DocumentContent{.source = "a", .media_type = "text/plain", .name = "a.txt"},
              TextContent{"What is it?"}});

  EXPECT_TRUE(lint(document, {.model = kEither})->clean());
  EXPECT_FALSE(lint(document, {.model = kEither, .api = Api::converse})->clean());
}

TEST(Lint, refuses_a_rule_or_a_model_id_that_cannot_be) {
  const auto rule = lint({}, {.lint_off = {"no_such_rule"}});
  const auto model = lint({}, {.model = ".."});

  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(rule.error().message, HasSubstr("\"no_such_rule\""));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::configuration_error);
}

TEST(Repair, changes_what_is_safe_and_leaves_the_rest) {
  ChatRequest request = blank_and_hot();

  const auto report = repair(request, {.model = kEither});

  ASSERT_TRUE(report);
  EXPECT_EQ(request.temperature, 1.0);
  EXPECT_EQ(request.messages, blank_and_hot().messages);
  EXPECT_THAT(rules_of(report->changes), ElementsAre("temperature_range"));
  EXPECT_EQ(report->changes[0].position, "temperature");
  EXPECT_THAT(rules_of(report->findings), ElementsAre("blank_text"));
}

TEST(Repair, changes_nothing_for_a_model_that_nobody_knows) {
  ChatRequest request = blank_and_hot();

  const auto report = repair(request, {.model = "acme.model-of-tomorrow-v1"});

  ASSERT_TRUE(report);
  EXPECT_EQ(request.temperature, 1.5);
  EXPECT_TRUE(report->changes.empty());
}

TEST(Repair, names_places_as_they_were_given) {
  const CachePoint point{};
  const TextContent text{"a"};
  ChatRequest request =
      asking({text, point, text, point, text, point, text, point, text, point, text, point});

  const auto changes = linter::mend(request, kToClaude, {});

  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].position, "messages[0].content[1]");
  EXPECT_EQ(changes[1].position, "messages[0].content[3]");
  EXPECT_EQ(request.messages[0].content.size(), 10U);
}

TEST(Repair, gives_a_report_as_the_page_shows_it) {
  ChatRequest request{.messages = {Message::assistant("a"), Message::user("b")}};
  request.temperature = 0.5;
  request.top_p = 0.5;

  const auto report = repair(request, {.model = kEither});

  ASSERT_TRUE(report);
  EXPECT_EQ(to_json(*report), test_support::minified(test_support::example_under("Lint report")));
}

TEST(Pass, lists_each_finding_in_the_error_but_nothing_of_the_prompt) {
  ChatRequest request = asking({DocumentContent{.source = "a", .name = "secret?.txt"}});

  const auto passed = linter::pass(request, kToClaudeByConverse, Lint::refuse, {});

  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, ErrorCode::invalid_request_error);
  EXPECT_THAT(passed.error().message, HasSubstr("(document_name)"));
  EXPECT_THAT(passed.error().message, HasSubstr("(document_text)"));
  EXPECT_THAT(passed.error().message, ::testing::Not(HasSubstr("secret")));
}

TEST(Pass, does_not_copy_a_request_that_needs_no_repair) {
  const ChatRequest request = asking({TextContent{"a"}});

  const auto passed = linter::pass(request, kToClaude, Lint::repair, {});

  ASSERT_TRUE(passed);
  EXPECT_FALSE(passed->repaired);
  EXPECT_TRUE(passed->warnings.empty());
}

TEST(Pass, looks_at_nothing_when_off) {
  EXPECT_TRUE(linter::pass(blank_and_hot(), kToClaude, Lint::off, {}));
  EXPECT_FALSE(linter::pass(blank_and_hot(), kToClaude, Lint::refuse, {}));
  EXPECT_FALSE(linter::pass(blank_and_hot(), kToClaude, Lint::repair, {}));
}

}  // namespace
}  // namespace llm::bedrock
