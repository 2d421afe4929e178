// Calls with an API key instead of a signature.
#include <gmock/gmock.h>

#include <string>

#include "bedrock/call/pipeline_test_support.hpp"

namespace llm::bedrock {
namespace {

class ApiKeyPipelineTest : public PipelineTest {};

TEST_P(ApiKeyPipelineTest, sends_an_api_key_and_no_signature) {
  config_.identity.api_key = Secret("bedrock-api-key-1");
  transport_->expect(success());

  ASSERT_TRUE(send());

  const HttpRequest request = transport_->requests().at(0);
  EXPECT_EQ(header(request, "authorization"), "Bearer bedrock-api-key-1");
  EXPECT_EQ(header(request, "x-amz-date"), "");
}

TEST_P(ApiKeyPipelineTest, prefers_the_api_key_of_the_call) {
  config_.identity.api_key = Secret("of-the-client");
  transport_->expect(success());

  ASSERT_TRUE(send({.api_key = Secret("of-the-call")}));

  EXPECT_EQ(header(transport_->requests().at(0), "authorization"), "Bearer of-the-call");
}

TEST_P(ApiKeyPipelineTest, ignores_an_empty_api_key_of_the_call) {
  config_.identity = {.api_key = Secret("of-the-client")};
  transport_->expect(success());

  ASSERT_TRUE(send({.api_key = Secret("")}));

  EXPECT_EQ(header(transport_->requests().at(0), "authorization"), "Bearer of-the-client");
}

TEST_P(ApiKeyPipelineTest, renews_a_refused_api_key_once_a_call) {
  const auto refused =
      refusal(403, "AccessDeniedException",
              R"({"Message":"Authentication failed: Please make sure your API Key is valid."})");
  int renewals = 0;
  config_.identity.api_key = Secret("old");
  config_.identity.renew_api_key = [&]() -> Result<Secret> {
    ++renewals;
    return Secret("new");
  };
  transport_->expect(refused);
  transport_->expect(refused);

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(renewals, 1);
  EXPECT_EQ(header(transport_->requests().at(1), "authorization"), "Bearer new");
  EXPECT_EQ(response.error().message.find("new"), std::string::npos);
}

TEST_P(ApiKeyPipelineTest, refuses_an_api_key_with_a_line_end) {
  config_.identity.api_key = Secret("key\r\nx-injected: yes");

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::configuration_error);
  EXPECT_TRUE(transport_->requests().empty());
  EXPECT_EQ(response.error().attempts, 0);
}

INSTANTIATE_TEST_SUITE_P(Drivers, ApiKeyPipelineTest,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);

}  // namespace
}  // namespace llm::bedrock
