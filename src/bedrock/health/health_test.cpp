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

const testing::ScriptedResponse kWell =
    refusal(400, "ValidationException", "Malformed input request");

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

TEST_F(HealthTest, keeps_no_report_of_a_check_that_was_stopped) {
  const auto asked = provider();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(asked->health({.stop = stop.get_token()}).healthy());
  transport_->expect(kWell);

  const HealthReport report = asked->health({});

  EXPECT_FALSE(report.cached);
  EXPECT_TRUE(report.healthy());
}

TEST_F(HealthTest, takes_thirty_seconds_at_most_or_the_time_of_the_client) {
  transport_->expect(kWell);
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
  EXPECT_THAT(check.message, HasSubstr("Not asked"));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(HealthTest, fails_when_whole_answers_are_permitted_and_streams_are_not) {
  transport_->expect(kWell);
  transport_->expect(refusal(403, "AccessDeniedException",
                             "x is not authorized to perform: "
                             "bedrock:InvokeModelWithResponseStream on resource: y"));

  const HealthCheck check = permitted();

  EXPECT_EQ(check.status, HealthStatus::fail);
  EXPECT_EQ(check.error, ErrorCode::permission_error);
  EXPECT_THAT(check.message, StartsWith("Not for streams: "));
  EXPECT_THAT(check.advice, HasSubstr("bedrock:InvokeModelWithResponseStream"));
  EXPECT_THAT(transport_->requests().at(0).url, EndsWith("/invoke"));
  EXPECT_THAT(transport_->requests().at(1).url, EndsWith("/invoke-with-response-stream"));
}

TEST_F(HealthTest, says_that_it_could_not_be_told_for_streams) {
  transport_->expect(kWell);
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "gone")});

  const HealthCheck check = permitted();

  EXPECT_EQ(check.status, HealthStatus::pass);
  EXPECT_THAT(check.message, HasSubstr("For streams it could not be told"));
}

TEST_F(HealthTest, asks_for_no_stream_when_the_model_may_not_be_called) {
  transport_->expect(refusal(403, "AccessDeniedException", "x is not authorized"));

  EXPECT_EQ(permitted().error, ErrorCode::permission_error);
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_F(HealthTest, tells_the_kind_of_what_kept_it_from_the_service) {
  transport_->expect({.failure = make_error(ErrorCode::timeout_error, "silent")});

  EXPECT_EQ(provider()->health({}).checks.at(0).error, ErrorCode::timeout_error);
}

TEST_F(HealthTest, takes_the_service_to_be_half_a_second_into_the_one_it_names) {
  system_->advance(std::chrono::milliseconds(900));
  transport_->expect(kWell);
  const Result<ProviderConfig> config = resolve(options_, system_);
  ASSERT_TRUE(config);

  const Examination found = examine(Pipeline(config->pipeline), *config, {});

  EXPECT_EQ(found.clock_offset, std::chrono::seconds(0));
}

}  // namespace
}  // namespace llm::bedrock
