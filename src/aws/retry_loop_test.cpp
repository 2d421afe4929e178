#include "aws/retry_loop.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using namespace std::chrono_literals;
using Next = RetryLoop::Next;

constexpr FailedAttempt kTransient{.kind = RetryKind::transient};
constexpr FailedAttempt kThrottled{.kind = RetryKind::throttling};

class RetryLoopTest : public ::testing::Test {
 protected:
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  RetryQuota quota_;
};

TEST_F(RetryLoopTest, waits_longer_before_each_attempt_until_there_are_no_more) {
  RetryLoop loop(*system_, {.max_attempts = 3});

  EXPECT_EQ(loop.next(kThrottled, {}, {}), Next::attempt);
  EXPECT_EQ(loop.next(kThrottled, {}, {}), Next::attempt);
  EXPECT_EQ(loop.next(kThrottled, {}, {}), Next::none);

  EXPECT_EQ(loop.attempt(), 3);
  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(500ms, 1000ms));
}

TEST_F(RetryLoopTest, does_not_retry_what_is_not_retryable) {
  RetryLoop loop(*system_, {});

  EXPECT_EQ(loop.next({}, {}, {}), Next::none);
  EXPECT_EQ(loop.attempt(), 1);
}

TEST_F(RetryLoopTest, retries_without_delay_or_cost_when_the_cause_is_removed) {
  RetryLoop loop(*system_, {}, &quota_);

  EXPECT_EQ(loop.next({.at_once = true}, {}, {}), Next::attempt);

  EXPECT_TRUE(system_->sleeps().empty());
  EXPECT_EQ(quota_.available(), RetryQuota::kCapacity);
}

TEST_F(RetryLoopTest, ends_when_the_quota_is_used_up) {
  while (quota_.acquire(RetryKind::transient)) continue;
  RetryLoop loop(*system_, {}, &quota_);

  EXPECT_EQ(loop.next(kTransient, {}, {}), Next::quota_used_up);
}

TEST_F(RetryLoopTest, gives_back_what_its_last_retry_cost) {
  RetryLoop loop(*system_, {}, &quota_);
  ASSERT_EQ(loop.next(kTransient, {}, {}), Next::attempt);
  ASSERT_LT(quota_.available(), RetryQuota::kCapacity);

  loop.succeeded();

  EXPECT_EQ(quota_.available(), RetryQuota::kCapacity);
}

TEST_F(RetryLoopTest, does_not_wait_past_the_deadline) {
  RetryLoop loop(*system_, {});

  EXPECT_EQ(loop.next(kThrottled, Deadline(system_, 500ms), {}), Next::out_of_time);
  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_F(RetryLoopTest, waits_as_long_as_the_server_asks) {
  RetryLoop loop(*system_, {});

  ASSERT_EQ(loop.next({.kind = RetryKind::throttling, .hint = 1500ms}, {}, {}), Next::attempt);

  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(1500ms));
}

TEST_F(RetryLoopTest, ends_its_wait_when_it_is_cancelled) {
  std::stop_source stop;
  system_->on_sleep([&](std::chrono::milliseconds) { stop.request_stop(); });
  RetryLoop loop(*system_, {});

  EXPECT_EQ(loop.next(kThrottled, {}, stop.get_token()), Next::cancelled);
}

}  // namespace
}  // namespace llm::aws
