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

TEST_F(AdaptivePipelineTest, waits_for_its_turn_after_throttling) {
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(success());

  ASSERT_TRUE(pipeline.send(request_, pipeline.begin({})));

  // The retry's delay, 0.5 of a second, refills 0.25 of a token; the rest comes at 0.5 a second.
  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(milliseconds(500), milliseconds(1500)));
}

TEST_F(AdaptivePipelineTest, does_not_slow_a_model_for_the_throttling_of_another) {
  const Pipeline pipeline(config_);
  const ModelId other{.requested_id = "other"};
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(success());
  ASSERT_FALSE(pipeline.send(request_, pipeline.begin({.max_retries = 0})));
  request_.context.model = &other;

  ASSERT_TRUE(pipeline.send(request_, pipeline.begin({})));

  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_F(AdaptivePipelineTest, does_not_wait_past_the_time_limit_of_the_call) {
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  ASSERT_FALSE(pipeline.send(request_, pipeline.begin({.max_retries = 0})));

  const Result<Response> response =
      pipeline.send(request_, pipeline.begin({.timeout = milliseconds(1000)}));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::rate_limit_error);
  EXPECT_EQ(response.error().attempts, 0);
  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_F(AdaptivePipelineTest, ends_its_wait_when_it_is_cancelled) {
  const Pipeline pipeline(config_);
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  ASSERT_FALSE(pipeline.send(request_, pipeline.begin({.max_retries = 0})));
  std::stop_source stop;
  system_->on_sleep([&](milliseconds) { stop.request_stop(); });

  const Result<Response> response =
      pipeline.send(request_, pipeline.begin({.stop = stop.get_token()}));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
  EXPECT_EQ(transport_->requests().size(), 1U);
}
}  // namespace
}  // namespace llm::bedrock
