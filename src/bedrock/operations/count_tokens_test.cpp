#include "bedrock/operations/count_tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <llm/testing.hpp>

#include "bedrock/provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

const std::string kClaude = "anthropic.claude-sonnet-4-20250514-v1:0";

class CountTokensCall : public ::testing::Test {
 protected:
  CountTokensCall() {
    options_ = {.model = kClaude,
                .region = "us-east-1",
                .credentials = aws::static_credentials(
                    {.access_key_id = "A", .secret_access_key = Secret("s"), .source = "test"}),
                .environment_use = EnvironmentUse::ignore,
                .transport = transport_};
  }

  Result<TokenCount> count(ChatRequest request) {
    auto config = resolve(options_, std::make_shared<port::ScriptedSystem>());
    EXPECT_TRUE(config);
    const Client client(std::make_shared<const BedrockProvider>(std::move(*config)));
    return client.count_tokens(request);
  }

  static ChatRequest question(std::string model = {}) {
    return {.model = std::move(model), .messages = {Message::user("Why?")}};
  }

  /// Claude refuses it, unless lint repairs it.
  static ChatRequest begun_with_trailing_space() {
    return {.messages = {Message::user("Why?"), Message::assistant("Because ")}};
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  Options options_;
};

TEST_F(CountTokensCall, counts_what_a_chat_would_send) {
  transport_->expect({.headers = {{"x-amzn-requestid", "r-1"}}, .body = {R"({"inputTokens":18})"}});

  const auto counted = count(question());

  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_EQ(*counted, (TokenCount{.prompt_tokens = 18, .model = kClaude, .request_id = "r-1"}));
  const HttpRequest sent = transport_->requests().at(0);
  EXPECT_EQ(sent.url,
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
            "anthropic.claude-sonnet-4-20250514-v1%3A0/count-tokens");
  EXPECT_THAT(*sent.body, HasSubstr("{\"input\":{\"invokeModel\":{\"body\":\""));
}

TEST_F(CountTokensCall, counts_by_converse_where_a_chat_goes_that_way) {
  options_.api = Api::converse;
  transport_->expect({.body = {R"({"inputTokens":9})"}});

  const auto counted = count(question());

  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_EQ(*transport_->requests().at(0).body,
            R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Why?"}]}]}}})");
}

TEST_F(CountTokensCall, counts_the_request_as_lint_repairs_it) {
  options_.api = Api::converse;
  options_.lint = Lint::repair;
  transport_->expect({.body = {R"({"inputTokens":9})"}});

  const auto counted = count(begun_with_trailing_space());

  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_EQ(*transport_->requests().at(0).body,
            R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Why?"}]},)"
            R"({"role":"assistant","content":[{"text":"Because"}]}]}}})");
  ASSERT_EQ(counted->warnings.size(), 1U);
  EXPECT_EQ(counted->warnings[0].id, "trailing_space");
}

TEST_F(CountTokensCall, refuses_what_a_chat_would_refuse) {
  options_.lint = Lint::refuse;

  const auto counted = count(begun_with_trailing_space());

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::invalid_request_error);
  EXPECT_THAT(counted.error().message, HasSubstr("trailing_space"));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(CountTokensCall, asks_the_base_model_of_a_profile) {
  const struct {
    std::string requested_id;
    std::string host;
  } cases[] = {
      {"us." + kClaude, "bedrock-runtime.us-east-1."},
      {"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu." + kClaude,
       "bedrock-runtime.eu-west-1."},
      {"arn:aws:bedrock:eu-west-1::foundation-model/" + kClaude, "bedrock-runtime.eu-west-1."},
  };
  for (const auto& row : cases) {
    transport_->expect({.body = {R"({"inputTokens":9})"}});

    const auto counted = count(question(row.requested_id));

    ASSERT_TRUE(counted) << row.requested_id << counted.error().message;
    EXPECT_EQ(counted->model, kClaude) << row.requested_id;
    const std::string url = transport_->requests().back().url;
    EXPECT_THAT(url, HasSubstr(row.host)) << row.requested_id;
    EXPECT_THAT(url, HasSubstr("/model/anthropic.claude-sonnet-4-20250514-v1%3A0/"))
        << row.requested_id;
  }
}

TEST_F(CountTokensCall, refuses_an_id_whose_base_model_is_not_known) {
  const auto counted =
      count(question("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"));

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(counted.error().message, HasSubstr("application-inference-profile/abc"));
  // The control plane was asked for the base model; no count was requested.
  for (const HttpRequest& request : transport_->requests()) EXPECT_EQ(request.method, "GET");
}

TEST_F(CountTokensCall, says_why_the_base_model_is_not_known) {
  transport_->expect({.status = 403,
                      .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
                      .body = {R"({"message":"not authorized"})"}});

  const auto counted =
      count(question("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"));

  ASSERT_FALSE(counted);
  EXPECT_THAT(counted.error().message, HasSubstr("bedrock:GetInferenceProfile"));
}

TEST_F(CountTokensCall, passes_on_the_refusal_of_a_model_that_cannot_count) {
  transport_->expect({.status = 400,
                      .headers = {{"x-amzn-errortype", "ValidationException"}},
                      .body = {R"({"message":"The provided model doesn't support )"
                               R"(counting tokens."})"}});

  const auto counted = count(question("meta.llama3-3-70b-instruct-v1:0"));

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::invalid_request_error);
  EXPECT_EQ(counted.error().service_code, "ValidationException");
  EXPECT_THAT(counted.error().message, HasSubstr("CountTokens of \"meta.llama3-3-70b"));
  EXPECT_THAT(counted.error().advice, HasSubstr("supports CountTokens"));
}

TEST_F(CountTokensCall, reports_a_response_without_a_number) {
  transport_->expect({.headers = {{"x-amzn-requestid", "r-2"}}, .body = {"<html>"}});

  const auto counted = count(question());

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::model_error);
  EXPECT_EQ(counted.error().request_id, "r-2");
  EXPECT_EQ(counted.error().attempts, 1);
}

}  // namespace
}  // namespace llm::bedrock
