// AWS_AUTH_SCHEME_PREFERENCE where the auth source is chosen.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

class AuthSchemeConfigTest : public ::testing::Test {
 protected:
  AuthSchemeConfigTest() { system_->set_env("HOME", "/home/me"); }

  /// The messages of all warnings, one a line; the error when there is one.
  [[nodiscard]] std::string warnings() const {
    const auto config = resolve(options_, system_);
    if (!config) return config.error().message;
    std::string text;
    for (const Warning& warning : config->warnings) text += warning.message + '\n';
    return text;
  }
  [[nodiscard]] bool uses_api_key() const {
    const auto config = resolve(options_, system_);
    return config && !config->pipeline.identity.api_key.empty();
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_{.model = "anthropic.claude-3-haiku-20240307-v1:0",
                   .transport = std::make_shared<testing::ScriptedTransport>()};
};

TEST_F(AuthSchemeConfigTest, bearer_token_takes_precedence_and_says_so) {
  system_->set_env("AWS_BEARER_TOKEN_BEDROCK", "key");
  system_->set_env("AWS_AUTH_SCHEME_PREFERENCE", "sigv4,httpBearerAuth");

  EXPECT_TRUE(uses_api_key());
  EXPECT_EQ(warnings(),
            "AWS_AUTH_SCHEME_PREFERENCE prefers sigv4, but AWS_BEARER_TOKEN_BEDROCK is set and "
            "takes precedence. Unset it to sign requests with SigV4.\n");
}

TEST_F(AuthSchemeConfigTest, preferred_bearer_without_a_token_falls_back_to_sigv4_and_says_so) {
  system_->set_file("/home/me/.aws/config",
                    "[default]\nauth_scheme_preference=httpBearerAuth,sigv4\n");

  EXPECT_FALSE(uses_api_key());
  EXPECT_EQ(warnings(),
            "auth_scheme_preference of profile \"default\" prefers httpBearerAuth, but "
            "AWS_BEARER_TOKEN_BEDROCK is not set. Requests are signed with SigV4.\n");
}

TEST_F(AuthSchemeConfigTest, met_preference_gives_no_warning) {
  system_->set_env("AWS_AUTH_SCHEME_PREFERENCE", "sigv4a,sigv4");

  EXPECT_EQ(warnings(), "");
}

TEST_F(AuthSchemeConfigTest, choice_in_code_needs_no_warning) {
  system_->set_env("AWS_AUTH_SCHEME_PREFERENCE", "sigv4");
  options_.api_key = Secret("key");

  EXPECT_TRUE(uses_api_key());
  EXPECT_EQ(warnings(), "");
}

TEST_F(AuthSchemeConfigTest, empty_element_is_refused) {
  system_->set_env("AWS_AUTH_SCHEME_PREFERENCE", "sigv4,,httpBearerAuth");

  EXPECT_EQ(warnings(), "AWS_AUTH_SCHEME_PREFERENCE contains an empty element.");
}

}  // namespace
}  // namespace llm::bedrock
