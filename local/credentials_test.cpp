#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/local/credentials.hpp>

#include <string>
#include <vector>

namespace llm::local {
namespace {

using ::testing::StartsWith;

TEST(AddCredentials, adds_key_pairs_session_tokens_and_api_keys) {
  ServerOptions options;

  const Result<void> added = add_credentials(
      "[default]\naws_access_key_id = AKIAONE\naws_secret_access_key = one\n"
      "[session]\naws_access_key_id=ASIATWO\naws_secret_access_key=two\naws_session_token=tok\n"
      "[bearer]\naws_bearer_token_bedrock = ABSKthree\n[role]\nrole_arn = arn\n",
      options);

  ASSERT_TRUE(added) << added.error().message;
  ASSERT_EQ(options.keys.size(), 3U);
  EXPECT_EQ(options.keys[0].access_key_id, "local");
  EXPECT_EQ(options.keys[1].access_key_id, "AKIAONE");
  EXPECT_EQ(options.keys[1].secret_access_key.reveal(), "one");
  EXPECT_TRUE(options.keys[1].session_token.empty());
  EXPECT_EQ(options.keys[2].session_token.reveal(), "tok");
  ASSERT_EQ(options.api_keys.size(), 1U);
  EXPECT_EQ(options.api_keys[0].reveal(), "ABSKthree");
}

TEST(AddCredentials, refuses_what_it_cannot_use_without_quoting_it) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "it contains no credentials"},
      {"[a]\nregion = eu-west-1\n", "it contains no credentials"},
      {"[a]\naws_access_key_id = hidden\n",
       "section \"a\" has an aws_access_key_id without an aws_secret_access_key"},
      {"[a]\naws_secret_access_key = hidden\n",
       "section \"a\" has an aws_secret_access_key without an aws_access_key_id"},
      {"[a]\nhidden\n", "line 2 is not of the form \"name = value\""},
      {"[a]\naws_sesion_token = hidden\n", "line 2 sets an unknown name"},
      {"[a]\naws_session_token = hidden\n",
       "section \"a\" has an aws_session_token without an aws_access_key_id"},
  };
  for (const auto& [text, expected] : cases) {
    ServerOptions options;

    const Result<void> added = add_credentials(text, options);

    ASSERT_FALSE(added) << text;
    EXPECT_EQ(added.error().code, ErrorCode::configuration_error);
    EXPECT_EQ(added.error().message, "The credentials file is invalid: " + expected + ".");
    EXPECT_THAT(added.error().advice, StartsWith("Give each section aws_access_key_id"));
  }
}

}  // namespace
}  // namespace llm::local
