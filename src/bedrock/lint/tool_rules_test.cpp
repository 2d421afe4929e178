// Offered tools, and asking Claude to think.
#include "bedrock/lint/lint_test_support.hpp"

namespace llm::bedrock::testing {
namespace {

using Kind = ToolChoice::Kind;

Json json(std::string text) { return Json::from_valid_text(std::move(text)); }

Tool tool(std::string name, std::string schema = R"({"type":"object"})") {
  return {.name = std::move(name), .parameters = json(std::move(schema))};
}

ChatRequest offering(std::vector<Tool> tools) {
  ChatRequest request = asking({TextContent{"a"}});
  request.tools = std::move(tools);
  return request;
}

ChatRequest thinking(int budget) {
  ChatRequest request = asking({TextContent{"a"}});
  request.reasoning = Reasoning{.budget_tokens = budget};
  return request;
}

TEST(ToolsMissing, is_found_where_the_conversation_has_used_tools) {
  const Message calls{Role::assistant, {ToolCallContent{.id = "1", .name = "look"}}};
  const ChatRequest used{.messages = {Message::user("a"), calls, Message::tool_result("1", "b")}};
  ChatRequest offered = used;
  offered.tools = {tool("look")};

  expect_rule("tools_missing",
              "The toolConfig field must be defined when using toolUse and toolResult content "
              "blocks.",
              {{.what = "used, not offered",
                .request = used,
                .positions = {"tools"},
                .repaired = R"("tools":[{"name":"look",)"},
               {.what = "offered", .request = offered},
               {.what = "never used", .request = asking({TextContent{"a"}})},
               {.what = "natively they may be left out", .request = used, .target = kToClaude},
               {.what = "a result alone names no tool",
                .request = {.messages = {Message::user("a"), Message::tool_result("1", "b")}},
                .positions = {"tools"}}});
}

TEST(ToolName, is_checked_in_tools_and_in_the_conversation) {
  const ChatRequest history{
      .messages = {Message::user("a"),
                   {Role::assistant, {ToolCallContent{.id = "1", .name = "mcp.look"}}}}};

  expect_rule("tool_name", "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
              {{.what = "good", .request = offering({tool("look_up-2")})},
               {.what = "dot and empty",
                .request = offering({tool("a"), tool("mcp.look"), tool("")}),
                .positions = {"tools[1]", "tools[2]"}},
               {.what = "longest", .request = offering({tool(std::string(64, 'a'))})},
               {.what = "too long",
                .request = offering({tool(std::string(65, 'a'))}),
                .positions = {"tools[0]"}},
               {.what = "Claude's native format allows 128",
                .request = offering({tool(std::string(128, 'a'))}),
                .target = kToClaude},
               {.what = "history", .request = history, .positions = {"messages[1].content[0]"}}});
}

TEST(ToolNamesUnique, finds_the_second_of_a_name) {
  expect_rule("tool_names_unique", "tools: Tool names must be unique.",
              {{.what = "twice",
                .request = offering({tool("a"), tool("b"), tool("a")}),
                .positions = {"tools[2]"}},
               {.what = "once", .request = offering({tool("a"), tool("A")})}});
}

TEST(ToolSchemaType, is_object) {
  expect_rule("tool_schema_type",
              "The value at toolConfig.tools.N.toolSpec.inputSchema.json.type must be one of the "
              "following: object.",
              {{.what = "object", .request = offering({tool("a")})},
               {.what = "the service's own", .request = offering({{.name = "a", .system = true}})},
               {.what = "none",
                .request = offering({tool("a", R"({"properties":{"x":{"type":"string"}}})")}),
                .positions = {"tools[0]"},
                .repaired = R"({"type":"object","properties":{"x":{"type":"string"}}})"},
               {.what = "empty",
                .request = offering({tool("a", "{}")}),
                .positions = {"tools[0]"},
                .repaired = R"("parameters":{"type":"object"})"},
               {.what = "another",
                .request = offering({tool("a", R"({"type":"array"})")}),
                .positions = {"tools[0]"}}});
}

TEST(ToolSchemaUnion, is_refused_at_the_top_by_claude_alone) {
  const std::string top = R"({"type":"object","anyOf":[{"required":["a"]}]})";
  const std::string below = R"({"type":"object","properties":{"a":{"anyOf":[]}}})";

  expect_rule("tool_schema_union",
              "The model returned the following errors: tools.N.custom.input_schema: input_schema "
              "does not support oneOf, allOf, or anyOf at the top level",
              {{.what = "top", .request = offering({tool("a", top)}), .positions = {"tools[0]"}},
               {.what = "below", .request = offering({tool("a", below)})},
               {.what = "other", .request = offering({tool("a", top)}), .target = kToOther}});
}

TEST(ToolChoiceName, is_among_the_tools) {
  ChatRequest known = offering({tool("a")});
  known.tool_choice = {.kind = Kind::one, .name = "a"};
  ChatRequest unknown = known;
  unknown.tool_choice.name = "b";

  expect_rule("tool_choice_name", "Tool 'N' not found in provided tools",
              {{.what = "known", .request = known},
               {.what = "unknown", .request = unknown, .positions = {"tool_choice"}}});
}

TEST(ThinkingBudget, is_less_than_max_tokens) {
  ChatRequest equal = thinking(2000);
  equal.max_tokens = 2000;
  ChatRequest more = thinking(2000);
  more.max_tokens = 2001;
  ChatRequest interleaved = equal;
  interleaved.extra_fields = json(R"({"anthropic_beta":["interleaved-thinking-2025-05-14"]})");

  expect_rule("thinking_budget",
              "The model returned the following errors: `max_tokens` must be greater than "
              "`thinking.budget_tokens`.",
              {{.what = "equal", .request = equal, .positions = {"max_tokens"}},
               {.what = "more", .request = more},
               {.what = "unset", .request = thinking(2000)},
               {.what = "interleaved", .request = interleaved},
               {.what = "another model", .request = equal, .target = kToOther}});
}

TEST(ThinkingToolChoice, is_left_to_claude) {
  ChatRequest any = thinking(2000);
  any.tools = {tool("a")};
  any.tool_choice.kind = Kind::any;
  ChatRequest one = any;
  one.tool_choice = {.kind = Kind::one, .name = "a"};
  ChatRequest automatic = any;
  automatic.tool_choice.kind = Kind::automatic;

  expect_rule("thinking_tool_choice",
              "The model returned the following errors: Thinking may not be enabled when "
              "tool_choice forces tool use.",
              {{.what = "any", .request = any, .positions = {"tool_choice"}},
               {.what = "one", .request = one, .positions = {"tool_choice"}},
               {.what = "auto", .request = automatic}});
}

TEST(ThinkingSampling, is_left_alone) {
  ChatRequest request = thinking(2000);
  request.temperature = 0.5;
  request.top_p = 0.9;
  request.top_k = 5;
  ChatRequest allowed = thinking(2000);
  allowed.temperature = 1;
  allowed.top_p = 0.95;

  expect_rule("thinking_sampling", "`temperature` may only be set to 1 when thinking is enabled.",
              {{.what = "all three",
                .request = request,
                .positions = {"temperature", "top_p", "top_k"},
                .repaired = R"("temperature":null,"top_p":null)"},
               {.what = "what is taken", .request = allowed},
               {.what = "another model", .request = request, .target = kToOther}});
}

TEST(ReasoningSignature, is_sent_back_to_claude) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {ReasoningContent{"x", ""}, TextContent{"b"}}},
                   Message::user("c")}};
  ChatRequest is_all = request;
  is_all.messages[1].content.pop_back();
  ChatRequest with_signature = request;
  with_signature.messages[1].content[0] = ReasoningContent{"x", "s"};

  expect_rule("reasoning_signature", "messages.N.content.N.thinking.signature: Field required",
              {{.what = "unsigned",
                .request = request,
                .positions = {"messages[1].content[0]"},
                .repaired = R"("content":[{"type":"text","text":"b"}])"},
               {.what = "nothing else", .request = is_all, .positions = {"messages[1].content[0]"}},
               {.what = "signed", .request = with_signature},
               {.what = "another model", .request = request, .target = kToOther}});
}

TEST(ReasoningSignatureForeign, is_not_for_models_that_do_not_think) {
  constexpr ModelFacts kThoughtless{.base_id = "vendor.plain", .reasoning = Support::no};
  const ChatRequest request{
      .messages = {Message::user("a"), {Role::assistant, {ReasoningContent{"x", "s"}}}}};

  expect_rule("reasoning_signature_foreign",
              "This model doesn't support the reasoningContent.reasoningText.signature field. "
              "Remove reasoningContent.reasoningText.signature and try again.",
              {{.what = "signed",
                .request = request,
                .positions = {"messages[1].content[0]"},
                .repaired = R"("reasoning":"x","signature":null)",
                .target = {.facts = &kThoughtless}},
               {.what = "a model that thinks", .request = request}});
}

}  // namespace
}  // namespace llm::bedrock::testing
