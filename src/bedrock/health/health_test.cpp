#include "bedrock/health/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include <llm/testing.hpp>

#include "bedrock/provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

testing::ScriptedResponse refusal(int status, const std::string& name, const std::string& message) {
  return {.status = status,
          .headers = {{"x-amzn-errortype", name}, {"date", "Fri, 02 Jan 2026 03:04:05 GMT"}},
          .body = {"{\"message\":\"" + message + "\"}"}};
}

testing::ScriptedResponse malformed_input() {
  return refusal(400, "ValidationException", "Malformed input request");
}

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() {
    options_ = {.model = "meta.llama3-3-70b-instruct-v1:0",
                .region = "us-east-1",
                .credentials = aws::static_credentials(
                    {.access_key_id = "A", .secret_access_key = Secret("s"), .source = "test"}),
                .environment_use = EnvironmentUse::ignore,
                .transport = transport_};
  }

  [[nodiscard]] std::shared_ptr<const BedrockProvider> provider() const {
    Result<ProviderConfig> config = resolve(options_, system_);
    EXPECT_TRUE(config);
    return std::make_shared<const BedrockProvider>(std::move(*config));
  }
  [[nodiscard]] HealthCheck permitted() const { return provider()->health({}).checks.at(2); }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

/// A response of the service, and what the checks make of it.
struct HealthCase {
  std::string name;
  testing::ScriptedResponse response;
  std::vector<HealthStatus> statuses;  ///< reachable, credentials, permitted, clock
  std::string message;                 ///< Part of the message of the first that has not passed.
  std::string advice;                  ///< The whole advice of it.
};

class HealthOfResponse : public HealthTest, public ::testing::WithParamInterface<HealthCase> {};

TEST_P(HealthOfResponse, is_judged_by_four_checks) {
  const HealthCase& row = GetParam();
  transport_->expect(row.response);

  const HealthReport report = provider()->health({.freshness = HealthOptions::Freshness::fresh});

  std::vector<HealthStatus> statuses;
  const HealthCheck* not_passed = nullptr;
  for (const HealthCheck& check : report.checks) {
    statuses.push_back(check.status);
    EXPECT_EQ(check.advice.empty(), check.status != HealthStatus::fail) << check.name;
    EXPECT_THAT(check.message, EndsWith("."));
    if (check.status == HealthStatus::fail && not_passed == nullptr) not_passed = &check;
  }
  EXPECT_EQ(statuses, row.statuses);
  ASSERT_EQ(not_passed == nullptr, row.advice.empty());
  if (not_passed == nullptr) return;
  EXPECT_THAT(not_passed->message, HasSubstr(row.message));
  EXPECT_EQ(not_passed->advice, row.advice);
}

testing::ScriptedResponse malformed_input_20_minutes_later() {
  auto response = malformed_input();
  response.headers[1].value = "Fri, 02 Jan 2026 03:24:05 GMT";
  return response;
}

constexpr auto kPass = HealthStatus::pass;
constexpr auto kFail = HealthStatus::fail;
constexpr auto kUnknown = HealthStatus::unknown;

INSTANTIATE_TEST_SUITE_P(
    Health, HealthOfResponse,
    ::testing::ValuesIn(std::vector<HealthCase>{
        {"healthy", malformed_input(), {kPass, kPass, kPass, kPass}, "", ""},
        {"throttled",
         refusal(429, "ThrottlingException", "Too many requests"),
         {kPass, kPass, kPass, kPass},
         "",
         ""},
        {"expired",
         refusal(403, "ExpiredTokenException", "expired"),
         {kPass, kFail, kUnknown, kPass},
         "ExpiredTokenException: expired.",
         "Get new credentials, for example with `aws sso login`."},
        {"not_permitted",
         refusal(403, "AccessDeniedException",
                 "x is not authorized to perform: bedrock:InvokeModel"),
         {kPass, kPass, kFail, kPass},
         "is not authorized",
         "Allow bedrock:InvokeModel in IAM."},
        {"end_of_life",
         refusal(404, "ResourceNotFoundException", "reached the end of its life"),
         {kPass, kPass, kFail, kPass},
         "end of its life",
         "Use \"amazon.nova-pro-v1:0\" instead."},
        {"wrong_clock",
         malformed_input_20_minutes_later(),
         {kPass, kPass, kPass, kFail},
         "This clock is 1200 s behind the service's.",
         "Set the clock: a signature is valid for five minutes."},
        {"unreachable",
         {.failure = make_error(ErrorCode::connection_error, "There is no route.")},
         {kFail, kUnknown, kUnknown, kUnknown},
         "There is no route.",
         "Check the region, the endpoint URL, the network and proxies."},
        {"unreachable_with_advice",
         {.failure = make_error(ErrorCode::connection_error, "The proxy refused.",
                                "Check the proxy.")},
         {kFail, kUnknown, kUnknown, kUnknown},
         "The proxy refused.",
         "Check the proxy."},
    }),
    [](const auto& test) { return test.param.name; });

TEST_F(HealthTest, does_not_cache_a_stopped_examination) {
  const auto client = provider();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(client->health({.stop = stop.get_token()}).healthy());
  transport_->expect(malformed_input());

  const HealthReport report = client->health({});

  EXPECT_FALSE(report.cached);
  EXPECT_TRUE(report.healthy());
}

TEST_F(HealthTest, takes_30_seconds_at_most_or_the_time_limit_of_the_client) {
  transport_->expect(malformed_input());
  static_cast<void>(provider()->health({}));
  options_.timeouts.total = std::chrono::seconds(5);
  static_cast<void>(provider()->health({}));

  EXPECT_EQ(transport_->requests().front().limits.total, std::chrono::seconds(30));
  EXPECT_EQ(transport_->requests().back().limits.total, std::chrono::seconds(5));
}

TEST_F(HealthTest, sends_nothing_to_a_prompt_for_which_an_empty_call_is_billed) {
  options_.model = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEF1234:3";

  const HealthCheck check = permitted();

  EXPECT_EQ(check.status, HealthStatus::unknown);
  EXPECT_THAT(check.message, HasSubstr("Not tried"));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(HealthTest, fails_when_streaming_alone_is_not_permitted) {
  transport_->expect(malformed_input());
  transport_->expect(refusal(403, "AccessDeniedException",
                             "x is not authorized to perform: "
                             "bedrock:InvokeModelWithResponseStream on resource: y"));

  const HealthCheck check = permitted();

  EXPECT_EQ(check.status, HealthStatus::fail);
  EXPECT_EQ(check.error, ErrorCode::permission_error);
  EXPECT_THAT(check.message, StartsWith("Streaming is not permitted. "));
  EXPECT_THAT(check.advice, HasSubstr("bedrock:InvokeModelWithResponseStream"));
  EXPECT_THAT(transport_->requests().at(0).url, EndsWith("/invoke"));
  EXPECT_THAT(transport_->requests().at(1).url, EndsWith("/invoke-with-response-stream"));
}

TEST_F(HealthTest, passes_with_a_note_when_streaming_could_not_be_determined) {
  transport_->expect(malformed_input());
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "gone")});

  const HealthCheck check = permitted();

  EXPECT_EQ(check.status, HealthStatus::pass);
  EXPECT_THAT(check.message, EndsWith("For streaming this could not be determined."));
}

TEST_F(HealthTest, requests_no_stream_when_the_model_may_not_be_called) {
  transport_->expect(refusal(403, "AccessDeniedException", "x is not authorized"));

  EXPECT_EQ(permitted().error, ErrorCode::permission_error);
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_F(HealthTest, has_the_code_of_the_error_that_kept_it_from_the_service) {
  transport_->expect({.failure = make_error(ErrorCode::timeout_error, "silent")});

  EXPECT_EQ(provider()->health({}).checks.at(0).error, ErrorCode::timeout_error);
}

TEST_F(HealthTest, assumes_half_a_second_after_the_one_in_the_date_header) {
  system_->advance(std::chrono::milliseconds(900));
  transport_->expect(malformed_input());
  const Result<ProviderConfig> config = resolve(options_, system_);
  ASSERT_TRUE(config);

  const Examination found = examine(Pipeline(config->pipeline), *config, {});

  EXPECT_EQ(found.clock_offset, std::chrono::seconds(0));
}

}  // namespace
}  // namespace llm::bedrock
