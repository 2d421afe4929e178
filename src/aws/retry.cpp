#include "aws/retry.hpp"

#include <algorithm>
#include <array>

namespace llm::aws {
namespace {

/// Failures of one request that come again, or a retry that costs money for nothing: a model that
/// ran out of time is billed and runs out of it again.
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

/// By name, whatever the status. ModelNotReadyException is marked retryable and not throttling in
/// the service's model, though its status is 429; IDPCommunicationError is STS's, with status 400;
/// the last two also come inside a stream, where there is no status.
constexpr std::array<std::string_view, 6> kTransient = {
    "RequestTimeout",        "RequestTimeoutException", "ModelNotReadyException",
    "IDPCommunicationError", "InternalServerException", "ServiceUnavailableException",
};

constexpr std::array<int, 4> kTransientStatuses = {500, 502, 503, 504};
constexpr int kTooManyRequests = 429;

/// What a retry takes from the quota. Source: AWS "Retry behaviour 2.1".
constexpr int kTransientCost = 14;
constexpr int kThrottlingCost = 5;
constexpr int kReward = 1;  ///< For a success that needed no retry.

}  // namespace

RetryKind retry_kind(int status, std::string_view error_name) {
  const auto is_in = [error_name](const auto& names) {
    return std::ranges::find(names, error_name) != names.end();
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

  // The limit holds before the random factor: many clients at the limit still spread out.
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
