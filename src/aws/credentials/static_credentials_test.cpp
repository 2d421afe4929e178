#include <gtest/gtest.h>

#include <llm/aws/credentials.hpp>

namespace llm::aws {
namespace {

TEST(StaticCredentials, gives_the_credentials_unchanged) {
  const auto provider = static_credentials({.access_key_id = "AKID",
                                            .secret_access_key = Secret("secret"),
                                            .session_token = Secret("token"),
                                            .source = "a vault"});

  const auto found = provider->lookup({});

  ASSERT_TRUE(found);
  const auto& credentials = std::get<Credentials>(*found);
  EXPECT_EQ(credentials.access_key_id, "AKID");
  EXPECT_EQ(credentials.secret_access_key.reveal(), "secret");
  EXPECT_EQ(credentials.session_token.reveal(), "token");
  EXPECT_EQ(credentials.source, "a vault");
}

TEST(StaticCredentials, have_a_source_when_the_caller_gives_none) {
  const auto found = static_credentials({.access_key_id = "AKID"})->lookup({});

  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<Credentials>(*found).source, "static credentials");
}

}  // namespace
}  // namespace llm::aws
