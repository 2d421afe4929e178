#include "local/runtime/count_tokens.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kSonnet4 = "anthropic.claude-sonnet-4-20250514-v1:0";

Reply count(std::string_view model, std::string_view body) {
  return test::handle(test::open_service(), test::model_request(model, "count-tokens", body));
}

std::string native(std::string_view body) {
  std::string encoded;
  base::append_base64(body, encoded);
  return R"({"input":{"invokeModel":{"body":")" + encoded + R"("}}})";
}

TEST(CountTokens, counts_what_converse_would) {
  constexpr std::string_view kMessages =
      R"("messages":[{"role":"user","content":[{"text":"Why is the sky blue?"}]}])";

  const Reply counted =
      count(kSonnet4, R"({"input":{"converse":{)" + std::string(kMessages) + "}}}");
  const test::Document conversed(
      test::handle(test::open_service(),
                   test::model_request("us." + std::string(kSonnet4), "converse",
                                       "{" + std::string(kMessages) + "}"))
          .body);

  EXPECT_EQ(counted.body, R"({"inputTokens":)" + conversed["usage"]["inputTokens"].to_text() + "}");
  EXPECT_EQ(test::header(counted, "Content-Type"), "application/json");
}

TEST(CountTokens, counts_what_invoke_model_would) {
  constexpr std::string_view kBody =
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9,)"
      R"("messages":[{"role":"user","content":"Why is the sky blue?"}]})";

  const Reply counted = count(kSonnet4, native(kBody));
  const Reply invoked = test::invoke("us." + std::string(kSonnet4), kBody);

  EXPECT_EQ(counted.body,
            R"({"inputTokens":)" +
                std::string(test::header(invoked, "X-Amzn-Bedrock-Input-Token-Count")) + "}");
}

TEST(CountTokens, takes_bare_ids_of_models_that_count) {
  constexpr std::string_view kBody =
      R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}}})";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"us.anthropic.claude-sonnet-4-20250514-v1:0",
       "The provided model doesn't support counting tokens."},
      {"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
       "The provided model doesn't support counting tokens."},
      {"amazon.nova-lite-v1:0", "The provided model doesn't support counting tokens."},
      {"anthropic.claude-sonnet-5", "The provided model doesn't support counting tokens."},
      {"does-not-exist", "The provided model identifier is invalid."},
      {std::string(257, 'a'),
       "1 validation error detected: Value at 'modelId' failed to satisfy constraint: Member must "
       "have length less than or equal to 256"},
  };
  for (const auto& [model, message] : cases) {
    const Reply reply = count(model, kBody);

    EXPECT_EQ(reply.status, 400) << model;
    EXPECT_EQ(test::message_of(reply), message) << model;
  }
  EXPECT_EQ(count(kSonnet4, kBody).status, 200);
}

std::vector<test::RefusalRow> refusals() {
  return {
      {"no_input", "{}",
       "1 validation error detected: Value null at 'input' failed to satisfy constraint: Member "
       "must not be null"},
      {"no_format", R"({"input":{}})",
       "CountTokensInput object at input must set one of the following keys: invokeModel, "
       "converse."},
      {"inference_config", R"({"input":{"converse":{"messages":[],"inferenceConfig":{}}}})",
       "Malformed input request: #/input/converse: extraneous key [inferenceConfig] is not "
       "permitted, please reformat your input and try again."},
      {"assistant_first",
       R"({"input":{"converse":{"messages":[{"role":"assistant","content":[{"text":"a"}]}]}}})",
       "A conversation must start with a user message. Try again with a conversation that starts "
       "with a user message."},
      {"incomplete_native_body", native(R"({"max_tokens":9})"),
       "Malformed input request: #: required key [anthropic_version] not found#: required key "
       "[messages] not found, please reformat your input and try again."},
      {"native_body_is_not_json", native("{"),
       "Malformed input request, please reformat your input and try again."},
      {"native_body_is_not_base64", R"({"input":{"invokeModel":{"body":"?"}}})",
       "Malformed input request, please reformat your input and try again."},
  };
}

class CountTokensRefusals : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(CountTokensRefusals, are_those_of_the_counted_request) {
  const test::RefusalRow& row = GetParam();
  EXPECT_EQ(test::message_of(count(kSonnet4, row.body)), row.message);
}

INSTANTIATE_TEST_SUITE_P(, CountTokensRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

}  // namespace
}  // namespace llm::local
