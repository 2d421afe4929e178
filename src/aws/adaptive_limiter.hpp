#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace llm::aws {

/// The client-side rate limiter of the retry mode `adaptive`. It lets everything through until the
/// first throttling error, then limits attempts to a rate that falls with each further error and
/// rises along a cubic curve in between. The caller passes the time in. Safe from any thread.
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", adaptive mode; numbers as in
/// botocore.
class AdaptiveLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// How an attempt ended, as far as the rate limit is concerned.
  enum class Outcome { passed, throttled };

  /// Takes a token for an attempt and returns how long to wait before sending it; 0 before the
  /// first throttling error. Waiting attempts go in the order in which they arrived.
  [[nodiscard]] std::chrono::milliseconds acquire(TimePoint now);
  /// Returns the token of an attempt that was not sent.
  void give_back();
  /// Adjusts the rate to the outcome of an attempt.
  void observe(TimePoint now, Outcome outcome);

  /// Tokens per second, at least 0.5; 0 while not limiting.
  [[nodiscard]] double fill_rate() const;

 private:
  void refill(TimePoint now);
  void measure(TimePoint now);
  void set_fill_rate(TimePoint now, double rate);
  [[nodiscard]] double cubic_rate(TimePoint now) const;

  mutable std::mutex mutex_;
  bool limiting_ = false;

  double fill_rate_ = 0;  ///< Tokens per second.
  double capacity_ = 0;
  double tokens_ = 0;  ///< Negative: the number of waiting attempts.
  TimePoint refilled_at_{};

  double measured_rate_ = 0;  ///< Attempts per second, smoothed.
  std::optional<std::int64_t>
      bucket_{};  ///< In half seconds of the clock; unset before the first attempt.
  int attempts_in_bucket_ = 0;

  double rate_before_throttle_ = 0;
  TimePoint throttled_at_{};
};

/// One limiter per name, so that throttling of one model does not slow another. Safe from any
/// thread.
class AdaptiveLimiters {
 public:
  /// Created on first use; dropped after a thousand other names. Never null.
  [[nodiscard]] std::shared_ptr<AdaptiveLimiter> of(const std::string& name);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<AdaptiveLimiter>> limiters_;
};

}  // namespace llm::aws
