#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <llm/testing.hpp>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;

/// A machine without any network: instance metadata is switched off.
class DefaultChainTest : public ::testing::Test {
 protected:
  DefaultChainTest() {
    system_->set_env("HOME", "/home/u");
    system_->set_env("AWS_EC2_METADATA_DISABLED", "true");
    context_.system = system_;
    context_.transport = transport_;
  }

  void set_environment_credentials() {
    system_->set_env("AWS_ACCESS_KEY_ID", "ENV");
    system_->set_env("AWS_SECRET_ACCESS_KEY", "s");
  }

  void set_profile_credentials(std::string_view header) {
    system_->set_file("/home/u/.aws/config",
                      std::string(header) + "\naws_access_key_id=FILE\naws_secret_access_key=s");
  }

  /// The key id that the chain gives, or the reason or message.
  std::string ask() {
    const auto chain = resolve_default_chain(context_);
    if (!chain) return chain.error().message;
    const auto found = (*chain)->lookup({});
    if (!found) return found.error().message;
    if (const auto* missing = std::get_if<NotConfigured>(&*found))
      return "not configured: " + missing->reason;
    return std::get<Credentials>(*found).access_key_id;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  SourceContext context_;
};

TEST_F(DefaultChainTest, prefers_the_environment_to_the_profile) {
  set_environment_credentials();
  set_profile_credentials("[default]");

  EXPECT_EQ(ask(), "ENV");
}

TEST_F(DefaultChainTest, prefers_the_environment_to_a_profile_that_the_environment_names) {
  system_->set_env("AWS_PROFILE", "a");
  set_environment_credentials();
  set_profile_credentials("[profile a]");

  EXPECT_EQ(ask(), "ENV");
}

TEST_F(DefaultChainTest, skips_the_environment_when_code_sets_a_profile) {
  set_environment_credentials();
  set_profile_credentials("[profile a]");
  context_.profile = "a";
  context_.profile_in_code = true;

  EXPECT_EQ(ask(), "FILE");
}

TEST_F(DefaultChainTest, continues_to_the_profile_without_credentials_in_the_environment) {
  set_profile_credentials("[default]");

  EXPECT_EQ(ask(), "FILE");
}

TEST_F(DefaultChainTest, continues_to_web_identity_and_requires_all_of_it) {
  system_->set_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");

  EXPECT_THAT(ask(), HasSubstr("AWS_ROLE_ARN is not"));
}

TEST_F(DefaultChainTest, ends_at_a_web_identity_that_fails) {
  system_->set_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
  system_->set_env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");

  EXPECT_THAT(ask(), HasSubstr("/token"));
}

TEST_F(DefaultChainTest, calls_sts_for_a_web_identity_in_the_region_of_the_environment) {
  system_->set_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
  system_->set_env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
  system_->set_env("AWS_REGION", "eu-west-1");
  system_->set_file("/token", "t");
  transport_->expect({.body = {"<AssumeRoleWithWebIdentityResponse>"
                               "<AssumeRoleWithWebIdentityResult><Credentials>"
                               "<AccessKeyId>STS</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                               "<SessionToken>t</SessionToken>"
                               "<Expiration>2026-01-02T04:04:05Z</Expiration></Credentials>"
                               "</AssumeRoleWithWebIdentityResult>"
                               "</AssumeRoleWithWebIdentityResponse>"}});

  EXPECT_EQ(ask(), "STS");

  ASSERT_EQ(transport_->requests().size(), 1);
  EXPECT_EQ(transport_->requests().front().url, "https://sts.eu-west-1.amazonaws.com/");
}

TEST_F(DefaultChainTest, tries_the_container_before_the_instance) {
  system_->unset_env("AWS_EC2_METADATA_DISABLED");
  system_->set_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/c");
  transport_->expect({.body = {R"({"AccessKeyId":"ECS","SecretAccessKey":"s","Token":"t",)"
                               R"("Expiration":"2026-01-02T04:04:05Z"})"}});

  EXPECT_EQ(ask(), "ECS");
}

TEST_F(DefaultChainTest, names_every_source_when_none_has_credentials) {
  const auto text = ask();

  for (const auto part : {"not configured: ", "environment: AWS_ACCESS_KEY_ID is not set\n",
                          "profile: profile \"default\" is not in /home/u/.aws/config",
                          "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set\n",
                          "container: ", "instance metadata: "}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST_F(DefaultChainTest, finds_credentials_without_a_lookup_where_none_is_needed) {
  const auto try_lookup = [this] {
    const auto chain = resolve_default_chain(context_);
    const auto found = chain ? (*chain)->try_lookup() : std::nullopt;
    return found ? std::get<Credentials>(*found).access_key_id : "none";
  };
  EXPECT_EQ(try_lookup(), "none");

  set_profile_credentials("[default]");
  EXPECT_EQ(try_lookup(), "FILE");

  set_environment_credentials();
  EXPECT_EQ(try_lookup(), "ENV");
}

TEST_F(DefaultChainTest, finds_container_credentials_without_a_lookup_once_they_are_cached) {
  system_->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/keys");
  transport_->expect({.body = {R"({"AccessKeyId":"BOX","SecretAccessKey":"s","Token":"t",)"
                               R"("Expiration":"2026-01-02T09:04:05Z"})"}});
  const auto chain = resolve_default_chain(context_);
  ASSERT_TRUE(chain);
  EXPECT_FALSE((*chain)->try_lookup());
  EXPECT_TRUE(transport_->requests().empty());

  ASSERT_TRUE((*chain)->lookup({}));

  const auto found = (*chain)->try_lookup();
  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<Credentials>(*found).access_key_id, "BOX");
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_F(DefaultChainTest, fails_when_a_shared_file_is_malformed) {
  system_->set_file("/home/u/.aws/config", "nonsense");

  EXPECT_THAT(ask(), HasSubstr("/home/u/.aws/config line 1"));
}

TEST_F(DefaultChainTest, fails_when_the_region_is_not_valid) {
  system_->set_env("AWS_REGION", "a/b");

  EXPECT_THAT(ask(), HasSubstr("AWS_REGION"));
}

}  // namespace
}  // namespace llm::aws
