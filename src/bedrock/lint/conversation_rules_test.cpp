// Roles, texts, and calls of tools with their results.
#include "bedrock/lint/lint_test_support.hpp"

namespace llm::bedrock::testing {
namespace {

constexpr ModelFacts kNoSystem{.base_id = "vendor.no-system", .quirks = {.no_system = true}};
constexpr ModelFacts kNoPrefill{.base_id = "anthropic.claude-new",
                                .wire_format = WireFormat::claude_messages,
                                .takes = {.prefill = Support::no}};

const ToolCallContent kOfService{.id = "s", .name = "search", .type = "server_tool_use"};

const Message kAddsTool{Role::system, {ToolAdditionContent{.tool = {.name = "look"}}}};

ToolCallContent call(std::string id, std::string name = "look") {
  return {.id = std::move(id), .name = std::move(name)};
}

Message calling(std::string id) { return {Role::assistant, {call(std::move(id))}}; }

TEST(FirstMessageRole, is_the_users) {
  expect_rule("first_message_role",
              "A conversation must start with a user message. Try again with a conversation that "
              "starts with a user message.",
              {{.what = "user first", .request = asking({TextContent{"a"}})},
               {.what = "a change of the tools first",
                .request = {.messages = {kAddsTool, Message::user("a")}}},
               {.what = "assistant after system",
                .request = {.messages = {Message::system("s"), Message::assistant("a")}},
                .positions = {"messages[1].content[0]"}}});
}

TEST(LastMessageRole, is_the_users_for_a_model_without_prefill) {
  const ChatRequest prefilled{.messages = {Message::user("a"), Message::assistant("b")}};

  expect_rule("last_message_role",
              "This model does not support assistant message prefill. The conversation must end "
              "with a user message.",
              {{.what = "a model that takes it", .request = prefilled},
               {.what = "a model that does not",
                .request = prefilled,
                .positions = {"messages[1].content[0]"},
                .target = {.facts = &kNoPrefill}},
               {.what = "a paused turn",
                .request = {.messages = {Message::user("a"), {Role::assistant, {kOfService}}}},
                .target = {.facts = &kNoPrefill}},
               {.what = "a change of the tools last",
                .request = {.messages = {Message::user("a"), kAddsTool}},
                .target = {.facts = &kNoPrefill}},
               {.what = "user last",
                .request = asking({TextContent{"a"}}),
                .target = {.facts = &kNoPrefill}}});
}

TEST(SystemMessages, go_to_models_that_take_them) {
  const ChatRequest request{.messages = {Message::system("s"), Message::user("a")}};
  const ChatRequest changing{.messages = {Message::system("s"), Message::user("a"), kAddsTool}};

  expect_rule("system_messages",
              "This model doesn't support system messages. Try again without a system message or "
              "use a model that supports system messages.",
              {{.what = "a model that takes them", .request = request},
               {.what = "a model that does not",
                .request = request,
                .positions = {"messages[0].content[0]"},
                .repaired = R"("messages":[{"role":"user","content":[{"type":"text","text":"s"},)",
                .target = {.facts = &kNoSystem}},
               {.what = "a change of the tools stays",
                .request = changing,
                .positions = {"messages[0].content[0]"},
                .repaired = R"({"type":"text","text":"a"}],"tool_calls":[]},{"role":"system",)",
                .target = {.facts = &kNoSystem}},
               {.what = "a native codec folds them itself",
                .request = request,
                .target = {.facts = &kNoSystem, .by_converse = false}}});
}

TEST(BlankText, is_refused_in_a_turn_without_other_text) {
  const ToolResultContent result{.tool_call_id = "1", .content = {TextContent{""}}};

  expect_rule(
      "blank_text",
      "The text field in the ContentBlock object at messages.N.content.N is blank. Add text to the "
      "text field, and try again.",
      {{.what = "alone",
        .request = asking({TextContent{" \n"}}),
        .positions = {"messages[0].content[0]"}},
       {.what = "ideographic space",
        .request = asking({TextContent{"\u3000"}}),
        .positions = {"messages[0].content[0]"}},
       {.what = "beside other text", .request = asking({TextContent{"a"}, TextContent{" "}})},
       {.what = "beside a result",
        .request = {.messages = {Message::user("a"),
                                 calling("1"),
                                 {Role::tool, {result}},
                                 Message::user("\t")}},
        .positions = {"messages[3].content[0]"},
        .repaired = R"("status":null,"content":[{"type":"text","text":""}],"tool_type":null}],)"
                    R"("tool_calls":[]}],"max_tokens")"}});
}

TEST(TrailingSpace, is_refused_at_the_end_of_a_prefill) {
  expect_rule(
      "trailing_space", "messages: final assistant content cannot end with trailing whitespace",
      {{.what = "space",
        .request = {.messages = {Message::user("a"), Message::assistant("{ \n")}},
        .positions = {"messages[1].content[0]"},
        .repaired = R"("text":"{"})"},
       {.what = "none", .request = {.messages = {Message::user("a"), Message::assistant("{")}}},
       {.what = "in the middle",
        .request = {.messages = {Message::user("a"), Message::assistant("b "),
                                 Message::user("c")}}},
       {.what = "another model",
        .request = {.messages = {Message::user("a"), Message::assistant("b ")}},
        .target = kToOther}});
}

TEST(ToolResultMissing, is_found_at_each_call_without_a_result) {
  expect_rule(
      "tool_result_missing",
      "Expected toolResult blocks at messages.N.content for the following Ids: N",
      {{.what = "answered",
        .request = {.messages = {Message::user("a"), calling("1"), Message::tool_result("1", "")}}},
       {.what = "interrupted",
        .request = {.messages = {Message::user("a"), calling("1"), Message::user("go on")}},
        .positions = {"messages[1].content[0]"}},
       {.what = "one of two",
        .request = {.messages = {Message::user("a"),
                                 {Role::assistant, {call("1"), call("2")}},
                                 Message::tool_result("1", "")}},
        .positions = {"messages[1].content[1]"}},
       {.what = "at the end",
        .request = {.messages = {Message::user("a"), calling("1")}},
        .positions = {"messages[1].content[0]"}},
       {.what = "two messages of results",
        .request = {.messages = {Message::user("a"),
                                 {Role::assistant, {call("1"), call("2")}},
                                 Message::tool_result("1", ""),
                                 Message::tool_result("2", "")}}},
       {.what = "the service's own",
        .request = {.messages = {Message::user("a"),
                                 {Role::assistant, {kOfService}},
                                 Message::user("b")}}}});
}

TEST(ToolResultUnasked, is_found_at_a_result_without_a_call) {
  expect_rule(
      "tool_result_unasked",
      "The number of toolResult blocks at messages.N.content exceeds the number of toolUse "
      "blocks of previous turn.",
      {{.what = "another id",
        .request = {.messages = {Message::user("a"), calling("1"), Message::tool_result("1", ""),
                                 Message::tool_result("2", "")}},
        .positions = {"messages[3].content[0]"}},
       {.what = "history cut off",
        .request = {.messages = {Message::tool_result("1", ""), Message::user("b")}},
        .positions = {"messages[0].content[0]"}}});
}

TEST(ToolBlockRole, is_the_assistants_for_calls_and_the_users_for_results) {
  const ChatRequest wrong{
      .messages = {{Role::user, {call("1")}}, {Role::assistant, {ToolResultContent{"1"}}}}};

  expect_rule(
      "tool_block_role",
      "The model returned the following errors: messages.N.content.N: `tool_use` blocks "
      "can only be in `assistant` messages",
      {{.what = "wrong",
        .request = wrong,
        .positions = {"messages[0].content[0]", "messages[1].content[0]"}},
       {.what = "the native codec refuses it itself", .request = wrong, .target = kToClaude}});
}

TEST(ToolCallId, is_changed_in_call_and_result) {
  const ChatRequest dotted{.messages = {Message::user("a"), calling("functions.look:0"),
                                        Message::tool_result("functions.look:0", "b")}};
  const std::string longest(64, 'x');
  const ChatRequest long_id{.messages = {Message::user("a"), calling(longest + "|")}};

  expect_rule("tool_call_id",
              "messages.N.content.N.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
              {{.what = "recorded shape of another model, to Claude",
                .request = dotted,
                .positions = {"messages[1].content[0]"},
                .repaired = R"({"type":"tool_result","tool_call_id":"functions_look_0")"},
               {.what = "to a model that takes it", .request = dotted, .target = kToOther},
               {.what = "too long",
                .request = long_id,
                .positions = {"messages[1].content[0]"},
                .repaired = R"("id":")" + longest + "\"",
                .target = kToOther},
               {.what = "taken already",
                .request = {.messages = {Message::user("a"),
                                         {Role::assistant, {call("a_b"), call("a|b")}}}},
                .positions = {"messages[1].content[1]"},
                .repaired = R"("id":"a_b_2")"}});
}

TEST(ToolCallIdsUnique, counts_in_a_message_or_for_claude_in_the_conversation) {
  const ChatRequest in_message{
      .messages = {Message::user("a"), {Role::assistant, {call("1"), call("1")}}}};
  const ChatRequest in_conversation{
      .messages = {Message::user("a"), calling("1"), Message::tool_result("1", ""), calling("1")}};

  expect_rule("tool_call_ids_unique",
              "The toolUse blocks at messages.N.content contain duplicate Ids: N",
              {{.what = "message",
                .request = in_message,
                .positions = {"messages[1].content[1]"},
                .target = kToOther},
               {.what = "conversation", .request = in_conversation, .target = kToOther},
               {.what = "conversation with Claude",
                .request = in_conversation,
                .positions = {"messages[3].content[0]"}}});
}

}  // namespace
}  // namespace llm::bedrock::testing
