#include "aws/credentials/credential_call.hpp"

#include <gtest/gtest.h>

#include "tests/support/credential_fixture.hpp"

namespace llm::aws {
namespace {

struct PeerCase {
  std::string url;
  PeerRule requested;
  PeerRule sent;
};

TEST(CredentialCall, keeps_plain_http_on_this_machine_or_at_the_metadata_services) {
  const std::vector<PeerCase> cases = {
      {"http://localhost:8080/", PeerRule::any, PeerRule::loopback},
      {"http://169.254.170.2/", PeerRule::metadata, PeerRule::metadata},
      {"https://sts.eu-west-1.amazonaws.com/", PeerRule::any, PeerRule::any},
  };

  for (const PeerCase& row : cases) {
    test_support::CredentialFixture fixture;
    fixture.respond(200, "{}");
    const CredentialCall call{
        .what = "GetRoleCredentials",
        .request =
            [&] { return HttpRequest{.method = "GET", .url = row.url, .peer = row.requested}; },
        .retry = retry_json_response};

    ASSERT_TRUE(perform(fixture.context, call, {})) << row.url;

    EXPECT_EQ(fixture.request(0).peer, row.sent) << row.url;
  }
}

TEST(CredentialCall, shows_no_part_of_a_secret_that_the_refusal_repeats) {
  const std::string secret = "refresh-token-0123456789-abcdefghijkl";
  const ServiceError service{.status = 400, .message = "what is " + secret.substr(0, 20)};

  const Error error = refusal("GetRoleCredentials", service, 1, "Sign in again.", {Secret(secret)});

  EXPECT_FALSE(error.message.contains("refresh-token")) << error.message;
  EXPECT_EQ(error.message, "GetRoleCredentials returned status 400.");
  EXPECT_EQ(error.advice, "Sign in again.");
}

class CredentialCallTest : public ::testing::Test {
 protected:
  Result<CredentialResponse> perform_once(std::stop_token stop = {}) {
    const CredentialCall call{
        .what = "GetRoleCredentials",
        .request = [] { return HttpRequest{.url = "https://portal.sso.eu-west-1.amazonaws.com/"}; },
        .retry = retry_json_response};
    return perform(fixture_.context, call, std::move(stop));
  }

  test_support::CredentialFixture fixture_;
};

TEST_F(CredentialCallTest, counts_its_attempts) {
  fixture_.respond(503, "{}");
  fixture_.respond(200, "{}");

  const auto response = perform_once();

  ASSERT_TRUE(response);
  EXPECT_EQ(response->attempts, 2);
  EXPECT_EQ(fixture_.system->sleeps().size(), 1U);
}

TEST_F(CredentialCallTest, is_cancelled_while_it_waits_for_a_retry) {
  std::stop_source stop;
  fixture_.system->on_sleep([&](std::chrono::milliseconds) { stop.request_stop(); });
  fixture_.respond(503, "{}");

  const auto response = perform_once(stop.get_token());

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "GetRoleCredentials was cancelled.");
}

TEST_F(CredentialCallTest, follows_no_redirect) {
  fixture_.respond(302, "");

  const auto response = perform_once();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message,
            "GetRoleCredentials: The response is a redirect, which is never followed.");
  EXPECT_FALSE(response.error().advice.empty());
}

TEST_F(CredentialCallTest, refuses_a_response_over_64_kib) {
  fixture_.respond(200, std::string(64 * 1024 + 1, 'x'));

  const auto response = perform_once();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "GetRoleCredentials: The response is longer than 64 KiB.");
}

}  // namespace
}  // namespace llm::aws
