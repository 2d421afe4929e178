#include "bedrock/config/late_region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "bedrock/provider.hpp"
#include "tests/support/credential_fixture.hpp"

namespace llm::bedrock {
namespace {

using test_support::header;

/// A client on an EC2 instance that has a role, without a configured region.
class LateRegionTest : public ::testing::Test {
 protected:
  LateRegionTest() {
    system_->set_env("HOME", "/home/me");
    options_.model = "meta.llama3-3-70b-instruct-v1:0";
    options_.transport = transport_;
  }

  void respond(int status, std::string body, std::vector<HttpHeader> headers = {}) {
    transport_->expect(
        {.status = status, .headers = std::move(headers), .body = {std::move(body)}});
  }
  void respond_token() {
    respond(200, "token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  }
  void respond_credentials() {
    respond_token();
    respond(200, "app-role");
    respond(200,
            R"({"Code":"Success","AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","Token":"t",)"
            R"("Expiration":"2026-01-02T09:04:05Z"})");
  }
  void respond_chat() { respond(200, R"({"generation":"Yes.","stop_reason":"stop"})"); }

  [[nodiscard]] std::shared_ptr<const BedrockProvider> provider() const {
    Result<ProviderConfig> config = resolve(options_, system_);
    EXPECT_TRUE(config);
    return std::make_shared<const BedrockProvider>(std::move(*config));
  }
  static ChatRequest request() { return {.messages = {Message::user("Why?")}}; }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

TEST_F(LateRegionTest, sends_nothing_before_the_first_call) {
  const auto client = provider();
  ChatStream stream = client->stream_chat_completion(request(), {});

  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(LateRegionTest, sends_to_and_signs_for_the_region_of_the_instance_and_caches_it) {
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1\n");
  respond_chat();
  respond_chat();
  const auto client = provider();

  const auto first = client->chat_completion(request(), {});
  const auto second = client->chat_completion(request(), {});

  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(first->warnings.empty());
  const auto requests = transport_->requests();
  ASSERT_EQ(requests.size(), 7U);
  EXPECT_THAT(requests[4].url, ::testing::EndsWith("/latest/meta-data/placement/region"));
  for (const HttpRequest& request : {requests[5], requests[6]}) {
    EXPECT_THAT(request.url,
                ::testing::StartsWith("https://bedrock-runtime.eu-west-1.amazonaws.com/"));
    EXPECT_THAT(header(request, "authorization"), ::testing::HasSubstr("/eu-west-1/bedrock/"));
  }
}

TEST_F(LateRegionTest, falls_back_to_us_east_1_with_a_warning_when_the_instance_gives_none) {
  respond_credentials();
  respond_token();
  respond(404, "");
  respond_chat();

  const auto response = provider()->chat_completion(request(), {});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(transport_->requests().back().url, ::testing::HasSubstr("us-east-1"));
  ASSERT_EQ(response->warnings.size(), 1U);
  EXPECT_EQ(response->warnings[0].id, "region");
  EXPECT_THAT(response->warnings[0].message, ::testing::HasSubstr("AWS_REGION"));
}

TEST_F(LateRegionTest, names_the_region_of_the_instance_in_the_errors_of_streams) {
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1");
  transport_->expect({.status = 403,
                      .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
                      .body = {R"({"message":"no"})"}});

  const auto response = provider()->stream_chat_completion(request(), {}).collect();

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, ::testing::HasSubstr("in eu-west-1"));
}

TEST_F(LateRegionTest, does_not_ask_the_instance_for_credentials_of_another_source) {
  system_->set_env("AWS_ACCESS_KEY_ID", "AKID");
  system_->set_env("AWS_SECRET_ACCESS_KEY", "s");
  respond_chat();

  const auto response = provider()->chat_completion(request(), {});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->warnings.empty());
  ASSERT_EQ(transport_->requests().size(), 1U);
  EXPECT_THAT(transport_->requests()[0].url, ::testing::HasSubstr("us-east-1"));
}

TEST_F(LateRegionTest, does_not_ask_the_instance_when_a_region_is_configured) {
  system_->set_env("AWS_REGION", "us-west-2");
  respond_credentials();
  respond_chat();

  ASSERT_TRUE(provider()->chat_completion(request(), {}));

  ASSERT_EQ(transport_->requests().size(), 4U);
  EXPECT_THAT(transport_->requests()[3].url, ::testing::HasSubstr("us-west-2"));
}

TEST_F(LateRegionTest, reports_missing_credentials_and_looks_again_the_next_time) {
  const auto config = resolve(options_, system_);
  ASSERT_TRUE(config);

  const auto without = region_in_use(*config, {}, {});  // Nothing responds.
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1");
  const auto with = region_in_use(*config, {}, {});

  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::authentication_error);
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->region.value, "eu-west-1");
  EXPECT_EQ(with->region.source, "instance metadata");
}

}  // namespace
}  // namespace llm::bedrock
