#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class ProfileSourceTest : public ::testing::Test {
 protected:
  ProfileSourceTest() { system_->set_env("HOME", "/home/u"); }

  void set_config(std::string text) { system_->set_file("/home/u/.aws/config", std::move(text)); }

  void set_credentials(std::string_view id) {
    set_config("[default]\naws_secret_access_key=s\naws_access_key_id=" + std::string(id));
  }

  /// The key id that a caller gets now, or the reason or message.
  std::string ask() {
    const auto found = provider_->lookup({});
    if (!found) return found.error().message;
    if (const auto* missing = std::get_if<NotConfigured>(&*found))
      return "not configured: " + missing->reason;
    return std::get<Credentials>(*found).access_key_id;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  ProviderPtr provider_ = profile_source({.system = system_});
};

TEST_F(ProfileSourceTest, gives_the_credentials_of_the_default_profile) {
  set_credentials("A");

  EXPECT_EQ(ask(), "A");
}

TEST_F(ProfileSourceTest, is_not_configured_without_files) {
  EXPECT_THAT(ask(),
              HasSubstr("not configured: profile \"default\" is not in /home/u/.aws/config"));
}

TEST_F(ProfileSourceTest, uses_the_profile_named_in_the_environment) {
  system_->set_env("AWS_PROFILE", "b");
  set_config("[profile b]\naws_access_key_id=B\naws_secret_access_key=s");

  EXPECT_EQ(ask(), "B");
}

TEST_F(ProfileSourceTest, prefers_the_profile_set_in_code) {
  system_->set_env("AWS_PROFILE", "b");
  set_config("[profile c]\naws_access_key_id=C\naws_secret_access_key=s");
  provider_ = profile_source({.system = system_, .profile = "c", .profile_in_code = true});

  EXPECT_EQ(ask(), "C");
}

TEST_F(ProfileSourceTest, fails_when_the_profile_set_in_code_does_not_exist) {
  provider_ = profile_source({.system = system_, .profile = "default", .profile_in_code = true});

  EXPECT_THAT(ask(), HasSubstr("Profile \"default\" (from code) is not in"));
}

TEST_F(ProfileSourceTest, sees_new_credentials_on_disk_within_a_second) {
  set_credentials("A");
  ASSERT_EQ(ask(), "A");
  set_credentials("B");

  system_->advance(999ms);
  EXPECT_EQ(ask(), "A");
  system_->advance(1ms);
  EXPECT_EQ(ask(), "B");
}

TEST_F(ProfileSourceTest, sees_files_that_appear_and_go) {
  ASSERT_THAT(ask(), HasSubstr("not configured"));

  set_credentials("A");
  system_->advance(1s);
  EXPECT_EQ(ask(), "A");

  system_->remove_file("/home/u/.aws/config");
  system_->advance(1s);
  EXPECT_THAT(ask(), HasSubstr("not configured"));
}

TEST_F(ProfileSourceTest, fails_while_a_file_is_broken_and_recovers) {
  set_credentials("A");
  ASSERT_EQ(ask(), "A");

  set_config("nonsense");
  system_->advance(1s);
  EXPECT_THAT(ask(), HasSubstr("/home/u/.aws/config line 1"));
  EXPECT_THAT(ask(), HasSubstr("/home/u/.aws/config line 1"));

  set_credentials("B");
  system_->advance(1s);
  EXPECT_EQ(ask(), "B");
}

class ProcessProfileTest : public ProfileSourceTest {
 protected:
  void set_process(std::string_view id) {
    system_->set_process(
        "tool", port::ProcessOutput{
                    .exit_code = 0,
                    .standard_output =
                        Secret(R"({"Version":1,"SecretAccessKey":"s","AccessKeyId":")" +
                               std::string(id) + R"(","Expiration":"2026-01-02T04:04:05Z"})"),
                    .standard_error = {}});
  }
};

TEST_F(ProcessProfileTest, runs_a_process_once_while_its_credentials_last) {
  set_config("[default]\ncredential_process=tool");
  set_process("A");

  EXPECT_EQ(ask(), "A");
  system_->advance(30min);
  EXPECT_EQ(ask(), "A");

  EXPECT_EQ(system_->commands().size(), 1);
}

TEST_F(ProcessProfileTest,
       keeps_the_credentials_of_a_process_while_the_files_have_the_same_content) {
  set_config("[default]\ncredential_process=tool");
  set_process("A");
  ASSERT_EQ(ask(), "A");

  set_config("# touched\n[default]\ncredential_process=tool");
  set_process("B");
  system_->advance(1s);
  EXPECT_EQ(ask(), "A");

  set_config("[default]\ncredential_process=tool\nregion=eu-west-1");
  system_->advance(1s);
  EXPECT_EQ(ask(), "B");
}

}  // namespace
}  // namespace llm::aws
