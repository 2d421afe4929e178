#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

#include <llm/error.hpp>

namespace llm::aws {

/// How a failure is retried.
enum class RetryKind { never, transient, throttling };

/// The numbers of AWS's standard mode of 2026 ("Retry behaviour 2.1").
struct RetryPolicy {
  int max_attempts = 3;
  std::chrono::milliseconds transient_base{50};
  std::chrono::milliseconds throttling_base{1000};
  std::chrono::milliseconds max_delay{20'000};
  std::chrono::milliseconds max_over_hint{
      5'000};  ///< A server's hint is clamped to delay .. delay + this.
};

/// Errors: configuration_error for a number of retries that is not 0 to 100.
[[nodiscard]] Result<void> check_max_retries(std::optional<int> max_retries);

/// How to retry a response with this status and AWS error name (`ThrottlingException`; empty when
/// unknown). The name takes precedence over the status. `never` for what is not in the lists.
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior"; botocore standard mode.
[[nodiscard]] RetryKind retry_kind(int status, std::string_view error_name);

/// Delay before the next attempt. `attempt` counts the attempts made, from 1. `hint` is the delay
/// that the server asked for. Pure; the result is 0 .. max_delay, or up to `max_over_hint` more
/// with a hint. Requires: a kind other than never, 0 <= random < 1. Source: AWS "Retry
/// behaviour 2.1", as in the AWS SDK for JavaScript.
[[nodiscard]] std::chrono::milliseconds retry_delay(const RetryPolicy& policy, RetryKind kind,
                                                    int attempt, double random,
                                                    std::optional<std::chrono::milliseconds> hint);

/// Limits the retries of all calls of one client together: 500 tokens; a transient retry costs 14,
/// a throttled one 5; a success gives back what its last retry cost, or 1. Safe from many threads.
class RetryQuota {
 public:
  static constexpr int kCapacity = 500;

  /// Takes the cost of a retry and returns it; nullopt when there is not enough left.
  [[nodiscard]] std::optional<int> acquire(RetryKind kind);
  /// After a success: `last_cost` is what the call's last retry cost, 0 without a retry.
  void release(int last_cost);
  /// Tokens left, 0 .. kCapacity.
  [[nodiscard]] int available() const;

 private:
  mutable std::mutex mutex_;
  int tokens_ = kCapacity;
};

}  // namespace llm::aws
