#include "factory/default_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_system.hpp"

namespace llm::factory {
namespace {

using ::testing::HasSubstr;

/// A machine with credentials in its environment and in profile `a`; nothing here needs the
/// network.
class PublicDefaultChainTest : public ::testing::Test {
 protected:
  PublicDefaultChainTest() {
    system_->set_env("HOME", "/home/u");
    system_->set_env("AWS_ACCESS_KEY_ID", "ENV");
    system_->set_env("AWS_SECRET_ACCESS_KEY", "s");
    system_->set_file("/home/u/.aws/config",
                      "[profile a]\naws_access_key_id=FILE\naws_secret_access_key=s");
  }

  /// The key id that the chain gives, or the message.
  std::string ask(const aws::DefaultChainOptions& options) {
    const auto chain = default_chain_on(system_, options);
    if (!chain) return chain.error().message;
    const auto found = (*chain)->lookup({});
    return found ? std::get<aws::Credentials>(*found).access_key_id : found.error().message;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
};

TEST_F(PublicDefaultChainTest, uses_the_credentials_of_the_environment) {
  EXPECT_EQ(ask({}), "ENV");
}

TEST_F(PublicDefaultChainTest, uses_the_profile_set_in_code) {
  EXPECT_EQ(ask({.profile = "a"}), "FILE");
}

TEST_F(PublicDefaultChainTest, fails_when_the_profile_set_in_code_does_not_exist) {
  EXPECT_THAT(ask({.profile = "z"}), HasSubstr("Profile \"z\" (from code) is not in"));
}

TEST_F(PublicDefaultChainTest, fails_when_the_region_is_not_valid) {
  EXPECT_THAT(ask({.region = "a/b"}), HasSubstr("The region \"a/b\" from code is not valid."));
}

TEST_F(PublicDefaultChainTest, fails_when_a_setting_is_malformed) {
  system_->set_env("AWS_USE_FIPS_ENDPOINT", "maybe");

  EXPECT_THAT(ask({}), HasSubstr("AWS_USE_FIPS_ENDPOINT"));
}

TEST_F(PublicDefaultChainTest, fails_when_a_shared_file_is_malformed) {
  system_->set_file("/home/u/.aws/config", "nonsense");

  EXPECT_THAT(ask({}), HasSubstr("/home/u/.aws/config line 1"));
}

}  // namespace
}  // namespace llm::factory
