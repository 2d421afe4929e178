// Tools, reasoning and structured output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/claude/test_support.hpp"
#include "bedrock/codec/structured_output.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::encode;
using testing::expect_refused;
using testing::has_warning;
using ::testing::HasSubstr;
using testing::kSomeClaude;
using testing::rest_of;

TEST(ClaudeMessagesRequest, writes_the_tool_choice) {
  struct Case {
    ToolChoice choice;
    std::string text;
  };
  using Kind = ToolChoice::Kind;
  const Case cases[] = {
      {{}, ""},
      {{.kind = Kind::automatic}, R"(,"tool_choice":{"type":"auto"})"},
      {{.kind = Kind::any}, R"(,"tool_choice":{"type":"any"})"},
      {{.kind = Kind::one, .name = "f"}, R"(,"tool_choice":{"type":"tool","name":"f"})"},
      {{.kind = Kind::none}, R"(,"tool_choice":{"type":"none"})"},
      {{.parallel_calls = false},
       R"(,"tool_choice":{"type":"auto","disable_parallel_tool_use":true})"},
      {{.kind = Kind::any, .parallel_calls = true},
       R"(,"tool_choice":{"type":"any","disable_parallel_tool_use":false})"},
      {{.kind = Kind::none, .parallel_calls = false}, R"(,"tool_choice":{"type":"none"})"},
  };

  for (const Case& test : cases) {
    ChatRequest request = ask("hi");
    request.tools = {{.name = "f"}};
    request.tool_choice = test.choice;
    EXPECT_EQ(rest_of(request),
              R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],)"
              R"("tools":[{"name":"f","input_schema":{"type":"object"}}])" +
                  test.text);
  }
}

TEST(ClaudeMessagesRequest, refuses_the_services_own_tools) {
  ChatRequest request = ask("x");
  request.tools = {{.name = "nova_code_interpreter", .system = true}};

  expect_refused(request, ErrorCode::unsupported_feature, "Use Converse.");
}

TEST(ClaudeMessagesRequest, writes_the_reasoning_options) {
  ModelFacts adaptive = kSomeClaude;
  adaptive.takes.thinking_budget = Support::no;
  ModelFacts budget = kSomeClaude;
  budget.takes.thinking_adaptive = Support::no;
  ChatRequest request = ask("hi");

  request.reasoning = Reasoning{.budget_tokens = 2000, .effort = "high"};
  EXPECT_THAT(rest_of(request), HasSubstr(R"(,"thinking":{"type":"enabled","budget_tokens":2000},)"
                                          R"("output_config":{"effort":"high"})"));
  expect_refused(request, ErrorCode::unsupported_feature, "effort", adaptive);

  request.reasoning = Reasoning{.effort = "low"};
  EXPECT_THAT(rest_of(request, adaptive),
              HasSubstr(R"(,"thinking":{"type":"adaptive"},"output_config":{"effort":"low"})"));
  EXPECT_THAT(rest_of(request), HasSubstr(R"("thinking":{"type":"adaptive"})"));
  expect_refused(request, ErrorCode::unsupported_feature, "budget_tokens", budget);

  request.reasoning = Reasoning{.enabled = false};
  EXPECT_THAT(rest_of(request), HasSubstr(R"(,"thinking":{"type":"disabled"})"));

  request.reasoning = Reasoning{.budget_tokens = 1023};
  expect_refused(request, ErrorCode::configuration_error, "1024");
}

TEST(ClaudeMessagesRequest, constrains_output_to_a_schema_natively) {
  ModelFacts native = kSomeClaude;
  native.takes.schema_invoke = Support::yes;
  ChatRequest request = ask("hi");
  request.response_format = ResponseFormat{.schema = Json::from_valid_text(R"({"type":"object"})"),
                                           .description = "A person"};

  const auto wire = encode(request, native);

  ASSERT_TRUE(wire);
  EXPECT_THAT(wire->body, HasSubstr(R"(,"output_config":{"format":{"type":"json_schema",)"
                                    R"("schema":{"type":"object"}}}})"));
  EXPECT_EQ(wire->structured_output, "native");
  EXPECT_TRUE(has_warning(wire->warnings, "schema_description_not_sent"));
}

TEST(ClaudeMessagesRequest, constrains_output_to_a_schema_by_a_forced_tool) {
  ChatRequest request = ask("hi");
  request.response_format = ResponseFormat{.schema = Json::from_valid_text(R"({"type":"object"})"),
                                           .description = "A person"};

  const auto alone = encode(request);
  request.tools = {{.name = "f"}};
  const auto beside = encode(request);

  ASSERT_TRUE(alone && beside);
  EXPECT_EQ(alone->structured_output, "tool");
  EXPECT_THAT(alone->body,
              HasSubstr(R"("tools":[{"name":"structured_answer","description":"A person",)"
                        R"("input_schema":{"type":"object"}}],"tool_choice":{"type":"tool",)"
                        R"("name":"structured_answer","disable_parallel_tool_use":true})"));
  EXPECT_THAT(beside->body, HasSubstr(R"("tool_choice":{"type":"any"})"));
}

TEST(ClaudeMessagesRequest, does_not_truncate_a_long_description_of_the_schema) {
  ChatRequest request = ask("hi");
  request.response_format = ResponseFormat{};
  EXPECT_THAT(rest_of(request),
              HasSubstr(R"("description":"Call this tool to give your answer.","input_schema")"));

  const std::string description(200, 'd');
  request.response_format->description = description;

  EXPECT_THAT(rest_of(request), HasSubstr(R"("description":")" + description + R"(",)"));
}

struct WayRow {
  std::string name;
  Takes takes{};
  Reasoning reasoning{.enabled = false};
  bool has_tool = false;
  std::string choice{};   // the member tool_choice, or empty
  std::string warning{};  // its id, or empty
};

class ClaudeSchemaWays : public ::testing::TestWithParam<WayRow> {};

TEST_P(ClaudeSchemaWays, take_what_the_model_takes) {
  const WayRow& row = GetParam();
  ModelFacts facts = kSomeClaude;
  facts.takes = row.takes;
  ChatRequest request = ask("hi");
  request.response_format = ResponseFormat{};
  request.reasoning = row.reasoning;
  if (row.has_tool) request.tools = {{.name = "f"}};

  const auto wire = encode(request, facts);

  ASSERT_TRUE(wire);
  const bool is_asked = row.warning == "structured_output_asked";
  EXPECT_EQ(wire->body.contains("\"tool_choice\""), !row.choice.empty()) << wire->body;
  EXPECT_THAT(wire->body, HasSubstr(row.choice));
  EXPECT_EQ(wire->body.contains(kStructuredOutputInstruction), is_asked);
  EXPECT_EQ(wire->warnings.empty() ? "" : wire->warnings.front().id, row.warning);
  EXPECT_EQ(wire->structured_output, "tool");
}

constexpr Takes kTakesAll{.choice_any = Support::yes, .choice_tool = Support::yes};
constexpr Takes kTakesAny{.choice_any = Support::yes, .choice_tool = Support::no};
constexpr Takes kTakesNone{.choice_any = Support::no, .choice_tool = Support::no};
constexpr Takes kTakesBoth{
    .thinking_forced_tool = Support::yes, .choice_any = Support::yes, .choice_tool = Support::yes};

INSTANTIATE_TEST_SUITE_P(
    Ways, ClaudeSchemaWays,
    ::testing::Values(
        WayRow{.name = "unknown",
               .choice = R"("type":"tool")",
               .warning = "structured_output_unknown"},
        WayRow{.name = "all", .takes = kTakesAll, .choice = R"("type":"tool")"},
        WayRow{.name = "other_tools",
               .takes = kTakesAll,
               .has_tool = true,
               .choice = R"("type":"any")"},
        WayRow{.name = "any", .takes = kTakesAny, .choice = R"("type":"any")"},
        WayRow{.name = "none", .takes = kTakesNone, .warning = "structured_output_asked"},
        WayRow{.name = "thinking",
               .takes = kTakesAll,
               .reasoning = {.budget_tokens = 2000},
               .warning = "structured_output_asked"},
        WayRow{.name = "thinking_beside",
               .takes = kTakesBoth,
               .reasoning = {.budget_tokens = 2000},
               .choice = R"("type":"tool")"}),
    [](const auto& row) { return row.param.name; });

TEST(ClaudeMessagesRequest, sends_the_beta_flag_of_an_effort) {
  ModelFacts facts = kSomeClaude;
  facts.takes.effort_beta = "effort-2025-11-24";
  ChatRequest request = ask("hi");
  request.reasoning = Reasoning{.budget_tokens = 2000, .effort = "low"};

  EXPECT_THAT(rest_of(request, facts), HasSubstr(R"("anthropic_beta":["effort-2025-11-24"])"));
  request.reasoning->effort.clear();
  EXPECT_FALSE(rest_of(request, facts).contains("anthropic_beta"));
}

TEST(ClaudeMessagesRequest, refuses_what_a_forced_tool_excludes) {
  ChatRequest choice = ask("hi");
  choice.response_format = ResponseFormat{};
  choice.tools = {{.name = "f"}};
  choice.tool_choice = {.kind = ToolChoice::Kind::one, .name = "f"};
  ChatRequest reserved = ask("hi");
  reserved.tools = {{.name = "structured_answer"}};

  expect_refused(choice, ErrorCode::unsupported_feature, "tool_choice");
  expect_refused(reserved, ErrorCode::configuration_error, "reserved");
}

}  // namespace
}  // namespace llm::bedrock
