#include "aws/signer.hpp"

#include <gtest/gtest.h>

#include "aws/protocol/sign_request.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kNoon = "20261122T120000Z";

struct Call {
  const char* what;
  std::string_view id;
  std::string_view secret;
  std::string_view region;
  std::string_view service;
  std::string_view at;
};

HttpRequest request() {
  return {.url = "https://host.example/model/m/invoke",
          .headers = {{"content-type", "application/json"}},
          .body = std::make_shared<const std::string>("{}")};
}

Credentials credentials(const Call& call) {
  return {.access_key_id = std::string(call.id),
          .secret_access_key = Secret(std::string(call.secret))};
}

base::TimePoint time(const Call& call) { return base::parse_compact_iso8601(call.at).value(); }

// Each one after the other, with one signer. What is signed without a cached key is right, as the
// published vectors prove.
TEST(Signer, signs_as_without_a_cached_key_whatever_changes) {
  const Call cases[] = {
      {"first", "A", "secret", "r", "s", kNoon},
      {"the same again", "A", "secret", "r", "s", kNoon},
      {"a second later", "A", "secret", "r", "s", "20261122T120001Z"},
      {"the secret was rotated", "B", "other!", "r", "s", kNoon},
      {"the secret alone is another", "B", "secret", "r", "s", kNoon},
      {"the id alone is another", "C", "secret", "r", "s", kNoon},
      {"a secret that begins alike", "C", "secret2", "r", "s", kNoon},
      {"the day changed", "C", "secret2", "r", "s", "20261123T000000Z"},
      {"another region", "C", "secret2", "r2", "s", "20261123T000000Z"},
      {"another service", "C", "secret2", "r2", "s2", "20261123T000000Z"},
      {"all as at first", "A", "secret", "r", "s", kNoon},
  };
  const Signer signer;
  for (const Call& call : cases) {
    SCOPED_TRACE(call.what);
    HttpRequest expected = request();
    HttpRequest actual = request();
    ASSERT_TRUE(sign_request(expected, credentials(call), call.region, call.service, time(call)));

    ASSERT_TRUE(signer.sign(actual, *split_url(actual.url), credentials(call), call.region,
                            call.service, time(call)));

    EXPECT_EQ(actual.headers, expected.headers);
  }
}

TEST(Signer, leaves_a_refused_request_unchanged) {
  const Call call{"", "A", "secret", "r", "s", kNoon};
  const Signer signer;
  HttpRequest refused{.url = "https://host/", .headers = {{"a", "b\r\nc: d"}}};

  const auto result =
      signer.sign(refused, *split_url(refused.url), credentials(call), "r", "s", time(call));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(refused.headers.size(), 1U);
}

}  // namespace
}  // namespace llm::aws
