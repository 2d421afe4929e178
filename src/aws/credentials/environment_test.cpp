#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Variables = std::vector<std::pair<std::string, std::string>>;

// The scripted clock is at 2026-01-02T03:04:05Z.
Result<CredentialsLookup> look(const Variables& variables) {
  const auto system = std::make_shared<port::ScriptedSystem>();
  for (const auto& [name, value] : variables) system->set_env(name, value);
  return environment_source({.system = system})->lookup({});
}

TEST(EnvironmentSource, reads_every_variable) {
  const auto found = look({{"AWS_ACCESS_KEY_ID", "AKID"},
                           {"AWS_SECRET_ACCESS_KEY", "secret"},
                           {"AWS_SESSION_TOKEN", "token"},
                           {"AWS_CREDENTIAL_EXPIRATION", "2026-01-02T03:04:06Z"},
                           {"AWS_ACCOUNT_ID", "123456789012"}});

  ASSERT_TRUE(found) << found.error().message;
  const auto& credentials = std::get<Credentials>(*found);
  EXPECT_EQ(credentials.access_key_id, "AKID");
  EXPECT_EQ(credentials.secret_access_key.reveal(), "secret");
  EXPECT_EQ(credentials.session_token.reveal(), "token");
  EXPECT_EQ(credentials.expires_at,
            std::chrono::sys_days(std::chrono::January / 2 / 2026) + std::chrono::seconds(11046));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.source, "environment");
}

TEST(EnvironmentSource, accepts_id_and_secret_alone) {
  const auto found = look({{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});

  ASSERT_TRUE(found);
  EXPECT_TRUE(std::get<Credentials>(*found).session_token.empty());
  EXPECT_EQ(std::get<Credentials>(*found).expires_at, std::nullopt);
}

struct TokenCase {
  std::string session_token;
  std::string security_token;
  std::string expected;
};

TEST(EnvironmentSource, prefers_the_session_token_to_the_security_token) {
  const TokenCase cases[] = {
      {"new", "old", "new"}, {"", "old", "old"}, {" ", "old", "old"}, {"", "", ""}};

  for (const auto& row : cases) {
    const auto found = look({{"AWS_ACCESS_KEY_ID", "AKID"},
                             {"AWS_SECRET_ACCESS_KEY", "secret"},
                             {"AWS_SESSION_TOKEN", row.session_token},
                             {"AWS_SECURITY_TOKEN", row.security_token}});

    ASSERT_TRUE(found);
    EXPECT_EQ(std::get<Credentials>(*found).session_token.reveal(), row.expected);
  }
}

TEST(EnvironmentSource, is_not_configured_without_an_access_key_id) {
  const Variables cases[] = {{},
                             {{"AWS_ACCESS_KEY_ID", ""}},
                             {{"AWS_ACCESS_KEY_ID", " \t"}, {"AWS_SECRET_ACCESS_KEY", "secret"}}};

  for (const auto& variables : cases) {
    const auto found = look(variables);

    ASSERT_TRUE(found);
    EXPECT_EQ(std::get<NotConfigured>(*found).reason, "AWS_ACCESS_KEY_ID is not set");
  }
}

struct FailureCase {
  Variables variables;
  std::string_view message;
};

TEST(EnvironmentSource, fails_without_a_value_in_the_message) {
  const FailureCase cases[] = {
      {{{"AWS_ACCESS_KEY_ID", "AKID"}}, "AWS_SECRET_ACCESS_KEY is not"},
      {{{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", " "}},
       "AWS_SECRET_ACCESS_KEY is not"},
      {{{"AWS_ACCESS_KEY_ID", "AKID"},
        {"AWS_SECRET_ACCESS_KEY", "secret"},
        {"AWS_CREDENTIAL_EXPIRATION", "tomorrow"}},
       "AWS_CREDENTIAL_EXPIRATION is not a time"},
      {{{"AWS_ACCESS_KEY_ID", "AKID"},
        {"AWS_SECRET_ACCESS_KEY", "secret"},
        {"AWS_CREDENTIAL_EXPIRATION", "2026-01-02T03:04:05Z"}},
       "expired at 2026-01-02T03:04:05Z"},
  };

  for (const auto& row : cases) {
    const auto found = look(row.variables);

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::authentication_error);
    EXPECT_THAT(found.error().message,
                AllOf(HasSubstr(row.message), Not(HasSubstr("AKID")), Not(HasSubstr("secret"))));
    EXPECT_FALSE(found.error().advice.empty());
  }
}

}  // namespace
}  // namespace llm::aws
