#include <gtest/gtest.h>

#include <llm/aws/credentials.hpp>

namespace llm::aws {
namespace {

TEST(StaticKeys, gives_the_keys_as_they_are) {
  const auto provider = static_credentials({.access_key_id = "AKID",
                                            .secret_access_key = Secret("secret"),
                                            .session_token = Secret("token"),
                                            .source = "a vault"});

  const auto found = provider->lookup({});

  ASSERT_TRUE(found);
  const auto& keys = std::get<Credentials>(*found);
  EXPECT_EQ(keys.access_key_id, "AKID");
  EXPECT_EQ(keys.secret_access_key.reveal(), "secret");
  EXPECT_EQ(keys.session_token.reveal(), "token");
  EXPECT_EQ(keys.source, "a vault");
}

TEST(StaticKeys, says_where_they_are_from_when_the_caller_does_not) {
  const auto found = static_credentials({.access_key_id = "AKID"})->lookup({});

  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<Credentials>(*found).source, "static keys");
}

}  // namespace
}  // namespace llm::aws
