#include "aws/credentials/profile_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/row_name.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Resolves profiles of a config file; only reads files.
class ProfileResolverTest : public ::testing::Test {
 protected:
  ProfileResolverTest() { system_->set_env("HOME", "/home/u"); }

  Result<ProfileLookup> resolve(std::string_view config, std::string profile = "a") {
    system_->set_file("/home/u/.aws/config", std::string(config));
    auto loaded = load_shared_config(*system_);
    if (!loaded) return std::unexpected(loaded.error());
    return resolve_profile({.system = system_,
                            .config = std::make_shared<const SharedConfig>(std::move(*loaded)),
                            .region = "eu-west-1"},
                           {std::move(profile), true, "AWS_PROFILE"});
  }

  /// The name of the source that is chosen, or the reason or message.
  std::string choose(std::string_view config) {
    const auto lookup = resolve(config);
    if (!lookup) return lookup.error().message + ' ' + lookup.error().advice;
    if (const auto* missing = std::get_if<NotConfigured>(&*lookup))
      return "not configured: " + missing->reason;
    return std::string(std::get<ProviderPtr>(*lookup)->name());
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
};

struct OrderCase {
  std::string_view key_that_goes;
  std::string_view source;
};

TEST_F(ProfileResolverTest, follows_the_order_of_aws) {
  // Every kind at once; one after another is taken away.
  std::vector<std::string> lines = {"aws_access_key_id=AKID",
                                    "aws_secret_access_key=s",
                                    "role_arn=arn:aws:iam::1:role/r",
                                    "source_profile=b",
                                    "web_identity_token_file=/token",
                                    "sso_session=s",
                                    "sso_account_id=1",
                                    "sso_role_name=r",
                                    "sso_start_url=https://s",
                                    "sso_region=eu-west-1",
                                    "login_session=arn:aws:iam::1:user/u",
                                    "credential_process=tool"};
  const OrderCase cases[] = {
      {"", "static credentials"},
      {"aws_access_key_id", "assume role"},
      {"source_profile", "web identity"},
      {"web_identity_token_file", "has role_arn but no source_profile"},
      {"role_arn", "IAM Identity Center"},
      {"sso_session", "IAM Identity Center"},
      {"sso_", "login session"},
      {"login_session", "credential_process"},
      {"credential_process", "has no credentials in /home/u/.aws/config"},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.key_that_goes);
    if (!row.key_that_goes.empty()) {
      std::erase_if(lines, [&](const auto& line) { return line.starts_with(row.key_that_goes); });
    }
    std::string config =
        "[profile b]\naws_access_key_id=B\naws_secret_access_key=s\n"
        "[sso-session s]\nsso_start_url=https://s\nsso_region=eu-west-1\n"
        "[profile a]\n";
    for (const auto& line : lines) config += line + "\n";

    EXPECT_THAT(choose(config), HasSubstr(row.source));
  }
}

TEST_F(ProfileResolverTest, gives_complete_static_credentials) {
  const auto lookup = resolve(
      "[profile a]\naws_access_key_id=AKID\naws_secret_access_key=s\naws_session_token=t\n"
      "aws_account_id=1");

  ASSERT_TRUE(lookup) << lookup.error().message;
  const auto found = std::get<ProviderPtr>(*lookup)->lookup({});
  ASSERT_TRUE(found);
  const auto& credentials = std::get<Credentials>(*found);
  EXPECT_EQ(credentials.access_key_id, "AKID");
  EXPECT_EQ(credentials.secret_access_key.reveal(), "s");
  EXPECT_EQ(credentials.session_token.reveal(), "t");
  EXPECT_EQ(credentials.account_id, "1");
  EXPECT_EQ(credentials.source, "profile \"a\" (static credentials)");
}

TEST_F(ProfileResolverTest, names_the_role_that_static_credentials_hide) {
  const auto lookup = resolve(
      "[profile a]\naws_access_key_id=A\naws_secret_access_key=s\nrole_arn=r\nsource_profile=b\n"
      "[profile b]\naws_access_key_id=B\naws_secret_access_key=s");

  ASSERT_TRUE(lookup);
  const auto found = std::get<ProviderPtr>(*lookup)->lookup({});
  ASSERT_TRUE(found);
  EXPECT_THAT(std::get<Credentials>(*found).source, HasSubstr("role_arn is ignored"));
}

struct ChoiceCase {
  std::string_view rule;
  std::string_view config;
  std::string_view expected;  ///< The name of the source, or a part of message and advice.
};

void PrintTo(const ChoiceCase& row, std::ostream* out) { *out << row.rule; }

class ProfileChoiceTest : public ProfileResolverTest,
                          public ::testing::WithParamInterface<ChoiceCase> {};

std::string name_of(const ::testing::TestParamInfo<ChoiceCase>& test) {
  return test_support::row_name(test.index, test.param.rule);
}

constexpr ChoiceCase kChoices[] = {
    {"a profile with credentials may be its own source",
     "[profile a]\naws_access_key_id=A\naws_secret_access_key=s\nrole_arn=r\nsource_profile=a",
     "assume role"},
    {"a chain of roles",
     "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\nsource_profile=c\n"
     "[profile c]\naws_access_key_id=C\naws_secret_access_key=s",
     "assume role"},
    {"credentials of a source count, not its role",
     "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\nsource_profile=b\n"
     "aws_access_key_id=C\naws_secret_access_key=s",
     "assume role"},
    {"a source may be a process",
     "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\ncredential_process=tool",
     "assume role"},
    {"credential_source in any case", "[profile a]\nrole_arn=r\ncredential_source=eCScontainer",
     "assume role"},
    {"credential_source Environment", "[profile a]\nrole_arn=r\ncredential_source=environment",
     "assume role"},
    {"credential_source Ec2InstanceMetadata",
     "[profile a]\nrole_arn=r\ncredential_source=EC2InstanceMetadata", "assume role"},
    {"SSO with the same URL twice",
     "[profile a]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\nsso_start_url=https://s\n"
     "[sso-session s]\nsso_start_url=https://s\nsso_region=eu-west-1",
     "IAM Identity Center"},
};

TEST_P(ProfileChoiceTest, finds_the_source) {
  EXPECT_EQ(choose(GetParam().config), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Rules, ProfileChoiceTest, ::testing::ValuesIn(kChoices), name_of);

/// Profiles `a`, `p2`, `p3`, ..., each the source of the one before; the last has credentials.
std::string chain_of(int profiles) {
  std::string config = "[profile a]\n";
  for (int i = 2; i <= profiles; ++i) {
    const std::string name = "p" + std::to_string(i);
    config += "role_arn=r\nsource_profile=" + name + "\n[profile " + name + "]\n";
  }
  return config + "aws_access_key_id=AKID\naws_secret_access_key=s\n";
}

TEST_F(ProfileResolverTest, follows_sixteen_profiles_and_refuses_a_longer_chain) {
  EXPECT_EQ(choose(chain_of(16)), "assume role");
  for (const int profiles : {17, 3'000}) {
    const auto lookup = resolve(chain_of(profiles));

    ASSERT_FALSE(lookup) << profiles;
    EXPECT_EQ(lookup.error().code, ErrorCode::configuration_error);
    EXPECT_EQ(lookup.error().message,
              "Profile \"a\" needs more than 16 profiles, each the source_profile of another.");
    EXPECT_THAT(lookup.error().advice, HasSubstr("Shorten the chain"));
  }
}

constexpr ChoiceCase kMistakes[] = {
    {"an id without a secret", "[profile a]\naws_access_key_id=AKID",
     "has aws_access_key_id but no aws_secret_access_key"},
    {"two sources", "[profile a]\nrole_arn=r\nsource_profile=b\ncredential_source=Environment",
     "has both source_profile and credential_source"},
    {"a role without a source", "[profile a]\nrole_arn=r", "has role_arn but no source_profile"},
    {"an unknown credential_source", "[profile a]\nrole_arn=r\ncredential_source=Env",
     "The credential_source of profile \"a\" is \"Env\". Use Environment, Ec2InstanceMetadata or "
     "EcsContainer."},
    {"a source that is not there", "[profile a]\nrole_arn=r\nsource_profile=z",
     "Profile \"a\" names the source_profile \"z\", which is not in /home/u/.aws/config"},
    {"a source without credentials",
     "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nregion=x",
     "The source_profile of profile \"a\" cannot be used: profile \"b\" has no credentials"},
    {"a loop",
     "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=q\nsource_profile=a",
     "form a cycle: \"a\" -> \"b\" -> \"a\". A profile may name itself only"},
    {"a profile without credentials that is its own source",
     "[profile a]\nrole_arn=r\nsource_profile=a", "form a cycle: \"a\" -> \"a\"."},
    {"a duration that is not a number",
     "[profile a]\nrole_arn=r\ncredential_source=Environment\nduration_seconds=1h",
     "duration_seconds of profile \"a\" is \"1h\""},
    {"a token file without a role", "[profile a]\nweb_identity_token_file=/t",
     "has web_identity_token_file but no role_arn"},
    {"an SSO session that is not there", "[profile a]\nsso_session=s",
     "names the sso_session \"s\", but [sso-session s] is not in"},
    {"an SSO session alone",
     "[profile a]\nsso_session=s\n[sso-session s]\nsso_start_url=https://s\nsso_region=e",
     "which gives a token but no AWS credentials. Add both."},
    {"an SSO session without a region",
     "[profile a]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n"
     "[sso-session s]\nsso_start_url=https://s",
     "[sso-session s] has no sso_region"},
    {"SSO with two URLs",
     "[profile a]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\nsso_start_url=https://t\n"
     "[sso-session s]\nsso_start_url=https://s\nsso_region=eu-west-1",
     "The sso_start_url of profile \"a\" differs from that of [sso-session s]."},
    {"half a legacy SSO", "[profile a]\nsso_start_url=https://s\nsso_region=e\nsso_account_id=1",
     "has no sso_role_name"},
};

class ProfileMistakeTest : public ProfileChoiceTest {};

TEST_P(ProfileMistakeTest, is_named_with_advice) {
  const auto lookup = resolve(GetParam().config);

  ASSERT_FALSE(lookup);
  EXPECT_FALSE(lookup.error().advice.empty());
  EXPECT_THAT(lookup.error().message + ' ' + lookup.error().advice,
              AllOf(HasSubstr(GetParam().expected), Not(HasSubstr("AKID"))));
}

INSTANTIATE_TEST_SUITE_P(Rules, ProfileMistakeTest, ::testing::ValuesIn(kMistakes), name_of);

TEST_F(ProfileResolverTest, lets_the_environment_complete_no_web_identity) {
  system_->set_env("AWS_ROLE_ARN", "arn:aws:iam::1:role/r");

  EXPECT_THAT(choose("[profile a]\nweb_identity_token_file=/t"), HasSubstr("no role_arn"));
}

TEST_F(ProfileResolverTest, accepts_id_and_secret_alone_from_the_environment_as_a_source) {
  system_->set_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
  system_->set_env("AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
  const auto lookup =
      resolve("[profile a]\nrole_arn=arn:aws:iam::1:role/r\ncredential_source=Environment");
  ASSERT_TRUE(lookup);

  const auto found = std::get<ProviderPtr>(*lookup)->lookup({});

  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("AWS_ACCESS_KEY_ID is not set"));
}

TEST_F(ProfileResolverTest, lists_up_to_ten_profiles_when_the_named_one_does_not_exist) {
  std::string config;
  for (char name = 'b'; name <= 'm'; ++name) config += "[profile " + std::string(1, name) + "]\n";

  const auto lookup = resolve(config);

  ASSERT_FALSE(lookup);
  EXPECT_EQ(lookup.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(lookup.error().message,
            "Profile \"a\" (from AWS_PROFILE) is not in /home/u/.aws/config or "
            "/home/u/.aws/credentials.");
  EXPECT_EQ(lookup.error().advice,
            "Available profiles: \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\", "
            "\"k\" and "
            "2 more.");
}

TEST_F(ProfileResolverTest, says_when_there_are_no_profiles) {
  EXPECT_THAT(choose(""), HasSubstr("There are no profiles."));
}

TEST_F(ProfileResolverTest, is_not_configured_when_the_missing_profile_is_the_default) {
  const auto lookup =
      resolve_profile({.system = system_, .config = std::make_shared<const SharedConfig>()},
                      {"default", false, ""});

  ASSERT_TRUE(lookup);
  EXPECT_THAT(std::get<NotConfigured>(*lookup).reason, HasSubstr("profile \"default\" is not in"));
}

}  // namespace
}  // namespace llm::aws
