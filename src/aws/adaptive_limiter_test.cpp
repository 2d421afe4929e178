#include "aws/adaptive_limiter.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace llm::aws {
namespace {

using std::chrono::milliseconds;
using Outcome = AdaptiveLimiter::Outcome;

// A whole second of the clock, so that half-second buckets begin where the tests think.
constexpr AdaptiveLimiter::TimePoint kStart{std::chrono::seconds(1000)};

AdaptiveLimiter::TimePoint at(int milliseconds_later) {
  return kStart + milliseconds(milliseconds_later);
}

/// Ten attempts in the first half second, then one that is throttled at 500 ms: the measured rate
/// is 0.8 · 11 / 0.5 s = 17.6, the fill rate 0.7 of it.
void throttle_at_17_6_a_second(AdaptiveLimiter& limiter) {
  for (int i = 0; i < 10; ++i) limiter.observe(at(i * 40), Outcome::passed);
  limiter.observe(at(500), Outcome::throttled);
}

TEST(AdaptiveLimiter, lets_everything_through_before_the_first_throttling_error) {
  AdaptiveLimiter limiter;

  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(limiter.acquire(at(i)), milliseconds(0));
    limiter.observe(at(i), Outcome::passed);
  }

  EXPECT_EQ(limiter.fill_rate(), 0);
}

TEST(AdaptiveLimiter, holds_attempts_to_seven_tenths_of_the_rate_after_a_throttling_error) {
  AdaptiveLimiter limiter;

  throttle_at_17_6_a_second(limiter);

  EXPECT_NEAR(limiter.fill_rate(), 12.32, 1e-9);
  EXPECT_EQ(limiter.acquire(at(500)), milliseconds(82));   // 1 / 12.32 s
  EXPECT_EQ(limiter.acquire(at(500)), milliseconds(163));  // 2 / 12.32 s
}

TEST(AdaptiveLimiter, refills_no_further_than_one_second_of_its_rate) {
  AdaptiveLimiter limiter;
  throttle_at_17_6_a_second(limiter);

  int free_of_wait = 0;
  while (limiter.acquire(at(60'000)) == milliseconds(0)) ++free_of_wait;

  EXPECT_EQ(free_of_wait, 12);  // A capacity of 12.32.
}

TEST(AdaptiveLimiter, gives_the_token_of_an_unsent_attempt_to_the_next) {
  AdaptiveLimiter limiter;
  throttle_at_17_6_a_second(limiter);
  ASSERT_EQ(limiter.acquire(at(500)), milliseconds(82));

  limiter.give_back();

  EXPECT_EQ(limiter.acquire(at(500)), milliseconds(82));
}

TEST(AdaptiveLimiter, falls_again_with_a_second_throttling_error) {
  AdaptiveLimiter limiter;
  throttle_at_17_6_a_second(limiter);

  limiter.observe(at(600), Outcome::throttled);

  EXPECT_NEAR(limiter.fill_rate(), 12.32 * 0.7, 1e-9);  // The fill rate is below the measured one.
}

TEST(AdaptiveLimiter, rises_along_the_cubic_curve_while_nothing_is_throttled) {
  AdaptiveLimiter limiter;
  throttle_at_17_6_a_second(limiter);

  // Back at the rate before the error after cbrt(17.6 · 0.3 / 0.4) = 2.3633 s.
  limiter.observe(at(600), Outcome::passed);
  EXPECT_NEAR(limiter.fill_rate(), 0.4 * (0.1 - 2.36333) * (0.1 - 2.36333) * (0.1 - 2.36333) + 17.6,
              1e-3);
  EXPECT_NEAR(limiter.fill_rate(), 12.962, 1e-3);
}

TEST(AdaptiveLimiter, rises_no_further_than_twice_the_measured_rate) {
  AdaptiveLimiter limiter;
  throttle_at_17_6_a_second(limiter);

  limiter.observe(at(5000), Outcome::passed);

  // One attempt in 4.5 s: 0.8 · 1 / 4.5 + 0.2 · 17.6 = 3.6978.
  EXPECT_NEAR(limiter.fill_rate(), 2 * 3.69778, 1e-4);
}

TEST(AdaptiveLimiter, never_falls_below_one_attempt_in_two_seconds) {
  AdaptiveLimiter limiter;

  for (int i = 0; i < 30; ++i) limiter.observe(at(i), Outcome::throttled);

  EXPECT_EQ(limiter.fill_rate(), 0.5);
  EXPECT_EQ(limiter.acquire(at(30)), milliseconds(1970));  // 30 ms have refilled 0.015 of a token.
}

TEST(AdaptiveLimiters, keep_one_name_apart_from_another) {
  AdaptiveLimiters limiters;

  throttle_at_17_6_a_second(*limiters.of("throttled-model"));

  EXPECT_GT(limiters.of("throttled-model")->acquire(at(500)), milliseconds(0));
  EXPECT_EQ(limiters.of("other-model")->acquire(at(500)), milliseconds(0));
}

TEST(AdaptiveLimiters, do_not_grow_without_bound) {
  AdaptiveLimiters limiters;
  const std::weak_ptr<AdaptiveLimiter> first = limiters.of("first");
  const std::shared_ptr<AdaptiveLimiter> in_use = limiters.of("in use");

  for (int i = 0; i < 2000; ++i) static_cast<void>(limiters.of(std::to_string(i)));

  EXPECT_TRUE(first.expired());
  in_use->give_back();
}

}  // namespace
}  // namespace llm::aws
