#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

std::string response_body(const std::string& content, const std::string& stop_reason = "end_turn") {
  return R"({"metrics":{"latencyMs":7},"output":{"message":{"content":)" + content +
         R"(,"role":"assistant"}},"stopReason":")" + stop_reason +
         R"(","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}})";
}

Result<ChatResponse> decode(const std::string& body) {
  return converse_codec().decode({.status = 200, .headers = {{"x-amzn-RequestId", "request-1"}}},
                                 body);
}

TEST(ConverseResponse, fills_the_response) {
  const auto response =
      decode(R"({"additionalModelResponseFields":{"k":1},"metrics":{"latencyMs":7},)"
             R"("output":{"message":{"content":[{"text":"Hi"}],"role":"assistant"}},)"
             R"("performanceConfig":{"latency":"standard"},"serviceTier":{"type":"priority"},)"
             R"("stopReason":"end_turn","trace":{"promptRouter":{"invokedModelId":"m"}},)"
             R"("usage":{"cacheReadInputTokenCount":9,"cacheReadInputTokens":4,)"
             R"("cacheWriteInputTokens":5,"inputTokens":1,"outputTokens":2,"totalTokens":12}})");

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->id, "request-1");
  EXPECT_EQ(response->details.request_id, "request-1");
  EXPECT_EQ(response->text(), "Hi");
  EXPECT_EQ(response->choices[0].message.role, Role::assistant);
  EXPECT_EQ(response->choices[0].stop_reason, "end_turn");
  EXPECT_EQ(response->usage, (Usage{1, 2, 12, 4, 5}));
  EXPECT_EQ(response->details.model_latency, std::chrono::milliseconds(7));
  EXPECT_EQ(response->details.latency, "standard");
  EXPECT_EQ(response->details.service_tier, "priority");
  EXPECT_EQ(response->details.trace.text(), R"({"promptRouter":{"invokedModelId":"m"}})");
  EXPECT_EQ(response->details.extra_fields.text(), R"({"k":1})");
}

TEST(ConverseResponse, preserves_numbers_as_the_model_wrote_them) {
  const std::string arguments = R"({"x":1.0,"y":1e5,"n":123456789012345678901234567890})";

  const auto response = decode(response_body(R"([{"toolUse":{"toolUseId":"t","name":"f","input":)" +
                                             arguments + R"(}},{"hologram":)" + arguments + "}]"));

  ASSERT_TRUE(response) << response.error().message;
  const auto& content = response->choices[0].message.content;
  EXPECT_EQ(std::get<ToolCallContent>(content[0]).arguments.text(), arguments);
  EXPECT_EQ(std::get<UnknownContent>(content[1]).block.text(), R"({"hologram":)" + arguments + "}");
}

TEST(ConverseResponse, reports_a_number_that_cannot_be_read) {
  const auto response = decode(response_body(R"([{"hologram":1e999}])"));

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("a number is malformed, or larger than"));
}

TEST(ConverseResponse, refuses_more_than_10000_blocks) {
  std::string blocks = "[{}";
  for (int block = 0; block < 10'000; ++block) blocks += ",{}";

  const auto response = decode(response_body(blocks + "]"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::model_error);
  EXPECT_THAT(response.error().message, HasSubstr("more than 10000 content blocks"));
}

TEST(ConverseResponse, reads_the_stop_reason) {
  const std::vector<std::pair<std::string, FinishReason>> cases = {
      {"end_turn", FinishReason::stop},
      {"stop_sequence", FinishReason::stop},
      {"max_tokens", FinishReason::length},
      {"model_context_window_exceeded", FinishReason::length},
      {"tool_use", FinishReason::tool_calls},
      {"guardrail_intervened", FinishReason::content_filter},
      {"content_filtered", FinishReason::content_filter},
      {"a_new_reason", FinishReason::unknown}};
  for (const auto& [stop_reason, reason] : cases) {
    const auto response = decode(response_body(R"([{"text":"a"}])", stop_reason));

    ASSERT_TRUE(response) << stop_reason;
    EXPECT_EQ(response->choices[0].finish_reason, reason) << stop_reason;
    EXPECT_EQ(response->choices[0].stop_reason, stop_reason);
  }
}

TEST(ConverseResponse, is_an_error_when_the_output_is_malformed) {
  for (const std::string stop_reason : {"malformed_model_output", "malformed_tool_use"}) {
    const auto response = decode(response_body("[]", stop_reason));

    ASSERT_FALSE(response) << stop_reason;
    EXPECT_EQ(response.error().code, ErrorCode::model_error);
    EXPECT_EQ(response.error().service_code, stop_reason);
  }
}

TEST(ConverseResponse, is_an_error_when_it_is_not_a_response) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"The body cannot be parsed", "<html>"},
      {"It has no message.", "{}"},
      {"It has no message.", R"({"output":{"message":{"content":"a"}}})"},
      {"It has no stop reason.", R"({"output":{"message":{"content":[]}}})"},
      {"A tool call has no id, name or arguments.",
       response_body(R"([{"toolUse":{"toolUseId":"t","name":"n"}}])")}};
  for (const auto& [what, body] : cases) {
    const auto response = decode(body);

    ASSERT_FALSE(response) << what;
    EXPECT_EQ(response.error().code, ErrorCode::model_error);
    EXPECT_THAT(response.error().message, HasSubstr(what));
  }
}

TEST(ConverseResponse, keeps_a_string_that_is_given_as_tool_input) {
  const auto response = decode(
      response_body(R"([{"toolUse":{"toolUseId":"t","name":"f","input":"Oslo"}}])", "tool_use"));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->choices[0].message.tool_calls()[0].arguments.text(), R"("Oslo")");
  EXPECT_TRUE(testing::has_warning(response->warnings, "arguments_not_object"));
}

TEST(ConverseResponse, replaces_a_lone_surrogate) {
  const auto response = decode(response_body(R"([{"text":"a\ud83d"}])"));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->text(), "a\xEF\xBF\xBD");
  EXPECT_TRUE(testing::has_warning(response->warnings, "lone_surrogate"));
}

TEST(ConverseResponse, preserves_unknown_blocks) {
  const std::vector<std::string> blocks = {
      R"({"hologram":{"a":[1]}})",
      R"({"toolAddition":{"tool":{"name":"n"},"when":1}})",
      R"({"reasoningContent":{"reasoningText":{"text":"a"},"new":1}})",
      R"({"image":{"format":"png","error":{"message":"no"}}})",
      R"({"image":{"format":"tiff","source":{"bytes":"AA=="}}})",
      R"({"document":{"name":"n","format":"new","source":{"content":[{"text":"a"}]}}})",
      R"({"document":{"name":"n","source":{"content":[{"image":1}]}}})"};
  for (const std::string& block : blocks) {
    const auto response = decode(response_body("[" + block + "]"));

    ASSERT_TRUE(response) << block;
    ASSERT_EQ(response->choices[0].message.content.size(), 1U) << block;
    EXPECT_EQ(response->choices[0].message.content[0],
              Content(UnknownContent{"converse", Json::from_valid_text(block)}));
  }
}

TEST(ConverseResponse, returns_structured_output_as_text) {
  const auto response = decode(response_body(
      R"([{"toolUse":{"toolUseId":"t","name":"structured_answer","input":{"a":1}}}])", "tool_use"));

  ASSERT_TRUE(response);
  EXPECT_EQ(response->text(), R"({"a":1})");
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::stop);
  EXPECT_EQ(response->details.structured_output, "tool");
}

// Every kind of block that the public types have is sent back exactly as it was received.
TEST(ConverseResponse, gives_blocks_that_go_back_unchanged) {
  const std::vector<std::string> blocks = {
      R"({"text":"a"})",
      R"({"document":{"format":"pdf","name":"Report","source":{"bytes":"JVBERi0x"}}})",
      R"({"document":{"format":"txt","name":"Notes","source":{"text":"abc"},"context":"c",)"
      R"("citations":{"enabled":true}}})",
      R"({"document":{"format":"docx","name":"R","source":{"s3Location":)"
      R"({"uri":"s3://b/k.docx","bucketOwner":"123456789012"}}}})",
      R"({"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}})",
      R"({"image":{"format":"webp","source":{"s3Location":{"uri":"s3://b/k"}}}})",
      R"({"video":{"format":"three_gp","source":{"bytes":"AAEC"}}})",
      R"({"audio":{"format":"x-aac","source":{"s3Location":{"uri":"s3://b/k"}}}})",
      R"({"toolUse":{"toolUseId":"t","name":"n","input":{"a":[1,2.5]}}})",
      R"({"toolUse":{"toolUseId":"t","name":"n","input":{},"type":"server_tool_use"}})",
      R"({"toolResult":{"toolUseId":"t","content":[{"text":"a"},{"json":{"a":[1]}},)"
      R"({"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}},)"
      R"({"document":{"format":"csv","name":"d","source":{"bytes":"YSxi"}}},)"
      R"({"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/k.mp4"}}}},)"
      R"({"searchResult":{"source":"s","title":"t","content":[{"text":"x"}]}}],)"
      R"("status":"success","type":"server_result"}})",
      R"({"toolResult":{"toolUseId":"t","content":[],"status":"error"}})",
      R"({"reasoningContent":{"reasoningText":{"text":"a","signature":"c2ln"}}})",
      R"({"reasoningContent":{"reasoningText":{"text":"a"}}})",
      R"({"reasoningContent":{"redactedContent":"AAEC"}})",
      R"({"citationsContent":{"content":[{"text":"a"}],"citations":[{"title":"T","source":"s",)"
      R"("sourceContent":[{"text":"b"}],"location":{"documentPage":{"documentIndex":0,)"
      R"("start":1,"end":2}}}]}})",
      R"({"searchResult":{"source":"s","title":"t","content":[{"text":"a"},{"text":"b"}],)"
      R"("citations":{"enabled":true}}})",
      R"({"guardContent":{"text":{"text":"a","qualifiers":["query"]}}})",
      R"({"guardContent":{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}})",
      R"({"text":"a"},{"cachePoint":{"type":"default","ttl":"1h"}})",
      R"({"document":{"format":"md","name":"n","source":{"content":[{"text":"a"},{"text":"b"}]}}})",
      R"({"document":{"name":"n","source":{"content":[{"text":"a"}]}}})",
      R"({"document":{"format":"txt","name":"n","source":{"text":"a"}}})",
      R"({"toolAddition":{"tool":{"name":"n"}}})",
      R"({"toolRemoval":{"tool":{"type":"t","name":"n","serverName":"s"}}})"};
  for (const std::string& block : blocks) {
    const auto response = decode(response_body("[" + block + "]"));
    ASSERT_TRUE(response) << block;
    ChatRequest request{.messages = {response->choices[0].message}};
    request.messages[0].role = Role::user;

    const auto wire =
        testing::encode(converse_codec(), request, testing::unknown_model(), Delivery::buffered);

    ASSERT_TRUE(wire) << block << ": " << wire.error().message;
    EXPECT_EQ(testing::sorted(wire->body),
              testing::sorted(R"({"messages":[{"role":"user","content":[)" + block + "]}]}"));
  }
}

}  // namespace
}  // namespace llm::bedrock
