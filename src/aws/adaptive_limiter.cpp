#include "aws/adaptive_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace llm::aws {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;
using HalfSeconds = std::chrono::duration<std::int64_t, std::ratio<1, 2>>;

// Source: botocore, adaptive mode; smithy-rs and smithy-kotlin have the same.
constexpr double kBeta = 0.7;    // Factor applied to the rate after a throttling error.
constexpr double kScale = 0.4;   // How steep the cubic curve is.
constexpr double kSmooth = 0.8;  // Weight of the newest bucket.
constexpr double kMinFillRate = 0.5;
constexpr double kMinCapacity = 1;
constexpr double kMaxOverMeasured = 2;

// Bounds the memory of a program whose users choose the model.
constexpr std::size_t kMaxLimiters = 1000;

}  // namespace

milliseconds AdaptiveLimiter::acquire(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!limiting_) return milliseconds(0);
  refill(now);
  tokens_ -= 1;
  if (tokens_ >= 0) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(Seconds(-tokens_ / fill_rate_));
}

void AdaptiveLimiter::give_back() {
  const std::lock_guard lock(mutex_);
  if (limiting_) tokens_ = std::min(capacity_, tokens_ + 1);
}

void AdaptiveLimiter::observe(TimePoint now, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  measure(now);
  if (outcome == Outcome::throttled) {
    rate_before_throttle_ = limiting_ ? std::min(measured_rate_, fill_rate_) : measured_rate_;
    throttled_at_ = now;
    if (!limiting_) refilled_at_ = now;
    limiting_ = true;
    set_fill_rate(now, std::min(rate_before_throttle_ * kBeta, kMaxOverMeasured * measured_rate_));
  } else if (limiting_) {
    set_fill_rate(now, std::min(cubic_rate(now), kMaxOverMeasured * measured_rate_));
  }
}

double AdaptiveLimiter::fill_rate() const {
  const std::lock_guard lock(mutex_);
  return fill_rate_;
}

void AdaptiveLimiter::refill(TimePoint now) {
  if (now <= refilled_at_) return;
  tokens_ = std::min(capacity_, tokens_ + fill_rate_ * Seconds(now - refilled_at_).count());
  refilled_at_ = now;
}

void AdaptiveLimiter::measure(TimePoint now) {
  const std::int64_t bucket = std::chrono::floor<HalfSeconds>(now.time_since_epoch()).count();
  ++attempts_in_bucket_;
  if (!bucket_) bucket_ = bucket;
  if (bucket <= *bucket_) return;
  const double seconds = Seconds(HalfSeconds(bucket - *bucket_)).count();
  measured_rate_ = kSmooth * attempts_in_bucket_ / seconds + (1 - kSmooth) * measured_rate_;
  attempts_in_bucket_ = 0;
  bucket_ = bucket;
}

void AdaptiveLimiter::set_fill_rate(TimePoint now, double rate) {
  refill(now);
  fill_rate_ = std::max(rate, kMinFillRate);
  capacity_ = std::max(rate, kMinCapacity);
  tokens_ = std::min(tokens_, capacity_);
}

/// Rises back to `rate_before_throttle_`, flattens there, then rises more steeply.
double AdaptiveLimiter::cubic_rate(TimePoint now) const {
  const double recovery = std::cbrt(rate_before_throttle_ * (1 - kBeta) / kScale);
  const double since = Seconds(now - throttled_at_).count();
  return kScale * std::pow(since - recovery, 3) + rate_before_throttle_;
}

std::shared_ptr<AdaptiveLimiter> AdaptiveLimiters::of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = limiters_.find(name); found != limiters_.end()) return found->second;
  if (limiters_.size() >= kMaxLimiters) limiters_.clear();
  return limiters_.emplace(name, std::make_shared<AdaptiveLimiter>()).first->second;
}

}  // namespace llm::aws
