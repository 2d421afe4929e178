#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "bedrock/call/deadline.hpp"
#include "bedrock/call/pipeline_test_support.hpp"
#include "bedrock/config/late_region.hpp"
#include "tests/support/scripted_provider.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

/// A source that has keys only once it is told to stop, and then says so.
std::shared_ptr<const aws::CredentialsProvider> silent_source() {
  return std::make_shared<aws::ScriptedProvider>(
      "silent", [](std::stop_token stop) -> Result<aws::CredentialsLookup> {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, stop, [] { return false; });
        return std::unexpected(make_error(ErrorCode::cancelled, "stopped"));
      });
}

class CallTimeThreads : public PipelineTest {};

TEST_F(CallTimeThreads, bound_the_look_up_of_keys_by_the_time_of_the_call) {
  config_.identity.credentials = silent_source();

  const auto answer = send({.timeout = milliseconds(5)});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(answer.error().message, "InvokeModel: the call's time limit has passed.");
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(CallTimeThreads, say_cancelled_when_the_caller_stops_first) {
  config_.identity.credentials = silent_source();
  std::stop_source stop;
  stop.request_stop();

  const auto answer = send({.stop = stop.get_token(), .timeout = std::chrono::hours(1)});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::cancelled);
}

TEST(LateRegionTime, is_bounded_by_the_time_of_the_call) {
  const LateRegion region({}, silent_source());

  const auto found = region.settle({}, milliseconds(5));

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::timeout_error);
}

}  // namespace
}  // namespace llm::bedrock
