#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "aws/deadline.hpp"
#include "aws/protocol/retry.hpp"
#include "port/system.hpp"

namespace llm::aws {

/// What a failed attempt means for the next one.
struct FailedAttempt {
  RetryKind kind = RetryKind::never;
  /// The cause has been removed (clock, API key): retry without a delay, whatever `kind` is.
  bool at_once = false;
  std::optional<std::chrono::milliseconds> hint{};  ///< The delay that the server asked for.
};

/// Counts the attempts of one call and decides whether there is another one. Used by one thread.
class RetryLoop {
 public:
  enum class Next {
    attempt,        ///< The delay is over: send again.
    none,           ///< Not retryable, or no attempts left.
    quota_used_up,  ///< The client's retry quota does not pay for it.
    out_of_time,    ///< The deadline would pass during the delay.
    cancelled,      ///< During the delay.
  };

  /// `quota` null: unlimited. Requires: `system` and `quota` outlive this.
  RetryLoop(const port::System& system, const RetryPolicy& policy, RetryQuota* quota = nullptr)
      : system_(system), policy_(policy), quota_(quota) {}

  /// The current attempt, from 1.
  [[nodiscard]] int attempt() const { return attempt_; }
  [[nodiscard]] int max_attempts() const { return policy_.max_attempts; }

  /// What follows, and after which delay.
  struct Decision {
    Next next = Next::none;
    std::chrono::milliseconds delay{};
  };

  /// After a failed attempt. Counts the next one and does not wait for it.
  [[nodiscard]] Decision decide(const FailedAttempt& failed,
                                const std::optional<Deadline>& deadline, Deadline::TimePoint now);
  /// As `decide`, and sleeps for the delay.
  [[nodiscard]] Next next(const FailedAttempt& failed, const std::optional<Deadline>& deadline,
                          const std::stop_token& stop);
  /// After the attempt that succeeded: gives back to the quota.
  void succeeded();

 private:
  const port::System& system_;
  RetryPolicy policy_;
  RetryQuota* quota_;
  int attempt_ = 1;
  int last_cost_ = 0;
};

}  // namespace llm::aws
