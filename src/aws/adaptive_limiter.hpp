#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace llm::aws {

/// The client-side rate limiter of the retry mode `adaptive`: it lets everything through until the
/// first throttling error, then holds attempts to a rate that falls with each further one and rises
/// along a cubic curve while there is none. Time is what the caller says; safe from any thread.
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", adaptive mode; numbers as in
/// botocore.
class AdaptiveLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// How an attempt ended, as far as the rate is concerned.
  enum class Outcome { passed, throttled };

  /// Takes a token for an attempt: how long to wait before it is sent. 0 before the first
  /// throttling error. Attempts that wait follow one another in the order in which they came.
  [[nodiscard]] std::chrono::milliseconds acquire(TimePoint now);
  /// Gives back the token of an attempt that was not sent.
  void give_back();
  /// Learns from an attempt that has ended.
  void observe(TimePoint now, Outcome outcome);

  /// Tokens a second, at least 0.5; 0 while nothing is limited.
  [[nodiscard]] double fill_rate() const;

 private:
  void refill(TimePoint now);
  void measure(TimePoint now);
  void set_fill_rate(TimePoint now, double rate);
  [[nodiscard]] double cubic_rate(TimePoint now) const;

  mutable std::mutex mutex_;
  bool limiting_ = false;

  double fill_rate_ = 0;  ///< Tokens a second.
  double capacity_ = 0;
  double tokens_ = 0;  ///< Below 0: so many attempts wait.
  TimePoint refilled_at_{};

  double measured_rate_ = 0;              ///< Attempts a second, smoothed.
  std::optional<std::int64_t> bucket_{};  ///< Half seconds of the clock; unset: nothing seen yet.
  int attempts_in_bucket_ = 0;

  double rate_before_throttle_ = 0;
  TimePoint throttled_at_{};
};

/// A limiter for each name: one model's throttling does not slow another. Safe from any thread.
class AdaptiveLimiters {
 public:
  /// Made when first asked for, or again after a thousand others; never null.
  [[nodiscard]] std::shared_ptr<AdaptiveLimiter> of(const std::string& name);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<AdaptiveLimiter>> limiters_;
};

}  // namespace llm::aws
