#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/local/credentials.hpp>

#include <string>
#include <vector>

namespace llm::local {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(AddCredentials, adds_pairs_session_tokens_and_bearer_keys) {
  ServerOptions options;

  const Result<void> added = add_credentials(
      "[default]\naws_access_key_id = AKIAONE\naws_secret_access_key = one\n"
      "[session]\naws_access_key_id=ASIATWO\naws_secret_access_key=two\naws_session_token=tok\n"
      "[bearer]\naws_bearer_token_bedrock = ABSKthree\n[role]\nrole_arn = arn\n",
      options);

  ASSERT_TRUE(added) << added.error().message;
  ASSERT_EQ(options.credentials.size(), 3U);
  EXPECT_EQ(options.credentials[0].access_key_id, "local");
  EXPECT_EQ(options.credentials[1].access_key_id, "AKIAONE");
  EXPECT_EQ(options.credentials[1].secret_access_key.reveal(), "one");
  EXPECT_TRUE(options.credentials[1].session_token.empty());
  EXPECT_EQ(options.credentials[2].session_token.reveal(), "tok");
  ASSERT_EQ(options.api_keys.size(), 1U);
  EXPECT_EQ(options.api_keys[0].reveal(), "ABSKthree");
}

TEST(AddCredentials, refuses_what_it_cannot_use_without_quoting_it) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "it has no key"},
      {"[a]\nregion = eu-west-1\n", "it has no key"},
      {"[a]\naws_access_key_id = hidden\n", "section \"a\" has half of a key pair"},
      {"[a]\naws_secret_access_key = hidden\n", "section \"a\" has half of a key pair"},
      {"[a]\nhidden\n", "line 2 is no"},
      {"[a]\naws_sesion_token = hidden\n", "line 2 names no key that there is"},
      {"[a]\naws_session_token = hidden\n", "has a session token without its key pair"},
  };
  for (const auto& [text, expected] : cases) {
    ServerOptions options;

    const Result<void> added = add_credentials(text, options);

    ASSERT_FALSE(added) << text;
    EXPECT_EQ(added.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(added.error().message, HasSubstr(expected));
    EXPECT_THAT(added.error().message, Not(HasSubstr("hidden")));
  }
}

}  // namespace
}  // namespace llm::local
