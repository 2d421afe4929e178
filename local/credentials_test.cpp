#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/local/credentials.hpp>

#include <ostream>
#include <string>
#include <vector>

#include "local/test_support.hpp"

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
  ASSERT_EQ(options.credentials.size(), 3U);
  EXPECT_EQ(options.credentials[0].access_key_id, "local");
  EXPECT_EQ(options.credentials[1].access_key_id, "AKIAONE");
  EXPECT_EQ(options.credentials[1].secret_access_key.reveal(), "one");
  EXPECT_TRUE(options.credentials[1].session_token.empty());
  EXPECT_EQ(options.credentials[2].session_token.reveal(), "tok");
  ASSERT_EQ(options.api_keys.size(), 1U);
  EXPECT_EQ(options.api_keys[0].reveal(), "ABSKthree");
}

/// An invalid file, and the problem. `hidden` stands for a secret.
struct Mistake {
  std::string name;
  std::string ini;
  std::string problem;

  friend void PrintTo(const Mistake& row, std::ostream* out) { *out << row.name; }
};

std::vector<Mistake> mistakes() {
  return {
      {"empty_file", "", "it contains no credentials"},
      {"other_settings_only", "[a]\nregion = eu-west-1\n", "it contains no credentials"},
      {"access_key_id_alone", "[a]\naws_access_key_id = hidden\n",
       "section \"a\" has an aws_access_key_id without an aws_secret_access_key"},
      {"secret_alone", "[a]\naws_secret_access_key = hidden\n",
       "section \"a\" has an aws_secret_access_key without an aws_access_key_id"},
      {"no_equals_sign", "[a]\nhidden\n", "line 2 is not of the form \"name = value\""},
      {"misspelt_name", "[a]\naws_sesion_token = hidden\n", "line 2 sets an unknown name"},
      {"session_token_alone", "[a]\naws_session_token = hidden\n",
       "section \"a\" has an aws_session_token without an aws_access_key_id"},
  };
}

class CredentialsMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(CredentialsMistakes, are_named_without_quoting_values) {
  const Mistake& row = GetParam();
  ServerOptions options;

  const Result<void> added = add_credentials(row.ini, options);

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(added.error().message, "The credentials file is invalid: " + row.problem + ".");
  EXPECT_THAT(added.error().advice, StartsWith("Give each section aws_access_key_id"));
}

INSTANTIATE_TEST_SUITE_P(, CredentialsMistakes, ::testing::ValuesIn(mistakes()), test::RowName{});

}  // namespace
}  // namespace llm::local
