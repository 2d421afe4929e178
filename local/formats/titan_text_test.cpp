#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kModel = "amazon.titan-text-lite-v1";

std::string body(std::string_view prompt, std::string_view config = "{}") {
  return R"({"inputText":")" + std::string(prompt) + R"(","textGenerationConfig":)" +
         std::string(config) + "}";
}

TEST(TitanText, replies_in_the_recorded_shape) {
  const Reply reply = test::invoke(kModel, body("Why?"));

  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, StartsWith(R"({"inputTextTokenCount":1,"results":[{"tokenCount":)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(,"outputText":"\nThis is the local Bedrock)"));
  EXPECT_TRUE(reply.body.ends_with(R"(","completionReason":"FINISH"}]})")) << reply.body;
}

TEST(TitanText, quotes_the_last_user_turn) {
  const Reply reply = test::invoke(kModel, body(R"(User: One\nBot: 1\nUser: Two\nBot:)"));

  EXPECT_THAT(reply.body, HasSubstr(R"(You asked: \"Two\")"));
}

TEST(TitanText, obeys_max_tokens_and_stop_sequences) {
  const Document cut(test::invoke(kModel, body("x", R"({"maxTokenCount":4})")).body);
  const Document stopped(test::invoke(kModel, body("User: |", R"({"stopSequences":["|"]})")).body);

  const json::Value result = test::element(cut["results"], 0);
  EXPECT_EQ(result["tokenCount"].integer(), 4);
  EXPECT_EQ(result["outputText"].string(), "\nThis is the local");
  EXPECT_EQ(result["completionReason"].string(), "LENGTH");
  EXPECT_EQ(test::element(stopped["results"], 0)["completionReason"].string(), "STOP_CRITERIA_MET");
}

TEST(TitanText, streams_the_text_of_a_buffered_response) {
  const Document buffered(test::invoke(kModel, body("Why?")).body);
  const std::vector<std::string> natives =
      test::natives_of(test::invoke_stream(kModel, body("Why?")));

  ASSERT_GT(natives.size(), 2U);
  std::string text;
  for (const std::string& native : natives) text += Document(native)["outputText"].text_or_empty();
  const json::Value result = test::element(buffered["results"], 0);
  EXPECT_EQ(text, result["outputText"].text_or_empty());
  EXPECT_TRUE(natives[0].ends_with(R"(,"completionReason":null,"inputTextTokenCount":1})"));
  const Document last(natives.back());
  EXPECT_EQ(last["completionReason"].string(), "FINISH");
  EXPECT_EQ(last["totalOutputTextTokenCount"].integer(), result["tokenCount"].integer());
  EXPECT_EQ(last["amazon-bedrock-invocationMetrics"]["outputTokenCount"].integer(),
            result["tokenCount"].integer());
}

std::vector<test::RefusalRow> refusals() {
  return {
      {"no_text", "{}", "#: required key [inputText] not found"},
      {"too_many_tokens", body("x", R"({"maxTokenCount":4097})"),
       "#/textGenerationConfig/maxTokenCount: 4097 is not less or equal to 4096"},
      {"unknown_option", body("x", R"({"maxTokens":1})"),
       "#/textGenerationConfig: extraneous key [maxTokens] is not permitted"},
      {"other_stop_sequence", body("x", R"({"stopSequences":["Human:"]})"),
       "#/textGenerationConfig/stopSequences/0: string [Human:] does not match pattern "
       "^(\\|+|User:)$"},
      {"two_stop_sequences", body("x", R"({"stopSequences":["|","||"]})"),
       "#/textGenerationConfig/stopSequences: expected maximum item count: 1, found: 2"},
      {"empty_text", body(""), "#/inputText: expected minLength: 1, actual: 0"},
  };
}

class TitanTextRefusals : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(TitanTextRefusals, are_in_the_words_of_bedrock) {
  const test::RefusalRow& row = GetParam();
  EXPECT_EQ(test::message_of(test::invoke(kModel, row.body)), test::malformed_message(row.message));
}

INSTANTIATE_TEST_SUITE_P(, TitanTextRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

}  // namespace
}  // namespace llm::local
