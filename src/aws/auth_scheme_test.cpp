#include "aws/auth_scheme.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace llm::aws {
namespace {

struct Row {
  std::string name;
  std::vector<std::string> preference;
  AuthScheme used;
  std::string warning;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class AuthSchemeTest : public testing::TestWithParam<Row> {};

TEST_P(AuthSchemeTest, warns_when_the_preference_is_not_met) {
  Settings settings;
  settings.auth_scheme_preference = {GetParam().preference, "AWS_AUTH_SCHEME_PREFERENCE"};

  const auto warning = auth_scheme_warning(settings, GetParam().used);

  EXPECT_EQ(warning.value_or(""), GetParam().warning);
}

const std::string kTokenTakesPrecedence =
    "AWS_AUTH_SCHEME_PREFERENCE prefers sigv4, but AWS_BEARER_TOKEN_BEDROCK is set and takes "
    "precedence. Unset it to sign requests with SigV4.";
const std::string kNoToken =
    "AWS_AUTH_SCHEME_PREFERENCE prefers httpBearerAuth, but AWS_BEARER_TOKEN_BEDROCK is not set. "
    "Requests are signed with SigV4.";
const std::string kNoneSupported =
    "AWS_AUTH_SCHEME_PREFERENCE is ignored: it names no scheme that Bedrock supports (sigv4 or "
    "httpBearerAuth).";

INSTANTIATE_TEST_SUITE_P(
    Preferences, AuthSchemeTest,
    testing::Values(
        Row{"sigv4_met", {"sigv4"}, AuthScheme::sigv4, ""},
        Row{"bearer_met", {"httpBearerAuth", "sigv4"}, AuthScheme::bearer, ""},
        Row{"unsupported_schemes_are_skipped",
            {"sigv4a", "noAuth", "sigv4"},
            AuthScheme::sigv4,
            ""},
        Row{"bearer_overrides_sigv4",
            {"sigv4", "httpBearerAuth"},
            AuthScheme::bearer,
            kTokenTakesPrecedence},
        Row{"bearer_without_a_token", {"httpBearerAuth"}, AuthScheme::sigv4, kNoToken},
        Row{"none_supported", {"sigv4a"}, AuthScheme::sigv4, kNoneSupported},
        Row{"none_supported_with_a_token", {"sigv4a"}, AuthScheme::bearer, kNoneSupported}),
    [](const auto& test) { return test.param.name; });

TEST(AuthScheme, needs_no_warning_without_a_preference) {
  EXPECT_FALSE(auth_scheme_warning({}, AuthScheme::sigv4));
  EXPECT_FALSE(auth_scheme_warning({}, AuthScheme::bearer));
}

}  // namespace
}  // namespace llm::aws
