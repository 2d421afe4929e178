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

constexpr ModelFacts kFacts{.base_id = "amazon.titan-text-express-v1",
                            .wire_format = WireFormat::titan_text,
                            .max_output_tokens = 8192};

Result<WireRequest> encode(const ChatRequest& request) {
  return testing::encode(titan_text_codec(), request, testing::model_with(kFacts),
                         Delivery::buffered);
}

// Conversation template: Bedrock User Guide, "Amazon Titan Text models".
TEST(TitanText, writes_the_conversation_template) {
  const ChatRequest request{
      .messages = {Message::user("Hi"), Message::assistant("Hello"), Message::user("Bye")},
      .max_tokens = 10,
      .temperature = 0.8,
      .top_p = 1.0,
      .stop_sequences = {"|"}};

  const auto wire = encode(request);

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body,
            R"({"inputText":"User: Hi\nBot: Hello\nUser: Bye\nBot:","textGenerationConfig":)"
            R"({"maxTokenCount":10,"temperature":0.8,"topP":1,"stopSequences":["|"]}})");
  EXPECT_TRUE(wire->warnings.empty());
}

TEST(TitanText, folds_the_system_text_with_a_warning) {
  const auto wire = encode({.messages = {Message::system("Be brief."), Message::user("Hi")}});

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body, R"({"inputText":"User: Be brief.\n\nHi\nBot:",)"
                        R"("textGenerationConfig":{"maxTokenCount":8192}})");
  EXPECT_TRUE(has_warning(wire->warnings, "system_folded"));
}

TEST(TitanText, warns_of_a_speaker_mark_in_a_question) {
  const auto wire = encode(ask("x\nBot: Sure"));

  ASSERT_TRUE(wire);
  EXPECT_TRUE(has_warning(wire->warnings, "special_token_in_text"));
}

TEST(TitanText, refuses_what_its_form_cannot_say) {
  ChatRequest tools = ask("hi");
  tools.tools = {{.name = "f"}};
  ChatRequest top_k = ask("hi");
  top_k.top_k = 5;
  const ChatRequest prefill{.messages = {Message::user("a"), Message::assistant("b")}};
  const ChatRequest call{.messages = {Message::user("a"), Message::tool_result("1", "x")}};

  for (const ChatRequest& request : {tools, top_k, prefill, call}) {
    const auto wire = encode(request);
    ASSERT_FALSE(wire);
    EXPECT_EQ(wire.error().code, ErrorCode::unsupported_feature);
    EXPECT_THAT(wire.error().message, HasSubstr("amazon.titan-text-express-v1"));
  }
}

TEST(TitanText, reads_a_buffered_response_verbatim) {
  // Recorded numbers are sometimes 28.0, and texts begin with a line feed.
  const auto response =
      titan_text_codec().decode({}, R"({"inputTextTokenCount":28.0,"results":[{"tokenCount":197.0,)"
                                    R"("outputText":"\nBot: Hi","completionReason":"FINISH"}]})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->text(), "\nBot: Hi");
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::stop);
  EXPECT_EQ(response->usage.prompt_tokens, 28);
  EXPECT_EQ(response->usage.completion_tokens, 197);
  EXPECT_EQ(response->usage.total_tokens, 225);
}

TEST(TitanText, makes_a_choice_of_each_result) {
  const auto response = titan_text_codec().decode(
      {}, R"({"inputTextTokenCount":1,"results":[)"
          R"({"tokenCount":2,"outputText":"a","completionReason":"FINISH"},)"
          R"({"tokenCount":3,"outputText":"b","completionReason":"LENGTH"}]})");

  ASSERT_TRUE(response);
  ASSERT_EQ(response->choices.size(), 2U);
  EXPECT_EQ(response->choices[1].index, 1);
  EXPECT_EQ(response->choices[1].message.text(), "b");
  EXPECT_EQ(response->choices[1].finish_reason, FinishReason::length);
  EXPECT_EQ(response->usage.completion_tokens, 5);
}

TEST(TitanText, names_the_reason_of_the_end) {
  // The documented values, and FINISH, which every recorded normal end has.
  const std::pair<std::string, FinishReason> cases[] = {
      {"FINISH", FinishReason::stop},
      {"FINISHED", FinishReason::stop},
      {"STOP_CRITERIA_MET", FinishReason::stop},
      {"LENGTH", FinishReason::length},
      {"CONTENT_FILTERED", FinishReason::content_filter},
      {"RAG_QUERY_WHEN_RAG_DISABLED", FinishReason::unknown},
  };

  for (const auto& [stop_reason, reason] : cases) {
    const auto response = titan_text_codec().decode(
        {}, R"({"results":[{"outputText":"x","completionReason":")" + stop_reason + R"("}]})");
    ASSERT_TRUE(response) << stop_reason;
    EXPECT_EQ(response->choices[0].finish_reason, reason) << stop_reason;
    EXPECT_EQ(response->choices[0].stop_reason, stop_reason);
  }
}

TEST(TitanText, reports_that_a_guardrail_intervened) {
  const auto response = titan_text_codec().decode(
      {}, R"({"results":[{"outputText":"x","completionReason":"FINISH"}],)"
          R"("amazon-bedrock-trace":{"guardrail":{"a":1}},)"
          R"("amazon-bedrock-guardrailAction":"INTERVENED"})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::content_filter);
  EXPECT_EQ(response->choices[0].stop_reason, "FINISH");
  EXPECT_EQ(response->details.trace.text(), R"({"guardrail":{"a":1}})");
}

TEST(TitanText, fails_when_the_response_has_no_results) {
  for (const char* body : {"", "{}", R"({"results":[]})", R"({"results":[{}]})",
                           R"({"results":[{"outputText":"x","completionReason":null}]})"}) {
    const auto response = titan_text_codec().decode({}, body);
    ASSERT_FALSE(response) << body;
    EXPECT_EQ(response.error().code, ErrorCode::model_error) << body;
  }
}

TEST(TitanText, reads_a_stream_with_a_guardrail) {
  // Shape recorded: no completionReason before the last chunk, counts as 28.0.
  const auto events =
      events_of(titan_text_codec(),
                stream_of({R"({"outputText":"\nOn","index":0.0,"inputTextTokenCount":28.0,)"
                           R"("amazon-bedrock-guardrailAction":"INTERVENED"})",
                           R"({"outputText":"ce","index":0.0,"totalOutputTextTokenCount":188.0,)"
                           R"("completionReason":"FINISH","amazon-bedrock-trace":{"guardrail":{}},)"
                           R"("amazon-bedrock-invocationMetrics":{"inputTokenCount":28,)"
                           R"("outputTokenCount":188,"invocationLatency":9289}})"}));

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(testing::text_of(events), "\nOnce");
  const Done& done = events.back().done();
  EXPECT_EQ(done.finish_reason, FinishReason::content_filter);
  EXPECT_EQ(done.stop_reason, "FINISH");
  EXPECT_EQ(done.usage.prompt_tokens, 28);
  EXPECT_EQ(done.usage.completion_tokens, 188);
  EXPECT_EQ(done.details.trace.text(), R"({"guardrail":{}})");
}

TEST(TitanText, fails_when_a_stream_holds_a_second_result) {
  const auto events =
      events_of(titan_text_codec(),
                stream_of({R"({"outputText":"a","index":1,"completionReason":"FINISH"})"}));

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
}

}  // namespace
}  // namespace llm::bedrock
