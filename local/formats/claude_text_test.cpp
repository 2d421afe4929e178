#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kModel = "anthropic.claude-v2:1";

std::string body(std::string_view prompt, std::string_view more = "") {
  return R"({"prompt":")" + std::string(prompt) + R"(","max_tokens_to_sample":200)" +
         std::string(more) + "}";
}

TEST(ClaudeText, replies_to_the_last_turn_in_the_recorded_shape) {
  const Reply reply = test::invoke(
      kModel, body(R"(Be good.\n\nHuman: One\n\nAssistant: 1\n\nHuman: Two\n\nAssistant:)"));

  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, StartsWith(R"({"type":"completion","completion":" This is the local)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(You asked: \"Two\")"));
  EXPECT_TRUE(reply.body.ends_with(R"(","stop_reason":"stop_sequence","stop":"\n\nHuman:"})"));
}

TEST(ClaudeText, obeys_max_tokens_and_stop_sequences) {
  const Document cut(
      test::invoke(kModel, R"({"prompt":"\n\nHuman: x\n\nAssistant:","max_tokens_to_sample":3})")
          .body);
  const Document stopped(
      test::invoke(kModel, body(R"(\n\nHuman: x\n\nAssistant:)", R"(,"stop_sequences":["local"])"))
          .body);

  EXPECT_EQ(cut["completion"].string(), " This is the");
  EXPECT_EQ(cut["stop_reason"].string(), "max_tokens");
  EXPECT_TRUE(cut["stop"].is_null());
  EXPECT_EQ(stopped["completion"].string(), " This is the ");
  EXPECT_EQ(stopped["stop"].string(), "local");
}

TEST(ClaudeText, streams_the_text_of_a_buffered_response) {
  const std::string request = body(R"(\n\nHuman: x\n\nAssistant:)");

  const Document buffered(test::invoke(kModel, request).body);
  const std::vector<std::string> natives = test::natives_of(test::invoke_stream(kModel, request));

  ASSERT_GT(natives.size(), 3U);
  std::string text;
  for (const std::string& native : natives) text += Document(native)["completion"].text_or_empty();
  EXPECT_EQ(text, buffered["completion"].text_or_empty());
  EXPECT_TRUE(natives[0].ends_with(R"(,"stop_reason":null,"stop":null})")) << natives[0];
  EXPECT_THAT(natives.back(),
              StartsWith(R"({"type":"completion","completion":"","stop_reason":"stop_sequence",)"
                         R"("stop":"\n\nHuman:","amazon-bedrock-invocationMetrics":{)"));
}

std::vector<test::RefusalRow> refusals() {
  return {
      {"no_human_turn", body("Hello"),
       "Invalid prompt: prompt must start with \"\n\nHuman:\" turn after an optional system "
       "prompt"},
      {"no_assistant_turn", body(R"(\n\nHuman: Hello)"),
       "Invalid prompt: prompt must end with \"\n\nAssistant:\" turn"},
      {"no_token_limit", R"({"prompt":"x"})",
       "Malformed input request: #: required key [max_tokens_to_sample] not found, please "
       "reformat your input and try again."},
      {"unknown_member_and_large_top_k", body("x", R"(,"max_tokens":1,"top_k":501)"),
       "Malformed input request: #: extraneous key [max_tokens] is not permitted#/top_k: 501 is "
       "not less or equal to 500, please reformat your input and try again."},
  };
}

class ClaudeTextRefusals : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(ClaudeTextRefusals, are_in_the_words_of_bedrock) {
  const test::RefusalRow& row = GetParam();
  EXPECT_EQ(test::message_of(test::invoke(kModel, row.body)), row.message);
}

INSTANTIATE_TEST_SUITE_P(, ClaudeTextRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

}  // namespace
}  // namespace llm::local
