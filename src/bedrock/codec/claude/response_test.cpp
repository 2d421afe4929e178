#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::has_warning;
using ::testing::HasSubstr;

Result<ChatResponse> decode(std::string_view body, const HttpResponseHead& head = {}) {
  return claude_messages_codec().decode(head, body);
}

std::string response_body(std::string_view content, std::string_view stop_reason = "end_turn") {
  return R"({"id":"msg_bdrk_1","type":"message","role":"assistant","model":"claude-x","content":[)" +
         std::string(content) + R"(],"stop_reason":")" + std::string(stop_reason) +
         R"(","stop_sequence":null,"usage":{"input_tokens":4,"output_tokens":50}})";
}

TEST(ClaudeMessagesResponse, reads_each_kind_of_block) {
  const auto response = decode(response_body(
      R"({"type":"thinking","thinking":"Hm","signature":"sig"},)"
      R"({"type":"redacted_thinking","data":"ZGF0YQ=="},)"
      R"({"type":"text","text":""},{"type":"text","text":"Hi","citations":null},)"
      R"({"type":"text","text":"said","citations":[{"type":"page_location","cited_text":"x"}]},)"
      R"({"type":"tool_use","id":"t1","name":"f","input":{"a":[1]}},)"
      R"({"type":"server_tool_use","id":"t2","name":"g","input":{}},)"
      R"({"type":"novelty","x":{"y":null}})",
      "tool_use"));

  ASSERT_TRUE(response) << response.error().message;
  const std::vector<Content> expected = {
      ReasoningContent{"Hm", "sig"},
      RedactedReasoningContent{"ZGF0YQ=="},
      TextContent{"Hi"},
      CitationsContent{"said",
                       {Json::from_valid_text(R"({"type":"page_location","cited_text":"x"})")}},
      ToolCallContent{.id = "t1", .name = "f", .arguments = Json::from_valid_text(R"({"a":[1]})")},
      ToolCallContent{.id = "t2", .name = "g", .type = "server_tool_use"},
      UnknownContent{"claude_messages",
                     Json::from_valid_text(R"({"type":"novelty","x":{"y":null}})")}};
  EXPECT_EQ(response->choices[0].message.content, expected);
  EXPECT_EQ(response->choices[0].message.role, Role::assistant);
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::tool_calls);
  EXPECT_EQ(response->id, "msg_bdrk_1");
}

TEST(ClaudeMessagesResponse, can_be_sent_back_as_it_came) {
  const std::string content =
      R"({"type":"thinking","thinking":"Hm","signature":"sig"},)"
      R"({"type":"redacted_thinking","data":"ZGF0YQ=="},)"
      R"({"type":"text","text":"said","citations":[{"type":"page_location"}]},)"
      R"({"type":"novelty","x":1},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}})";
  const auto response = decode(response_body(content, "tool_use"));
  ASSERT_TRUE(response);
  ChatRequest request = testing::ask("hi");
  request.max_tokens = 1;
  request.messages.push_back(response->choices[0].message);

  const auto wire = testing::encode(claude_messages_codec(), request, testing::unknown_model(),
                                    Delivery::buffered);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_THAT(wire->body, HasSubstr(R"({"role":"assistant","content":[)" + content + "]}"));
}

TEST(ClaudeMessagesResponse, preserves_numbers_as_the_model_wrote_them) {
  const std::string arguments = R"({"x":1.0,"y":1e5,"n":123456789012345678901234567890})";

  const auto response = decode(response_body(
      R"({"type":"tool_use","id":"t","name":"f","input":)" + arguments + "}", "tool_use"));

  ASSERT_TRUE(response) << response.error().message;
  const auto calls = response->choices[0].message.tool_calls();
  EXPECT_EQ(calls.at(0).arguments.text(), arguments);
}

TEST(ClaudeMessagesResponse, refuses_more_than_10000_blocks) {
  const std::string block = R"({"type":"text","text":"a"})";
  std::string blocks = block;
  for (int more = 0; more < 10'000; ++more) blocks += "," + block;

  const auto response = decode(response_body(blocks, "end_turn"));

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("more than 10000 content blocks"));
}

TEST(ClaudeMessagesResponse, names_the_reason_of_the_end) {
  const std::pair<std::string, FinishReason> cases[] = {
      {"end_turn", FinishReason::stop},
      {"stop_sequence", FinishReason::stop},
      {"max_tokens", FinishReason::length},
      {"model_context_window_exceeded", FinishReason::length},
      {"tool_use", FinishReason::tool_calls},
      {"refusal", FinishReason::content_filter},
      {"guardrail_intervened", FinishReason::content_filter},
      {"pause_turn", FinishReason::pause},
      {"eclipse", FinishReason::unknown},
  };

  for (const auto& [stop_reason, reason] : cases) {
    const auto response = decode(response_body("", stop_reason));
    ASSERT_TRUE(response) << stop_reason;
    EXPECT_EQ(response->choices[0].finish_reason, reason) << stop_reason;
    EXPECT_EQ(response->choices[0].stop_reason, stop_reason);
  }
}

TEST(ClaudeMessagesResponse, counts_cached_tokens_into_the_total) {
  // Counts recorded for claude-3-5-haiku.
  const auto response =
      decode(R"({"content":[],"stop_reason":"stop_sequence","stop_sequence":"END","usage":)"
             R"({"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":18131,)"
             R"("output_tokens":50}})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->usage, (Usage{.prompt_tokens = 4,
                                    .completion_tokens = 50,
                                    .total_tokens = 18185,
                                    .cache_read_tokens = 18131,
                                    .cache_write_tokens = 0}));
  EXPECT_EQ(response->choices[0].stop_sequence, "END");
}

TEST(ClaudeMessagesResponse, reads_counts_and_details_from_the_headers) {
  const HttpResponseHead head{200,
                              {{"x-amzn-RequestId", "r-1"},
                               {"X-Amzn-Bedrock-Invocation-Latency", "506"},
                               {"X-Amzn-Bedrock-Input-Token-Count", "14"},
                               {"X-Amzn-Bedrock-Output-Token-Count", "10"},
                               {"X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "3"},
                               {"X-Amzn-Bedrock-Service-Tier", "flex"},
                               {"X-Amzn-Bedrock-PerformanceConfig-Latency", "optimized"}}};

  const auto response = decode(R"({"content":[],"stop_reason":"end_turn"})", head);

  ASSERT_TRUE(response);
  EXPECT_EQ(response->id, "r-1");
  EXPECT_EQ(response->usage.total_tokens, 27);
  EXPECT_EQ(response->details.request_id, "r-1");
  EXPECT_EQ(response->details.model_latency, std::chrono::milliseconds(506));
  EXPECT_EQ(response->details.service_tier, "flex");
  EXPECT_EQ(response->details.latency, "optimized");
}

TEST(ClaudeMessagesResponse, does_not_believe_impossible_counts) {
  const auto response = decode(R"({"content":[],"stop_reason":"end_turn","usage":)"
                               R"({"input_tokens":9223372036854775807,"output_tokens":-1}})");

  ASSERT_TRUE(response);
  EXPECT_TRUE(response->usage.empty());
}

TEST(ClaudeMessagesResponse, reports_that_a_guardrail_intervened) {
  const auto response =
      decode(R"({"content":[{"type":"text","text":"No."}],"stop_reason":"end_turn",)"
             R"("amazon-bedrock-guardrailAction":"INTERVENED",)"
             R"("amazon-bedrock-trace":{"guardrail":{}}})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::content_filter);
  EXPECT_EQ(response->choices[0].stop_reason, "end_turn");
  EXPECT_EQ(response->details.trace.text(), R"({"guardrail":{}})");
}

TEST(ClaudeMessagesResponse, returns_structured_output_as_text) {
  const auto output_only = decode(response_body(
      R"({"type":"tool_use","id":"t","name":"structured_answer","input":{"a":1}})", "tool_use"));
  const auto beside = decode(
      response_body(R"({"type":"tool_use","id":"t","name":"structured_answer","input":{"a":1}},)"
                    R"({"type":"tool_use","id":"u","name":"f","input":{}})",
                    "tool_use"));

  ASSERT_TRUE(output_only && beside);
  EXPECT_EQ(output_only->text(), R"({"a":1})");
  EXPECT_EQ(output_only->choices[0].finish_reason, FinishReason::stop);
  EXPECT_EQ(output_only->choices[0].stop_reason, "tool_use");
  EXPECT_EQ(output_only->details.structured_output, "tool");
  EXPECT_EQ(beside->choices[0].finish_reason, FinishReason::tool_calls);
}

TEST(ClaudeMessagesResponse, warns_of_details_of_the_stop) {
  const auto response = decode(
      R"({"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","category":"c"}})");

  ASSERT_TRUE(response);
  EXPECT_TRUE(has_warning(response->warnings, "stop_details"));
}

TEST(ClaudeMessagesResponse, fails_when_it_is_not_a_message) {
  for (const char* body :
       {"", "{", "[]", "{}", R"({"content":"x","stop_reason":"end_turn"})",
        R"({"content":[],"stop_reason":null})", R"({"content":[{}],"stop_reason":"end_turn"})",
        R"({"content":[{"type":"text"}],"stop_reason":"end_turn"})",
        R"({"content":[{"type":"tool_use","name":"f"}],"stop_reason":"tool_use"})",
        R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"}})"}) {
    const auto response = decode(body);
    ASSERT_FALSE(response) << body;
    EXPECT_EQ(response.error().code, ErrorCode::model_error) << body;
  }
}

TEST(ClaudeMessagesResponse, maps_the_models_own_errors) {
  struct Case {
    std::string type;
    ErrorCode code;
    bool retryable;
  };
  const Case cases[] = {
      {"overloaded_error", ErrorCode::server_error, true},
      {"rate_limit_error", ErrorCode::rate_limit_error, true},
      {"api_error", ErrorCode::server_error, true},
      {"timeout_error", ErrorCode::timeout_error, true},
      {"invalid_request_error", ErrorCode::invalid_request_error, false},
      {"authentication_error", ErrorCode::authentication_error, false},
      {"permission_error", ErrorCode::permission_error, false},
      {"not_found_error", ErrorCode::model_not_found, false},
      {"another_error", ErrorCode::model_error, false},
  };

  for (const Case& test : cases) {
    const auto response =
        decode(R"({"type":"error","error":{"type":")" + test.type + R"(","message":"Said so"}})");
    ASSERT_FALSE(response) << test.type;
    EXPECT_EQ(response.error().code, test.code) << test.type;
    EXPECT_EQ(response.error().retryable, test.retryable) << test.type;
    EXPECT_EQ(response.error().service_code, test.type);
    EXPECT_THAT(response.error().message, HasSubstr("Said so"));
  }
}

TEST(ClaudeMessagesResponse, knows_a_prompt_that_is_too_long) {
  const auto response =
      decode(R"({"type":"error","error":{"type":"invalid_request_error",)"
             R"("message":"prompt is too long: 200049 tokens > 200000 maximum"}})");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::context_length_exceeded);
}

}  // namespace
}  // namespace llm::bedrock
