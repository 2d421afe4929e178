#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// One red pixel.
constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg==";

/// A body with `messages` and more members; `more` begins with a comma.
std::string body(std::string_view messages, std::string_view more = "") {
  return R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":200,"messages":[)" +
         std::string(messages) + "]" + std::string(more) + "}";
}

std::string user(std::string_view content) {
  return R"({"role":"user","content":)" + std::string(content) + "}";
}
std::string assistant(std::string_view content) {
  return R"({"role":"assistant","content":)" + std::string(content) + "}";
}

constexpr std::string_view kTools =
    R"(,"tools":[{"name":"get_weather","input_schema":{"type":"object","required":["city"],)"
    R"("properties":{"city":{"type":"string"}}}}])";
constexpr std::string_view kCall =
    R"([{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}])";

std::string image(std::string_view media_type, std::string_view data) {
  return user(R"([{"type":"image","source":{"type":"base64","media_type":")" +
              std::string(media_type) + R"(","data":")" + std::string(data) + R"("}}])");
}

TEST(ClaudeMessages, replies_in_the_recorded_shape) {
  const Reply reply = test::invoke(test::kHaiku, body(user("\"Why?\"")));

  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, StartsWith(R"({"id":"msg_bdrk_01)"));
  EXPECT_THAT(
      reply.body,
      HasSubstr(R"(","type":"message","role":"assistant","model":"claude-3-haiku-20240307",)"
                R"("content":[{"type":"text","text":"This is the local Bedrock)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(,"stop_reason":"end_turn","stop_sequence":null,"usage":)"
                                    R"({"input_tokens":)"));
  EXPECT_EQ(Document(reply.body)["id"].string()->size(), 33U);
}

TEST(ClaudeMessages, streams_the_text_of_a_buffered_response) {
  const std::string request = body(user("\"Why?\""));

  const Document buffered(test::invoke(test::kHaiku, request).body);
  const std::vector<std::string> natives =
      test::natives_of(test::invoke_stream(test::kHaiku, request));

  ASSERT_GT(natives.size(), 6U);
  std::string text;
  for (const std::string& native : natives) {
    text += Document(native)["delta"]["text"].text_or_empty();
  }
  EXPECT_EQ(text, test::element(buffered["content"], 0)["text"].text_or_empty());
  EXPECT_THAT(natives[0], StartsWith(R"({"type":"message_start","message":{"id":"msg_bdrk_01)"));
  EXPECT_THAT(natives[0], HasSubstr(R"(,"content":[],"stop_reason":null,"stop_sequence":null,)"
                                    R"("usage":{"input_tokens":)"));
  EXPECT_EQ(
      natives[1],
      R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})");
  EXPECT_EQ(natives[natives.size() - 3], R"({"type":"content_block_stop","index":0})");
  EXPECT_THAT(natives[natives.size() - 2],
              StartsWith(R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
                         R"("stop_sequence":null},"usage":{"output_tokens":)"));
  EXPECT_THAT(
      natives.back(),
      StartsWith(
          R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":)"));
}

TEST(ClaudeMessages, streams_tool_arguments_in_fragments) {
  const std::vector<std::string> natives =
      test::natives_of(test::invoke_stream(test::kHaiku, body(user("\"get_weather\""), kTools)));

  std::string arguments;
  std::vector<std::string> fragments;
  for (const std::string& native : natives) {
    const Document event(native);
    if (event["index"].integer() != 1 || !event["delta"]["partial_json"].exists()) continue;
    fragments.push_back(event["delta"]["partial_json"].text_or_empty());
    arguments += fragments.back();
  }
  EXPECT_EQ(arguments, R"({"city":"city"})");
  ASSERT_GT(fragments.size(), 2U);
  EXPECT_EQ(fragments[0], "");
  EXPECT_THAT(natives, ::testing::Contains(
                           HasSubstr(R"("content_block":{"type":"tool_use","id":"toolu_bdrk_01)")));
  EXPECT_THAT(natives[natives.size() - 2], HasSubstr(R"("stop_reason":"tool_use")"));
}

TEST(ClaudeMessages, reasons_before_the_text_on_request) {
  constexpr std::string_view kThinker = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
  const std::string request =
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":2000,"messages":[{"role":"user",)"
      R"("content":"x"}],"thinking":{"type":"enabled","budget_tokens":1024}})";

  const Document buffered(test::invoke(kThinker, request).body);
  const std::vector<std::string> natives = test::natives_of(test::invoke_stream(kThinker, request));

  const json::Value thought = test::element(buffered["content"], 0);
  EXPECT_EQ(thought["type"].string(), "thinking");
  EXPECT_EQ(test::element(buffered["content"], 1)["type"].string(), "text");
  EXPECT_EQ(natives[1], R"({"type":"content_block_start","index":0,"content_block":)"
                        R"({"type":"thinking","thinking":"","signature":""}})");
  std::string text;
  std::string signature;
  for (const std::string& native : natives) {
    const Document event(native);
    if (event["index"].integer() != 0) continue;
    text += event["delta"]["thinking"].text_or_empty();
    signature += event["delta"]["signature"].text_or_empty();
  }
  EXPECT_EQ(text, thought["thinking"].text_or_empty());
  EXPECT_FALSE(signature.empty());
  EXPECT_EQ(signature, thought["signature"].text_or_empty());
  EXPECT_THAT(natives, ::testing::Contains(
                           StartsWith(R"({"type":"content_block_start","index":1,"content_block":)"
                                      R"({"type":"text")")));
}

TEST(ClaudeMessages, have_tool_calls_with_valid_ids) {
  const auto message = [](std::string_view call, std::string_view result) {
    return test::message_of(test::invoke(
        test::kHaiku,
        R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"tools":[{"name":"t",)"
        R"("input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"x"},)"
        R"({"role":"assistant","content":[{"type":"tool_use","id":")" +
            std::string(call) +
            R"(","name":"t","input":{}}]},{"role":"user","content":[{"type":"tool_result",)"
            R"("tool_use_id":")" +
            std::string(result) + R"(","content":"y"}]}]})"));
  };
  const std::string pattern = ": String should match pattern '^[a-zA-Z0-9_-]+$'";

  EXPECT_EQ(message("a.b", "a.b"), "messages.1.content.0.tool_use.id" + pattern);
  EXPECT_EQ(message("", ""), "messages.1.content.0.tool_use.id" + pattern);
  EXPECT_EQ(message("a", "a:b"), "messages.2.content.0.tool_result.tool_use_id" + pattern);
}

TEST(ClaudeMessages, obeys_max_tokens_and_stop_sequences) {
  const Document cut(test::invoke(test::kHaiku,
                                  R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":7,)"
                                  R"("messages":[{"role":"user","content":"x"}]})")
                         .body);
  const Document stopped(
      test::invoke(test::kHaiku, body(user("\"x\""), R"(,"stop_sequences":["local"])")).body);

  EXPECT_EQ(cut["stop_reason"].string(), "max_tokens");
  EXPECT_EQ(cut["usage"]["output_tokens"].integer(), 7);
  EXPECT_EQ(stopped["stop_reason"].string(), "stop_sequence");
  EXPECT_EQ(stopped["stop_sequence"].string(), "local");
  EXPECT_EQ(test::element(stopped["content"], 0)["text"].string(), "This is the ");
}

TEST(ClaudeMessages, describes_images_and_tool_results) {
  const Reply picture = test::invoke(test::kHaiku, body(image("image/png", kPng)));
  const Reply result = test::invoke(
      test::kHaiku,
      body(user("\"weather?\"") + "," + assistant(kCall) + "," +
               user(R"([{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text",)"
                    R"("text":"50 degrees"}]}])"),
           kTools));

  EXPECT_THAT(picture.body, HasSubstr("image/png, 70 bytes, 1 x 1 pixels"));
  EXPECT_THAT(result.body, HasSubstr(R"(The tool get_weather replied: \"50 degrees\")"));
}

TEST(ClaudeMessages, accepts_everything_that_bedrock_documents) {
  const std::vector<std::string> bodies{
      body(user("\"x\""), R"(,"system":"s","temperature":1,"top_p":0.5,"top_k":500)"),
      body(user("\"x\""), R"(,"system":[{"type":"text","text":"s"}],"metadata":{"user_id":"u"})"),
      body(user("\"x\""), R"(,"anthropic_beta":["computer-use-2025-01-24"],"stop_sequences":[])"),
      body(user("\"x\"") + "," + assistant("\"prefill\"")),
      body(user(R"([{"type":"document","source":{"type":"text","media_type":"text/plain",)"
                R"("data":"x"}}])")),
      body(user("\"x\""), std::string(kTools) + R"(,"tool_choice":{"type":"any"})"),
  };
  for (const std::string& each : bodies) {
    EXPECT_EQ(test::invoke(test::kHaiku, each).status, 200) << each;
  }
}

TEST(ClaudeMessages, takes_system_messages_where_the_model_does) {
  const std::string request = body(user("\"One\"") + R"(,{"role":"system","content":"Two"})");

  EXPECT_THAT(test::invoke("us.anthropic.claude-opus-4-8", request).body,
              HasSubstr(R"(You asked: \"One\")"));
}

std::vector<test::RefusalRow> body_refusals() {
  return {
      {"empty_object", "{}",
       "Malformed input request: #: required key [anthropic_version] not found#: required key "
       "[max_tokens] not found#: required key [messages] not found, please reformat your input and "
       "try again."},
      {"not_json", "{", "Malformed input request, please reformat your input and try again."},
      {"unknown_members", body(user("\"x\""), R"(,"model":"m","stream":true)"),
       "Malformed input request: #: extraneous key [model] is not permitted#: extraneous key "
       "[stream] is not permitted, please reformat your input and try again."},
      {"null_temperature", body(user("\"x\""), R"(,"temperature":null)"),
       "Malformed input request: #/temperature: expected type: Number, found: Null, please "
       "reformat your input and try again."},
      {"large_temperature", body(user("\"x\""), R"(,"temperature":1.5)"),
       "Malformed input request: #/temperature: 1.5 is not less or equal to 1, please reformat "
       "your input and try again."},
      {"no_messages", body(""),
       "Malformed input request: #/messages: expected minimum item count: 1, found: 0, please "
       "reformat your input and try again."},
      {"unknown_version", R"({"anthropic_version":"2023-06-01","max_tokens":1,"messages":[]})",
       "Malformed input request: #/anthropic_version: 2023-06-01 is not a valid enum value, please "
       "reformat your input and try again."},
      {"too_many_tokens",
       R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":5000,"messages":[]})",
       "max_tokens: 5000 > 4096, which is the maximum allowed number of output tokens for "
       "claude-3-haiku-20240307"},
      {"assistant_first", body(assistant("\"x\"")),
       "messages: first message must use the \"user\" role"},
      {"user_twice", body(user("\"x\"") + "," + user("\"y\"")),
       "messages: roles must alternate between \"user\" and \"assistant\", but found multiple "
       "\"user\" roles in a row"},
      {"system_first", body(R"({"role":"system","content":"x"})"),
       "messages: Unexpected role \"system\". Allowed roles are \"user\" or \"assistant\"."},
      {"no_content", body(R"({"role":"user"})"), "messages.0.content: Field required"},
      {"empty_content", body(user("\"\"")),
       "messages.0: all messages must have non-empty content except for the optional final "
       "assistant message"},
      {"empty_text", body(user(R"([{"type":"text","text":""}])")),
       "messages: text content blocks must be non-empty"},
      {"no_text", body(user(R"([{"type":"text"}])")),
       "messages.0.content.0.text.text: Field required"},
      {"unknown_block_member", body(user(R"([{"type":"text","text":"x","id":1}])")),
       "messages.0.content.0.text.id: Extra inputs are not permitted"},
      {"unknown_block_type", body(user(R"([{"type":"video"}])")),
       "messages.0.content.0: Input tag 'video' found using 'type' does not match any of the "
       "expected tags: 'document', 'image', 'redacted_thinking', 'search_result', 'text', "
       "'thinking', 'tool_result', 'tool_use'"},
      {"trailing_white_space", body(user("\"x\"") + "," + assistant("\"y \"")),
       "messages: final assistant content cannot end with trailing whitespace"},
  };
}

class ClaudeMessagesRefusals : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(ClaudeMessagesRefusals, are_in_the_words_of_bedrock) {
  const test::RefusalRow& row = GetParam();
  const Reply reply = test::invoke(test::kHaiku, row.body);

  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(test::message_of(reply), row.message);
}

INSTANTIATE_TEST_SUITE_P(Body, ClaudeMessagesRefusals, ::testing::ValuesIn(body_refusals()),
                         test::RowName{});

std::vector<test::RefusalRow> image_refusals() {
  const std::string large(5'242'884, 'A');
  return {
      {"unknown_media_type", body(image("image/bmp", kPng)),
       "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', "
       "'image/png', 'image/gif' or 'image/webp'"},
      {"wrong_media_type", body(image("image/jpeg", kPng)),
       "messages.0.content.0.image.source.base64.data: The image was specified using the "
       "image/jpeg media type, but the image appears to be a image/png image"},
      {"invalid_base64", body(image("image/png", "%%%%")),
       "messages.0.content.0.image.source.base64: invalid base64 data"},
      {"not_an_image", body(image("image/png", "AAAA")), "Could not process image"},
      {"too_large", body(image("image/png", large)),
       "messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 5242884 bytes > "
       "5242880 bytes"},
  };
}

INSTANTIATE_TEST_SUITE_P(Image, ClaudeMessagesRefusals, ::testing::ValuesIn(image_refusals()),
                         test::RowName{});

std::vector<test::RefusalRow> tool_refusals() {
  const std::string result =
      user(R"([{"type":"tool_result","tool_use_id":"toolu_2","content":"x"}])");
  return {
      {"missing_result", body(user("\"x\"") + "," + assistant(kCall) + "," + user("\"y\""), kTools),
       "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: "
       "toolu_1. Each `tool_use` block must have a corresponding `tool_result` block in the next "
       "message."},
      {"result_of_another_call",
       body(user("\"x\"") + "," + assistant(kCall) + "," + result, kTools),
       "messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_2. "
       "Each `tool_result` block must have a corresponding `tool_use` block in the previous "
       "message."},
      {"no_tools",
       body(user("\"x\"") + "," + assistant(kCall) + "," +
            user(R"([{"type":"tool_result","tool_use_id":"toolu_1"}])")),
       "Requests which include `tool_use` or `tool_result` blocks must define tools"},
      {"invalid_tool_name",
       body(user("\"x\""), R"(,"tools":[{"name":"a b","input_schema":{"type":"object"}}])"),
       "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"},
      {"no_schema", body(user("\"x\""), R"(,"tools":[{"name":"a"}])"),
       "tools.0.custom.input_schema: Field required"},
      {"schema_of_a_string",
       body(user("\"x\""), R"(,"tools":[{"name":"a","input_schema":{"type":"string"}}])"),
       "tools.0.custom.input_schema.type: Input should be 'object'"},
      {"unsupported_tool_type",
       body(user("\"x\""), R"(,"tools":[{"type":"web_search_20250305","name":"web_search"}])"),
       "tools.0: Input tag 'web_search_20250305' found using 'type' does not match any of the "
       "expected tags: 'bash_20250124', 'custom', 'text_editor_20250124', 'text_editor_20250429', "
       "'text_editor_20250728'"},
      {"choice_without_tools", body(user("\"x\""), R"(,"tool_choice":{"type":"auto"})"),
       "tool_choice: tool_choice may only be specified while providing tools."},
      {"choice_of_an_unknown_tool",
       body(user("\"x\""), std::string(kTools) + R"(,"tool_choice":{"type":"tool","name":"b"})"),
       "Tool 'b' not found in provided tools"},
      {"unknown_choice",
       body(user("\"x\""), std::string(kTools) + R"(,"tool_choice":{"type":"some"})"),
       "tool_choice: Input tag 'some' found using 'type' does not match any of the expected tags: "
       "'any', 'auto', 'none', 'tool'"},
  };
}

INSTANTIATE_TEST_SUITE_P(Tool, ClaudeMessagesRefusals, ::testing::ValuesIn(tool_refusals()),
                         test::RowName{});

/// A body that one model refuses with this message.
struct GenerationRow {
  std::string name{};
  std::string_view model{};
  std::string body{};
  std::string message{};

  friend void PrintTo(const GenerationRow& row, std::ostream* out) { *out << row.name; }
};

std::vector<GenerationRow> generation_refusals() {
  return {
      {"both_samplings", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
       body(user("\"x\""), R"(,"temperature":0.5,"top_p":0.5)"),
       "`temperature` and `top_p` cannot both be specified for this model. Please use only one."},
      {"temperature_of_opus", "us.anthropic.claude-opus-4-8",
       body(user("\"x\""), R"(,"temperature":0.5)"), "`temperature` is deprecated for this model."},
      {"prefill", "us.anthropic.claude-sonnet-4-6", body(user("\"x\"") + "," + assistant("\"y\"")),
       "This model does not support assistant message prefill. The conversation must end with a "
       "user message."},
      {"small_thinking_budget", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
       body(user("\"x\""), R"(,"thinking":{"type":"enabled","budget_tokens":200})"),
       "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"},
      {"budget_above_the_limit", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
       body(user("\"x\""), R"(,"thinking":{"type":"enabled","budget_tokens":2000})"),
       "`max_tokens` must be greater than `thinking.budget_tokens`."},
      {"thinking_of_claude_3", test::kHaiku,
       body(user("\"x\""), R"(,"thinking":{"type":"enabled","budget_tokens":1024})"),
       "thinking: Extra inputs are not permitted"},
      {"tools_of_claude_2", "anthropic.claude-v2:1", body(user("\"x\""), kTools),
       "Malformed input request: #: extraneous key [tools] is not permitted, please reformat your "
       "input and try again."},
      {"image_for_claude_2", "anthropic.claude-v2:1", body(image("image/png", kPng)),
       "messages.0.content.0: \"claude-2.1\" does not support image input"},
      {"text_completion_of_claude_3", test::kHaiku,
       R"({"prompt":"\n\nHuman: x\n\nAssistant:","max_tokens_to_sample":9})",
       "\"claude-3-haiku-20240307\" is not supported on this API. Please use the Messages API "
       "instead."},
  };
}

class ClaudeGenerationRefusals : public ::testing::TestWithParam<GenerationRow> {};

TEST_P(ClaudeGenerationRefusals, are_those_of_the_model) {
  const GenerationRow& row = GetParam();
  EXPECT_EQ(test::message_of(test::invoke(row.model, row.body)), row.message);
}

INSTANTIATE_TEST_SUITE_P(, ClaudeGenerationRefusals, ::testing::ValuesIn(generation_refusals()),
                         test::RowName{});

}  // namespace
}  // namespace llm::local
