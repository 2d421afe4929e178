#include "aws/credentials/credential_call.hpp"

#include <gtest/gtest.h>

#include "tests/support/credential_world.hpp"

namespace llm::aws {
namespace {

struct PeerCase {
  std::string url;
  PeerRule asked;
  PeerRule sent;
};

TEST(CredentialCall, keeps_plain_http_on_this_machine_or_at_the_metadata_services) {
  const std::vector<PeerCase> cases = {
      {"http://localhost:8080/", PeerRule::any, PeerRule::loopback},
      {"http://169.254.170.2/", PeerRule::metadata, PeerRule::metadata},
      {"https://sts.eu-west-1.amazonaws.com/", PeerRule::any, PeerRule::any},
  };

  for (const PeerCase& row : cases) {
    test_support::CredentialWorld world;
    world.answer(200, "{}");
    const CredentialCall call{
        .what = "asking",
        .request = [&] { return HttpRequest{.method = "GET", .url = row.url, .peer = row.asked}; },
        .retry = retry_json_response};

    ASSERT_TRUE(perform(world.context, call, {})) << row.url;

    EXPECT_EQ(world.request(0).peer, row.sent) << row.url;
  }
}

TEST(CredentialCall, shows_no_part_of_a_secret_that_the_refusal_repeats) {
  const std::string secret = "refresh-token-0123456789-abcdefghijkl";
  const ServiceError service{.status = 400, .message = "what is " + secret.substr(0, 20)};

  const Error error = refusal("asking", service, 1, "sign in again", {Secret(secret)});

  EXPECT_FALSE(error.message.contains("refresh-token")) << error.message;
  EXPECT_TRUE(error.message.contains("sign in again"));
}

}  // namespace
}  // namespace llm::aws
