// The retry mode `adaptive`.
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "bedrock/call/pipeline_test_support.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

class AdaptivePipelineTest : public PipelineTest {
 protected:
  AdaptivePipelineTest() { config_.retry_mode = aws::RetryMode::adaptive; }
};

TEST_P(AdaptivePipelineTest, waits_for_its_turn_after_throttling) {
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(success());

  ASSERT_TRUE(send_by(pipeline));

  // The retry's delay, 0.5 of a second, refills 0.25 of a token; the rest comes at 0.5 a second.
  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(milliseconds(500), milliseconds(1500)));
}

TEST_P(AdaptivePipelineTest, does_not_slow_a_model_for_the_throttling_of_another) {
  const Pipeline pipeline(config_);
  const ModelId other{.requested_id = "other"};
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(success());
  ASSERT_FALSE(send_by(pipeline, {.max_retries = 0}));
  request_.context.model = &other;

  ASSERT_TRUE(send_by(pipeline));

  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_P(AdaptivePipelineTest, does_not_wait_past_the_time_limit_of_the_call) {
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  ASSERT_FALSE(send_by(pipeline, {.max_retries = 0}));

  const Result<Response> response = send_by(pipeline, {.timeout = milliseconds(1000)});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::rate_limit_error);
  EXPECT_EQ(response.error().attempts, 0);
  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_F(PipelineFixture, ends_the_wait_for_its_turn_when_it_is_cancelled) {
  config_.retry_mode = aws::RetryMode::adaptive;
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  ASSERT_FALSE(send_by(pipeline, {.max_retries = 0}));
  std::stop_source stop;
  system_->on_sleep([&](milliseconds) { stop.request_stop(); });

  const Result<Response> response = send_by(pipeline, {.stop = stop.get_token()});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
  EXPECT_EQ(transport_->requests().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Drivers, AdaptivePipelineTest,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);
}  // namespace
}  // namespace llm::bedrock
