#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <llm/testing.hpp>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Roles of profile `a`, taken at a scripted STS.
class ProfileRoleTest : public ::testing::Test {
 protected:
  ProfileRoleTest() {
    system_->set_env("HOME", "/home/u");
    context_.system = system_;
    context_.transport = transport_;
    context_.profile = "a";
    context_.profile_in_code = true;
    context_.region = "eu-west-1";
  }

  void set_config(std::string text) { system_->set_file("/home/u/.aws/config", std::move(text)); }

  /// The next response of STS.
  void give(std::string_view id) {
    transport_->expect({.body = {"<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                                 "<AccessKeyId>" +
                                 std::string(id) +
                                 "</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                                 "<SessionToken>t</SessionToken>"
                                 "<Expiration>2026-01-02T04:04:05Z</Expiration>"
                                 "</Credentials></AssumeRoleResult></AssumeRoleResponse>"}});
  }

  /// The key id that a caller gets, or the message.
  std::string ask() {
    const auto found = provider()->lookup({});
    return found ? std::get<Credentials>(*found).access_key_id
                 : found.error().message + ' ' + found.error().advice;
  }

  const ProviderPtr& provider() {
    if (!provider_) provider_ = profile_source(context_);
    return provider_;
  }

  std::string sent(std::size_t index) const { return *transport_->requests().at(index).body; }

  /// The key id that signed a request.
  std::string signer(std::size_t index) const {
    const auto requests = transport_->requests();
    for (const auto& header : requests.at(index).headers) {
      const auto at = header.value.find("Credential=");
      if (at == std::string::npos) continue;
      return header.value.substr(at + 11, header.value.find('/', at) - at - 11);
    }
    return "nobody";
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  SourceContext context_;
  ProviderPtr provider_;
};

constexpr std::string_view kBase =
    "[profile base]\naws_access_key_id=BASE\naws_secret_access_key=s\n";

TEST_F(ProfileRoleTest, assumes_a_role_with_all_settings_of_the_profile) {
  set_config(std::string(kBase) +
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=base\n"
             "role_session_name=me\nexternal_id=x1\nduration_seconds=900");
  give("A");

  EXPECT_EQ(ask(), "A");

  EXPECT_EQ(signer(0), "BASE");
  EXPECT_THAT(sent(0), AllOf(HasSubstr("Action=AssumeRole&"), HasSubstr("role%2Fa"),
                             HasSubstr("RoleSessionName=me"), HasSubstr("ExternalId=x1"),
                             HasSubstr("DurationSeconds=900")));
}

TEST_F(ProfileRoleTest, assumes_a_chain_of_roles_each_with_the_credentials_of_the_one_before) {
  set_config(std::string(kBase) +
             "[profile b]\nrole_arn=arn:aws:iam::123456789012:role/b\nsource_profile=base\n"
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=b");
  give("B");
  give("A");

  EXPECT_EQ(ask(), "A");

  ASSERT_EQ(transport_->requests().size(), 2);
  EXPECT_EQ(signer(0), "BASE");
  EXPECT_EQ(signer(1), "B");
}

TEST_F(ProfileRoleTest, assumes_its_own_role_with_its_own_credentials) {
  set_config(
      "[profile a]\naws_access_key_id=OWN\naws_secret_access_key=s\n"
      "role_arn=arn:aws:iam::123456789012:role/a\nsource_profile=a");
  give("A");

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(signer(0), "OWN");
}

TEST_F(ProfileRoleTest, uses_the_credentials_of_its_source_and_not_its_role) {
  set_config(
      "[profile b]\naws_access_key_id=B\naws_secret_access_key=s\n"
      "role_arn=arn:aws:iam::123456789012:role/b\nsource_profile=b\n"
      "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=b");
  give("A");

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(signer(0), "B");
}

TEST_F(ProfileRoleTest, uses_the_credentials_of_the_environment_in_any_case_of_the_word) {
  system_->set_env("AWS_ACCESS_KEY_ID", "ENV");
  system_->set_env("AWS_SECRET_ACCESS_KEY", "s");
  set_config(
      "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\ncredential_source=ENVIRONMENT");
  give("A");

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(signer(0), "ENV");
}

TEST_F(ProfileRoleTest, calls_sts_once_while_the_credentials_last) {
  set_config(std::string(kBase) +
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=base");
  give("A");

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(transport_->requests().size(), 1);
}

TEST_F(ProfileRoleTest, fails_when_an_mfa_code_is_required_and_there_is_no_callback) {
  set_config(std::string(kBase) +
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=base\n"
             "mfa_serial=arn:aws:iam::123456789012:mfa/me");

  EXPECT_THAT(ask(), AllOf(HasSubstr("profile \"a\""), HasSubstr("mfa_serial")));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(ProfileRoleTest, sends_the_code_that_the_callback_gives) {
  set_config(std::string(kBase) +
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=base\n"
             "mfa_serial=arn:aws:iam::123456789012:mfa/me");
  context_.mfa = [](std::string_view) { return std::string("123456"); };
  give("A");

  EXPECT_EQ(ask(), "A");
  EXPECT_THAT(sent(0), HasSubstr("TokenCode=123456"));
}

TEST_F(ProfileRoleTest, fails_when_the_duration_is_out_of_range) {
  set_config(std::string(kBase) +
             "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/a\nsource_profile=base\n"
             "duration_seconds=899");

  EXPECT_THAT(ask(), AllOf(HasSubstr("899"), HasSubstr("900 to 43200")));
}

}  // namespace
}  // namespace llm::aws
