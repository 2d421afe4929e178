// What a hostile service, or a hostile proxy, cannot do.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "bedrock/call/pipeline_test_support.hpp"

namespace llm::bedrock {
namespace {

const std::string kSessionToken = "session-token-0123456789";
const std::string kApiKey = "api-key-0123456789";

class HostileServiceTest : public PipelineTest {
 protected:
  HostileServiceTest() {
    config_.identity.credentials =
        aws::static_credentials({.access_key_id = "AKID",
                                 .secret_access_key = Secret("shh"),
                                 .session_token = Secret(kSessionToken)});
  }

  void use_endpoint(std::string_view url) { request_.endpoint = *aws::parse_endpoint(url, "x"); }

  /// The error of one call that gets this response.
  Error failure(ScriptedResponse response) {
    transport_->expect(std::move(response));
    const Result<Response> result = send({.max_retries = 0});
    return result ? Error{.message = "No failure."} : result.error();
  }
};

INSTANTIATE_TEST_SUITE_P(Drivers, HostileServiceTest,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);

TEST_P(HostileServiceTest, cannot_redirect_a_call) {
  const Error error =
      failure({.status = 307, .headers = {{"location", "https://attacker.example/"}}});

  EXPECT_EQ(error.status_code, 307);
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_P(HostileServiceTest, cannot_fill_the_memory_with_an_error) {
  const std::string padding(2 * 1024 * 1024, 'x');

  const Error error =
      failure({.status = 400, .body = {R"({"pad":")" + padding, R"(","message":"the end"})"}});

  EXPECT_EQ(error.message.find("the end"), std::string::npos);
}

TEST_P(HostileServiceTest, cannot_be_another_machine_with_a_loopback_name) {
  for (const std::string_view url : {"http://localhost:8080", "http://127.0.0.1:8080"}) {
    use_endpoint(url);

    (void)failure({.status = 400});

    EXPECT_EQ(transport_->requests().back().peer, PeerRule::loopback) << url;
  }
}

TEST_P(HostileServiceTest, cannot_put_a_key_or_token_into_an_error) {
  for (const std::string& secret : {kSessionToken, kApiKey}) {
    if (secret == kApiKey) config_.identity.api_key = Secret(kApiKey);

    const Error error =
        failure({.status = 403,
                 .headers = {{"x-amzn-requestid", secret}, {"x-amzn-errortype", secret}},
                 .body = {R"({"message":"what is ')" + secret + R"('?"})"}});

    EXPECT_EQ(error.status_code, 403);
    for (const std::string& text : {error.message, error.request_id, error.service_code}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
    }
  }
}

TEST_P(HostileServiceTest, cannot_put_a_part_of_a_long_key_into_an_error) {
  std::string key;
  for (int i = 0; key.size() < 900; ++i) key += std::to_string(i * 7919 + 100'000);
  config_.identity.api_key = Secret(key);
  const std::string page = "<html>you sent Bearer " + key;
  const std::string document = R"({"message":")" + std::string(1500, 'x') + ' ' + key + R"("})";

  for (const std::string& body : {page, document}) {
    const Error error = failure({.status = 403, .body = {body}});

    EXPECT_EQ(error.message.find(key.substr(0, 16)), std::string::npos) << error.message;
  }
}

}  // namespace
}  // namespace llm::bedrock
