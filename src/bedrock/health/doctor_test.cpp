#include <llm/bedrock/doctor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "base/time.hpp"
#include "bedrock/health/diagnosis.hpp"
#include "tests/support/json_page.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What the service sends to a call that it refuses.
testing::ScriptedResponse refusal(int status, const std::string& name, const std::string& message) {
  return {.status = status,
          .headers = {{"x-amzn-errortype", name}, {"date", "Fri, 02 Jan 2026 03:04:03 GMT"}},
          .body = {"{\"message\":\"" + message + "\"}"}};
}

class DoctorTest : public ::testing::Test {
 protected:
  DoctorTest() {
    system_->set_env("HOME", "/home/me");
    options_ = {.model = "meta.llama3-3-70b-instruct-v1:0",
                .region = "us-west-2",
                .credentials = aws::static_credentials({.access_key_id = "A",
                                                        .secret_access_key = Secret("s"),
                                                        .account_id = "123456789012",
                                                        .source = "test keys"}),
                .transport = transport_};
  }

  Diagnosis diagnose() {
    const Result<ProviderConfig> config = resolve(options_, system_);
    EXPECT_TRUE(config);
    return config ? bedrock::diagnose(*config, {}) : Diagnosis{};
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

TEST_F(DoctorTest, shows_account_clock_offset_and_latency) {
  transport_->expect(refusal(400, "ValidationException", "Malformed input request"));

  const Diagnosis found = diagnose();

  EXPECT_TRUE(found.health.healthy());
  EXPECT_EQ(found.identity, "test keys");
  EXPECT_EQ(found.account_id, "123456789012");
  EXPECT_EQ(found.clock_offset, std::chrono::seconds(-2));
  EXPECT_EQ(found.latency, std::chrono::milliseconds(0));  // The scripted clock stands still.
  EXPECT_EQ(found.region_source, "code");
}

TEST_F(DoctorTest, leaves_clock_offset_and_latency_unset_when_the_service_is_unreachable) {
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "no route")});

  const Diagnosis found = diagnose();

  EXPECT_FALSE(found.clock_offset);
  EXPECT_FALSE(found.latency);
}

TEST_F(DoctorTest, shows_the_warnings_about_the_shared_files) {
  system_->set_file("/home/me/.aws/config", "[default]\nbad name = 1\n");
  transport_->expect(refusal(400, "ValidationException", "Malformed input request"));

  const Diagnosis found = diagnose();

  ASSERT_EQ(found.warnings.size(), 1U);
  EXPECT_EQ(found.warnings[0].id, "shared_files");
  EXPECT_THAT(found.warnings[0].message, HasSubstr("2"));
}

TEST_F(DoctorTest, names_instance_metadata_as_the_source_of_its_region) {
  options_.region.clear();
  options_.credentials = nullptr;
  const HttpHeader lifetime{"x-aws-ec2-metadata-token-ttl-seconds", "21600"};
  transport_->expect({.headers = {lifetime}, .body = {"token"}});
  transport_->expect({.body = {"app-role"}});
  transport_->expect({.body = {R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s",)"
                               R"("Token":"t","Expiration":"2026-01-02T09:04:05Z"})"}});
  transport_->expect({.headers = {lifetime}, .body = {"token"}});
  transport_->expect({.body = {"eu-west-1"}});
  transport_->expect(refusal(400, "ValidationException", "Malformed input request"));

  const Diagnosis found = diagnose();

  EXPECT_EQ(found.region, "eu-west-1");
  EXPECT_EQ(found.region_source, "instance metadata");
  EXPECT_EQ(found.endpoint, "https://bedrock-runtime.eu-west-1.amazonaws.com");
  EXPECT_EQ(found.identity, "instance metadata, role app-role");
}

TEST_F(DoctorTest, does_not_repeat_a_session_token_that_the_service_quotes) {
  const std::string token = "session-token-0123456789";
  options_.credentials = aws::static_credentials(
      {.access_key_id = "A", .secret_access_key = Secret("s"), .session_token = Secret(token)});
  transport_->expect(refusal(403, "AccessDeniedException", "Not with " + token));

  EXPECT_EQ(to_json(diagnose()).find(token), std::string::npos);
}

/// A refusal, and the check that must fail for it.
struct RefusalCase {
  std::string test_name;
  int status;
  std::string name;
  std::string message;  ///< As the service sends it; docs/errors.md names where it was quoted.
  std::string check;
  std::string advice;  ///< Part of its advice.
};

class DoctorOfRefusal : public DoctorTest, public ::testing::WithParamInterface<RefusalCase> {};

TEST_P(DoctorOfRefusal, fails_one_check_and_says_what_to_do) {
  const RefusalCase& row = GetParam();
  transport_->expect(refusal(row.status, row.name, row.message));

  const Diagnosis found = diagnose();

  for (const HealthCheck& check : found.health.checks) {
    EXPECT_EQ(check.status == HealthStatus::fail, check.name == row.check) << check.name;
    if (check.name != row.check) continue;
    EXPECT_THAT(check.advice, HasSubstr(row.advice));
    EXPECT_THAT(check.message, HasSubstr(row.message));
    EXPECT_THAT(check.message, Not(HasSubstr(check.advice))) << "said twice";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Doctor, DoctorOfRefusal,
    ::testing::ValuesIn(std::vector<RefusalCase>{
        {"no_permission", 403, "AccessDeniedException",
         "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: bedrock:InvokeModel "
         "on resource: arn:aws:bedrock:us-east-1::foundation-model/m because no identity-based "
         "policy allows the bedrock:InvokeModel action",
         "permitted", "Allow bedrock:InvokeModel in IAM."},
        {"no_permission_to_stream", 403, "AccessDeniedException",
         "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: "
         "bedrock:InvokeModelWithResponseStream on resource: x",
         "permitted", "Allow bedrock:InvokeModelWithResponseStream in IAM."},
        {"explicit_deny", 403, "AccessDeniedException",
         "User: x is not authorized to perform: bedrock:InvokeModel on resource: y with an "
         "explicit deny in a service control policy: arn:aws:organizations::1:policy/o/p",
         "permitted", "Ask whoever manages the policy"},
        {"no_access_to_the_model", 403, "AccessDeniedException",
         "You don't have access to the model with the specified model ID.", "permitted",
         "Request access to the model"},
        {"marketplace", 403, "AccessDeniedException",
         "Model access is denied due to IAM user or service role is not authorized to perform the "
         "required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, "
         "aws-marketplace:Subscribe) to enable access to this model.",
         "permitted", "aws-marketplace:Subscribe"},
        {"use_case_form", 404, "ResourceNotFoundException",
         "Model use case details have not been submitted for this account.", "permitted",
         "use-case form"},
        {"barred_account", 400, "ValidationException", "Operation not allowed", "permitted",
         "AWS Support"},
        {"not_in_this_region", 400, "ValidationException",
         "The provided model identifier is invalid.", "permitted", "In us-west-2, call"},
        {"signed_for_another_region", 403, "InvalidSignatureException",
         "Credential should be scoped to a valid region.", "credentials", "Set the region"},
        {"expired_token", 403, "ExpiredTokenException",
         "The security token included in the request is expired", "credentials",
         "Get new credentials"},
        {"foreign_token", 403, "UnrecognizedClientException",
         "The security token included in the request is invalid.", "credentials",
         "Check the credentials in use"},
        {"bad_api_key", 403, "AccessDeniedException",
         "Authentication failed: Please make sure your API Key is valid.", "credentials",
         "API key"},
    }),
    [](const auto& test) { return test.param.test_name; });

TEST(JsonPage, shows_a_diagnosis_as_it_is_printed) {
  const Diagnosis diagnosis{
      .model = "us.amazon.nova-lite-v1:0",
      .region = "us-west-2",
      .region_source = "instance metadata",
      .endpoint = "https://bedrock-runtime.us-west-2.amazonaws.com",
      .endpoint_source = "AWS",
      .identity = "instance metadata, role app-role",
      .clock_offset = std::chrono::seconds(-2),
      .latency = std::chrono::milliseconds(42),
      .health = {.checked_at = *base::parse_rfc3339("2026-01-02T03:04:05Z")},
      .warnings = {{.id = "shared_files", .message = "/home/me/.aws/config line 3: ..."}}};

  EXPECT_EQ(to_json(diagnosis), test_support::minified(test_support::example_under("Diagnosis")));
}

}  // namespace
}  // namespace llm::bedrock
