#include "aws/protocol/retry.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

/// Failures that the same request would meet again, at a price: a model that ran out of time is
/// billed, and would run out of it again.
constexpr std::array<std::string_view, 4> kNeverRetried = {
    "ModelTimeoutException",
    "ModelErrorException",
    "ModelStreamErrorException",
    "ServiceQuotaExceededException",
};

/// Source: botocore, JavaScript and Rust SDKs, standard mode; the same fourteen.
constexpr std::array<std::string_view, 14> kThrottling = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};

/// By name, whatever the status: `overloaded_error` has Anthropic's own, 529. The service model
/// marks ModelNotReadyException as retryable and not as throttling, though its status is 429;
/// IDPCommunicationError is STS's, with status 400; the last two also occur inside a stream, where
/// there is no status.
constexpr std::array<std::string_view, 7> kTransient = {
    "RequestTimeout",        "RequestTimeoutException", "ModelNotReadyException",
    "IDPCommunicationError", "InternalServerException", "ServiceUnavailableException",
    "overloaded_error",
};

constexpr std::array<int, 4> kTransientStatuses = {500, 502, 503, 504};
constexpr int kTooManyRequests = 429;

/// What a retry takes from the quota. Source: AWS "Retry behaviour 2.1".
constexpr int kTransientCost = 14;
constexpr int kThrottlingCost = 5;
constexpr int kReward = 1;  ///< For a success that needed no retry.

constexpr int kMaxRetries = 100;

}  // namespace

Result<void> check_max_retries(std::optional<int> max_retries) {
  if (!max_retries || (*max_retries >= 0 && *max_retries <= kMaxRetries)) return {};
  return base::configuration_error("max_retries must be 0 to " + std::to_string(kMaxRetries) +
                                   ", not " + std::to_string(*max_retries) + ".");
}

RetryKind retry_kind(int status, std::string_view error_name) {
  const auto is_in = [error_name](const auto& names) {
    return std::ranges::any_of(names, [error_name](std::string_view name) {
      return base::equals_ignoring_case(name, error_name);
    });
  };
  if (is_in(kNeverRetried)) return RetryKind::never;
  if (is_in(kThrottling)) return RetryKind::throttling;
  if (is_in(kTransient)) return RetryKind::transient;
  if (status == kTooManyRequests) return RetryKind::throttling;
  const bool is_transient =
      std::ranges::find(kTransientStatuses, status) != kTransientStatuses.end();
  return is_transient ? RetryKind::transient : RetryKind::never;
}

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, RetryKind kind, int attempt,
                                      double random,
                                      std::optional<std::chrono::milliseconds> hint) {
  using std::chrono::milliseconds;
  milliseconds longest =
      kind == RetryKind::throttling ? policy.throttling_base : policy.transient_base;
  for (int doubled = 1; doubled < attempt && longest < policy.max_delay; ++doubled) longest *= 2;
  longest = std::min(longest, policy.max_delay);

  // The limit is applied before the random factor, so that many clients at the limit spread out.
  const milliseconds delay(
      static_cast<milliseconds::rep>(random * static_cast<double>(longest.count())));
  if (!hint) return delay;
  return std::clamp(*hint, delay, delay + policy.max_over_hint);
}

std::optional<int> RetryQuota::acquire(RetryKind kind) {
  if (kind == RetryKind::never) return std::nullopt;
  const int cost = kind == RetryKind::throttling ? kThrottlingCost : kTransientCost;
  const std::lock_guard lock(mutex_);
  if (tokens_ < cost) return std::nullopt;
  tokens_ -= cost;
  return cost;
}

void RetryQuota::release(int last_cost) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(kCapacity, tokens_ + (last_cost > 0 ? last_cost : kReward));
}

int RetryQuota::available() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

}  // namespace llm::aws
