#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kCommand = "vault --password hunter2";

/// A profile `dev` with a credential_process; the clock is at 2026-01-02T03:04:05Z.
class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() { config_->profiles["dev"]["aws_account_id"] = {"210987654321", {}}; }

  Result<CredentialsLookup> look(Result<port::ProcessOutput> output) {
    system_->set_process(kCommand, std::move(output));
    return process_source({.system = system_, .config = config_}, kCommand, "dev")->lookup({});
  }

  Result<CredentialsLookup> look(std::string printed) {
    return look(port::ProcessOutput{
        .exit_code = 0, .standard_output = Secret(std::move(printed)), .standard_error = {}});
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::shared_ptr<SharedConfig> config_ = std::make_shared<SharedConfig>();
};

TEST_F(ProcessTest, reads_all_that_is_printed) {
  const auto found = look(R"({"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "s3cr3t",
               "SessionToken": "t0ken", "Expiration": "2026-01-02T04:04:05Z",
               "AccountId": "123456789012"})");

  ASSERT_TRUE(found) << found.error().message;
  const auto& credentials = std::get<Credentials>(*found);
  EXPECT_EQ(credentials.access_key_id, "AKID");
  EXPECT_EQ(credentials.secret_access_key.reveal(), "s3cr3t");
  EXPECT_EQ(credentials.session_token.reveal(), "t0ken");
  EXPECT_EQ(credentials.expires_at, system_->now() + std::chrono::hours(1));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.source, "profile \"dev\" (credential_process)");
  EXPECT_THAT(system_->commands(), ElementsAre(kCommand));
}

TEST_F(ProcessTest, reads_the_time_as_the_aws_cli_does) {
  const auto found = look(R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t",)"
                          R"("Expiration":"2099-02-21 16:06:25+00:00"})");

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(std::get<Credentials>(*found).expires_at, base::parse_rfc3339("2099-02-21T16:06:25Z"));
}

TEST_F(ProcessTest, needs_only_id_and_secret) {
  const auto found =
      look(R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t","Expiration":null})");

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(std::get<Credentials>(*found).session_token.empty());
  EXPECT_EQ(std::get<Credentials>(*found).expires_at, std::nullopt);
  EXPECT_EQ(std::get<Credentials>(*found).account_id, "210987654321");
}

TEST_F(ProcessTest, compares_names_without_regard_to_case) {
  const auto found = look(R"({"version":1,"accesskeyid":"AKID","SECRETACCESSKEY":"s3cr3t"})");

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(std::get<Credentials>(*found).access_key_id, "AKID");
}

struct BadOutput {
  std::string printed;
  std::string_view message;
};

TEST_F(ProcessTest, fails_with_nothing_of_what_is_printed) {
  const BadOutput cases[] = {
      {"", "did not print a JSON object"},
      {"s3cr3t", "did not print a JSON object"},
      {R"(["s3cr3t"])", "did not print a JSON object"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t"} more)",
       "did not print a JSON object"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t"})", "no \"Version\": 1"},
      {R"({"Version":2,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t"})", "no \"Version\": 1"},
      {R"({"Version":"1","AccessKeyId":"AKID","SecretAccessKey":"s3cr3t"})", "no \"Version\": 1"},
      {R"({"Version":1,"SecretAccessKey":"s3cr3t"})", "no \"AccessKeyId\""},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":""})", "no \"SecretAccessKey\""},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t","Expiration":"s3cr3t"})",
       "\"Expiration\" that is not a time"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t","Expiration":17})",
       "\"Expiration\" that is not a time"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t",)"
       R"("Expiration":"2099-02-21 16:06:25"})",
       "\"Expiration\" that has no time zone"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t",)"
       R"("Expiration":"2099-02-21 16:06:25 CST"})",
       "\"Expiration\" that has an ambiguous time zone"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t",)"
       R"("Expiration":"02/03/2099 16:06:25 UTC"})",
       "\"Expiration\" that has an ambiguous order of day and month"},
      {R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cr3t",)"
       R"("Expiration":"2026-01-02T03:04:05Z"})",
       "printed credentials that expired at 2026-01-02T03:04:05Z"},
  };

  for (const auto& row : cases) {
    const auto found = look(row.printed);

    ASSERT_FALSE(found) << row.printed;
    EXPECT_EQ(found.error().code, ErrorCode::authentication_error);
    EXPECT_THAT(found.error().message, AllOf(HasSubstr(row.message), HasSubstr("profile \"dev\""),
                                             Not(HasSubstr("s3cr3t")), Not(HasSubstr("AKID"))));
  }
}

TEST_F(ProcessTest, reports_the_exit_code_and_neither_the_command_nor_its_output) {
  const auto found = look(port::ProcessOutput{.exit_code = 7,
                                              .standard_output = Secret("s3cr3t"),
                                              .standard_error = Secret("wrong s3cr3t")});

  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message,
              AllOf(HasSubstr("exit code 7"), Not(HasSubstr("s3cr3t")), Not(HasSubstr("hunter2"))));
  EXPECT_EQ(found.error().advice, "Run its command in a shell to see the error.");
}

TEST_F(ProcessTest, returns_the_error_that_kept_the_command_from_running) {
  const auto found =
      look(std::unexpected(make_error(ErrorCode::authentication_error, "it took over 60 s")));

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::authentication_error);
  EXPECT_EQ(found.error().message, "The credential_process of profile \"dev\": it took over 60 s");
}

TEST_F(ProcessTest, is_cancelled_with_its_caller) {
  const auto found = look(std::unexpected(make_error(ErrorCode::cancelled, "stopped")));

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
