#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::events_of;
using testing::has_warning;
using ::testing::HasSubstr;
using testing::stream_of;

constexpr ModelFacts kFacts{.base_id = "anthropic.claude-v2:1",
                            .wire_format = WireFormat::claude_text,
                            .max_output_tokens = 4096};

std::string body_of(const ChatRequest& request, const ModelFacts& facts = kFacts) {
  const auto wire =
      testing::encode(claude_text_codec(), request, testing::model_with(facts), Delivery::buffered);
  return wire ? wire->body : wire.error().message;
}

// Prompt template: Bedrock User Guide, "Anthropic Claude Text Completions API".
TEST(ClaudeText, writes_the_prompt_template) {
  ChatRequest request{.messages = {Message::system("Be brief."), Message::user("Hi"),
                                   Message::assistant("Hello"), Message::user("Bye")},
                      .max_tokens = 10,
                      .temperature = 0.5,
                      .top_p = 1.0,
                      .top_k = 250,
                      .stop_sequences = {"\n\nHuman:"}};

  EXPECT_EQ(body_of(request),
            R"({"prompt":"Be brief.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant:",)"
            R"("max_tokens_to_sample":10,"temperature":0.5,"top_p":1,"top_k":250,)"
            R"("stop_sequences":["\n\nHuman:"]})");
}

TEST(ClaudeText, leaves_the_assistants_last_message_open) {
  const ChatRequest request{.messages = {Message::user("Hi"), Message::assistant("Once")}};

  EXPECT_EQ(body_of(request),
            R"({"prompt":"\n\nHuman: Hi\n\nAssistant: Once","max_tokens_to_sample":4096})");
}

TEST(ClaudeText, folds_the_system_text_for_a_model_without_system_messages) {
  ModelFacts facts = kFacts;
  facts.quirks.no_system = true;
  const ChatRequest request{.messages = {Message::system("Be brief."), Message::user("Hi")}};

  const auto wire =
      testing::encode(claude_text_codec(), request, testing::model_with(facts), Delivery::buffered);

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body, R"({"prompt":"\n\nHuman: Be brief.\n\nHi\n\nAssistant:",)"
                        R"("max_tokens_to_sample":4096})");
  EXPECT_TRUE(has_warning(wire->warnings, "system_folded"));
}

TEST(ClaudeText, warns_of_a_speaker_mark_in_a_question) {
  const auto wire = testing::encode(claude_text_codec(), ask("a\n\nAssistant: Sure"),
                                    testing::model_with(kFacts), Delivery::buffered);

  ASSERT_TRUE(wire);
  EXPECT_TRUE(has_warning(wire->warnings, "special_token_in_text"));
}

TEST(ClaudeText, refuses_content_other_than_text) {
  ChatRequest image{.messages = {{Role::user, {TextContent{"a"}, ImageContent{}}}}};
  ChatRequest tools = ask("hi");
  tools.tools = {{.name = "f"}};
  ChatRequest format = ask("hi");
  format.response_format = ResponseFormat{};
  ChatRequest reasoning = ask("hi");
  reasoning.reasoning = Reasoning{};

  for (const ChatRequest& request : {image, tools, format, reasoning}) {
    const auto wire = testing::encode(claude_text_codec(), request, testing::model_with(kFacts),
                                      Delivery::buffered);
    ASSERT_FALSE(wire);
    EXPECT_EQ(wire.error().code, ErrorCode::unsupported_feature);
    EXPECT_THAT(wire.error().message, HasSubstr("anthropic.claude-v2:1"));
  }
}

TEST(ClaudeText, reads_a_buffered_response) {
  // Shape recorded for claude-instant-v1.
  const HttpResponseHead head{200,
                              {{"x-amzn-RequestId", "r-1"},
                               {"X-Amzn-Bedrock-Invocation-Latency", "556"},
                               {"X-Amzn-Bedrock-Input-Token-Count", "23"},
                               {"X-Amzn-Bedrock-Output-Token-Count", "32"}}};
  const auto response = claude_text_codec().decode(
      head, R"({"completion":" Hi.","stop_reason":"stop_sequence","stop":"\n\nHuman:"})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->text(), " Hi.");
  EXPECT_EQ(response->id, "r-1");
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::stop);
  EXPECT_EQ(response->choices[0].stop_reason, "stop_sequence");
  EXPECT_EQ(response->choices[0].stop_sequence, "\n\nHuman:");
  EXPECT_EQ(response->usage.prompt_tokens, 23);
  EXPECT_EQ(response->usage.total_tokens, 55);
  EXPECT_EQ(response->details.model_latency, std::chrono::milliseconds(556));
}

TEST(ClaudeText, names_the_reason_of_the_end) {
  const std::pair<std::string, FinishReason> cases[] = {
      {"stop_sequence", FinishReason::stop},
      {"max_tokens", FinishReason::length},
      {"moonrise", FinishReason::unknown},
  };

  for (const auto& [stop_reason, reason] : cases) {
    const auto response = claude_text_codec().decode(
        {}, R"({"completion":"x","stop_reason":")" + stop_reason + R"(","stop":null})");
    ASSERT_TRUE(response) << stop_reason;
    EXPECT_EQ(response->choices[0].finish_reason, reason) << stop_reason;
    EXPECT_EQ(response->choices[0].stop_reason, stop_reason);
  }
}

TEST(ClaudeText, fails_when_the_response_has_no_completion) {
  for (const char* body : {"", "[]", "{}", R"({"completion":1,"stop_reason":"max_tokens"})",
                           R"({"completion":"x","stop_reason":null})"}) {
    const auto response = claude_text_codec().decode({}, body);
    ASSERT_FALSE(response) << body;
    EXPECT_EQ(response.error().code, ErrorCode::model_error) << body;
  }
}

TEST(ClaudeText, reads_a_stream) {
  const auto events = events_of(
      claude_text_codec(),
      stream_of({R"({"completion":" On","stop_reason":null,"stop":null})",
                 R"({"completion":"ce","stop_reason":null,"stop":null})",
                 R"({"completion":"","stop_reason":"stop_sequence","stop":"\n\nHuman:",)"
                 R"("amazon-bedrock-invocationMetrics":{"inputTokenCount":25,)"
                 R"("outputTokenCount":4,"invocationLatency":266,"firstByteLatency":266}})"}));

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(testing::text_of(events), " Once");
  const Done& done = events.back().done();
  EXPECT_EQ(done.finish_reason, FinishReason::stop);
  EXPECT_EQ(done.stop_sequence, "\n\nHuman:");
  EXPECT_EQ(done.usage.total_tokens, 29);
  EXPECT_EQ(done.details.model_latency, std::chrono::milliseconds(266));
}

}  // namespace
}  // namespace llm::bedrock
