#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kModel = "meta.llama2-13b-chat-v1";

std::string body(std::string_view prompt, std::string_view more = "") {
  return R"({"prompt":")" + std::string(prompt) + "\"" + std::string(more) + "}";
}

TEST(Llama, replies_in_the_recorded_shape) {
  const Reply reply = test::invoke(kModel, body("Why?"));

  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, StartsWith(R"({"generation":"\n\nThis is the local Bedrock)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(","prompt_token_count":1,"generation_token_count":)"));
  EXPECT_TRUE(reply.body.ends_with(R"(,"stop_reason":"stop"})")) << reply.body;
}

TEST(Llama, finds_the_last_question_in_each_template) {
  const std::vector<std::string_view> prompts{
      R"(<s>[INST] <<SYS>>\nBe good.\n<</SYS>>\n\nOne [/INST] 1 </s><s>[INST] Two [/INST])",
      R"(<s>[INST] <<SYS>>\nBe good.\n<</SYS>>\n\nTwo [/INST])",
      R"(<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nTwo<|eot_id|>)"
      R"(<|start_header_id|>assistant<|end_header_id|>\n\n)",
      R"(<|begin_of_text|><|header_start|>user<|header_end|>\n\nTwo<|eot|>)"
      R"(<|header_start|>assistant<|header_end|>\n\n)",
  };
  for (const std::string_view prompt : prompts) {
    EXPECT_THAT(test::invoke(kModel, body(prompt)).body, HasSubstr(R"(You asked: \"Two\")"))
        << prompt;
  }
}

TEST(Llama, obeys_max_gen_len) {
  const Document cut(test::invoke(kModel, body("x", R"(,"max_gen_len":4)")).body);

  EXPECT_EQ(cut["generation"].string(), "\n\nThis is the local");
  EXPECT_EQ(cut["generation_token_count"].integer(), 4);
  EXPECT_EQ(cut["stop_reason"].string(), "length");
}

TEST(Llama, streams_the_text_of_a_buffered_response) {
  const Document buffered(test::invoke(kModel, body("Why?")).body);
  const std::vector<std::string> natives =
      test::natives_of(test::invoke_stream(kModel, body("Why?")));

  ASSERT_GT(natives.size(), 2U);
  std::string text;
  for (const std::string& native : natives) text += Document(native)["generation"].text_or_empty();
  EXPECT_EQ(text, buffered["generation"].text_or_empty());
  EXPECT_EQ(natives[0],
            R"({"generation":"\n\nThis","prompt_token_count":1,"generation_token_count":1,)"
            R"("stop_reason":null})");
  EXPECT_EQ(natives[1],
            R"({"generation":" is","prompt_token_count":null,"generation_token_count":2,)"
            R"("stop_reason":null})");
  const Document last(natives.back());
  EXPECT_EQ(last["stop_reason"].string(), "stop");
  EXPECT_EQ(last["generation_token_count"].integer(), buffered["generation_token_count"].integer());
  EXPECT_TRUE(last["amazon-bedrock-invocationMetrics"].is_object());
}

std::vector<test::RefusalRow> refusals() {
  return {
      {"no_prompt", "{}", "#: required key [prompt] not found"},
      {"unknown_member", body("x", R"(,"stop_sequences":["x"])"),
       "#: extraneous key [stop_sequences] is not permitted"},
      {"too_many_tokens", body("x", R"(,"max_gen_len":2049)"),
       "#/max_gen_len: 2049 is not less or equal to 2048"},
      {"no_tokens", body("x", R"(,"max_gen_len":0)"),
       "#/max_gen_len: 0 is not greater or equal to 1"},
      {"empty_prompt", body(""), "#/prompt: expected minLength: 1, actual: 0"},
  };
}

class LlamaRefusals : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(LlamaRefusals, are_in_the_words_of_bedrock) {
  const test::RefusalRow& row = GetParam();
  EXPECT_EQ(test::message_of(test::invoke(kModel, row.body)), test::malformed_message(row.message));
}

INSTANTIATE_TEST_SUITE_P(, LlamaRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

}  // namespace
}  // namespace llm::local
