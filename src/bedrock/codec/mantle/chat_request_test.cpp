#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::has_warning;
using ::testing::HasSubstr;

constexpr ModelFacts kSomeModel{.base_id = "acme.chat-1",
                                .tools = Support::yes,
                                .vision = Support::yes,
                                .reasoning = Support::yes};
// An image of the smallest kind: the signature and the size (1 x 1) of a GIF.
const std::string kGif("GIF89a\x01\0\x01\0\0\0\0;", 14);

Result<WireRequest> encode_chat(const ChatRequest& request, Delivery delivery = Delivery::buffered,
                                const ModelFacts& facts = kSomeModel) {
  return testing::encode(chat_completions_codec(), request, testing::model_with(facts), delivery);
}

Json json(std::string text) { return Json::from_valid_text(std::move(text)); }

struct BodyRow {
  std::string name;
  ChatRequest request;
  std::string rest;  ///< The body after the model.
};

void PrintTo(const BodyRow& row, std::ostream* out) { *out << row.name; }

ChatRequest with(ChatRequest request, const std::function<void(ChatRequest&)>& change) {
  change(request);
  return request;
}

const std::string kHi = R"("messages":[{"role":"user","content":"Hi"}])";

std::vector<BodyRow> bodies() {
  const Tool weather{.name = "get_weather",
                     .description = "d",
                     .parameters = json(R"({"type":"object"})"),
                     .strict = true};
  const auto choice = [&](ToolChoice value) {
    return with(ask("Hi"), [&](ChatRequest& r) {
      r.tools = {{.name = "f"}};
      r.tool_choice = std::move(value);
    });
  };
  const std::string tool =
      R"(,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";
  return {
      {"text", ask("Hi"), kHi},
      {"system",
       {.messages = {Message::system("Be brief."), Message::user("Hi")}},
       R"("messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}])"},
      {"conversation",
       {.messages = {Message::user("a"), Message::assistant("b"), Message::user("c")}},
       R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},)"
       R"({"role":"user","content":"c"}])"},
      {"image",
       {.messages = {{Role::user, {TextContent{"What?"}, ImageContent{.source = kGif}}}}},
       R"("messages":[{"role":"user","content":[{"type":"text","text":"What?"},)"
       R"({"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlhAQABAAAAADs="}}]}])"},
      {"tool_turn",
       {.messages = {Message::user("Hi"),
                     {Role::assistant,
                      {ToolCallContent{.id = "c1", .name = "f", .arguments = json(R"({"a":1})")},
                       ToolCallContent{.id = "c2", .name = "g"}}},
                     {Role::tool,
                      {ToolResultContent{.tool_call_id = "c1", .content = {TextContent{"x"}}},
                       ToolResultContent{.tool_call_id = "c2", .content = {json(R"({"y":2})")}}}},
                     Message::user("And?")}},
       R"("messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,)"
       R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},)"
       R"({"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},)"
       R"({"role":"tool","tool_call_id":"c1","content":"x"},)"
       R"({"role":"tool","tool_call_id":"c2","content":"{\"y\":2}"},)"
       R"({"role":"user","content":[{"type":"text","text":"And?"}]}])"},
      {"tools", with(ask("Hi"), [&](ChatRequest& r) { r.tools = {weather}; }),
       kHi + R"(,"tools":[{"type":"function","function":{"name":"get_weather","description":"d",)"
             R"("parameters":{"type":"object"},"strict":true}}])"},
      {"choice_auto", choice({.kind = ToolChoice::Kind::automatic}),
       kHi + tool + R"(,"tool_choice":"auto")"},
      {"choice_any", choice({.kind = ToolChoice::Kind::any, .parallel_calls = false}),
       kHi + tool + R"(,"parallel_tool_calls":false,"tool_choice":"required")"},
      {"choice_none", choice({.kind = ToolChoice::Kind::none}),
       kHi + tool + R"(,"tool_choice":"none")"},
      {"choice_one", choice({.kind = ToolChoice::Kind::one, .name = "f"}),
       kHi + tool + R"(,"tool_choice":{"type":"function","function":{"name":"f"}})"},
      {"sampling",
       with(ask("Hi"),
            [](ChatRequest& r) {
              r.max_tokens = 7;
              r.temperature = 0.5;
              r.top_p = 0.25;
              r.stop_sequences = {"END"};
            }),
       kHi + R"(,"max_completion_tokens":7,"temperature":0.5,"top_p":0.25,"stop":["END"])"},
      {"response_format",
       with(ask("Hi"),
            [](ChatRequest& r) { r.response_format = {.schema = json(R"({"type":"object"})")}; }),
       kHi + R"(,"response_format":{"type":"json_schema","json_schema":{"name":"answer",)"
             R"("schema":{"type":"object"},"strict":true}})"},
      {"effort", with(ask("Hi"), [](ChatRequest& r) { r.reasoning = Reasoning{.effort = "high"}; }),
       kHi + R"(,"reasoning_effort":"high")"},
      {"reasoning_off",
       with(ask("Hi"), [](ChatRequest& r) { r.reasoning = Reasoning{.enabled = false}; }),
       kHi + R"(,"reasoning_effort":"none")"},
      {"metadata_and_tier",
       with(ask("Hi"),
            [](ChatRequest& r) {
              r.metadata = {{"team", "a"}};
              r.service_tier = "flex";
            }),
       kHi + R"(,"metadata":{"team":"a"},"service_tier":"flex")"},
      {"extra_fields",
       with(ask("Hi"), [](ChatRequest& r) { r.extra_fields = json(R"({"seed":4})"); }),
       kHi + R"(,"seed":4)"},
  };
}

class ChatCompletionsBody : public ::testing::TestWithParam<BodyRow> {};

TEST_P(ChatCompletionsBody, carries_the_request) {
  const auto wire = encode_chat(GetParam().request);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(wire->operation, Operation::chat_completions);
  EXPECT_EQ(wire->body, R"({"model":"acme.chat-1",)" + GetParam().rest + "}");
}

INSTANTIATE_TEST_SUITE_P(Rows, ChatCompletionsBody, ::testing::ValuesIn(bodies()),
                         [](const auto& row) { return row.param.name; });

TEST(ChatCompletionsRequest, asks_for_a_stream_with_its_usage) {
  const auto wire = encode_chat(ask("Hi"), Delivery::streaming);

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body, R"({"model":"acme.chat-1","stream":true,)" + kHi +
                            R"(,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(wire->headers.at(1).value, "text/event-stream");
}

TEST(ChatCompletionsRequest, names_the_project_in_a_header) {
  ChatRequest request = ask("Hi");
  request.project = "proj_1";

  const auto wire = encode_chat(request);

  ASSERT_TRUE(wire);
  ASSERT_EQ(wire->headers.size(), 3U);
  EXPECT_EQ(wire->headers.at(2).name, "OpenAI-Project");
  EXPECT_EQ(wire->headers.at(2).value, "proj_1");
}

TEST(ChatCompletionsRequest, leaves_out_with_a_warning_what_the_model_need_not_read) {
  const ChatRequest request{
      .messages = {Message::user("Hi"),
                   {Role::assistant, {ReasoningContent{.text = "Hm."}, TextContent{"b"}}},
                   Message::tool_result("c1", "failed", ToolStatus::error)}};

  const auto wire = encode_chat(request);

  ASSERT_TRUE(wire);
  EXPECT_THAT(wire->body, ::testing::Not(HasSubstr("Hm.")));
  EXPECT_TRUE(has_warning(wire->warnings, "reasoning_not_sent"));
  EXPECT_TRUE(has_warning(wire->warnings, "tool_status_not_sent"));
}

struct RefusedRow {
  std::string name;
  ChatRequest request;
  std::string part;  ///< Of the message.
};

void PrintTo(const RefusedRow& row, std::ostream* out) { *out << row.name; }

std::vector<RefusedRow> refused() {
  const auto block = [](Content content) {
    return ChatRequest{.messages = {{Role::user, {std::move(content)}}}};
  };
  const auto option = [](const std::function<void(ChatRequest&)>& change) {
    return with(ask("Hi"), change);
  };
  return {
      {"document", block(DocumentContent{.source = "x", .media_type = "text/plain", .name = "n"}),
       "messages[0].content[0]"},
      {"cited_text", block(CitationsContent{.text = "x", .citations = {json("{}")}}),
       "messages[0].content[0]"},
      {"image_in_a_result",
       block(ToolResultContent{.tool_call_id = "c", .content = {ImageContent{.source = kGif}}}),
       "tool results"},
      {"budget", option([](ChatRequest& r) { r.reasoning = Reasoning{.budget_tokens = 2000}; }),
       "no reasoning budget"},
      {"top_k", option([](ChatRequest& r) { r.top_k = 5; }), "no top_k"},
      {"guardrail", option([](ChatRequest& r) { r.guardrail = Guardrail{"g", "1", "", ""}; }),
       "no guardrails"},
      {"latency", option([](ChatRequest& r) { r.latency = "optimized"; }), "no latency"},
      {"pointers", option([](ChatRequest& r) { r.extra_response_fields = {"/a"}; }),
       "no extra_response_fields"},
      {"prompt_variables", option([](ChatRequest& r) { r.prompt_variables = {{"a", "b"}}; }),
       "no prompt variables"},
      {"own_tools", option([](ChatRequest& r) {
         r.tools = {{.name = "nova_code_interpreter", .system = true}};
       }),
       "service's own tools"},
  };
}

class ChatCompletionsRefusal : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(ChatCompletionsRefusal, names_what_the_format_cannot_carry) {
  const auto wire = encode_chat(GetParam().request);

  ASSERT_FALSE(wire) << wire->body;
  EXPECT_EQ(wire.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(wire.error().message, HasSubstr(GetParam().part));
  EXPECT_THAT(wire.error().message, HasSubstr("acme.chat-1"));
}

INSTANTIATE_TEST_SUITE_P(Rows, ChatCompletionsRefusal, ::testing::ValuesIn(refused()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace llm::bedrock
