#include "aws/retry_loop.hpp"

namespace llm::aws {

RetryLoop::Decision RetryLoop::decide(const FailedAttempt& failed,
                                      const std::optional<Deadline>& deadline,
                                      Deadline::TimePoint now) {
  const bool is_retryable = failed.at_once || failed.kind != RetryKind::never;
  if (!is_retryable || attempt_ >= policy_.max_attempts) return {Next::none};
  Decision decision{Next::attempt};
  if (!failed.at_once) {
    if (quota_ != nullptr) {
      const std::optional<int> cost = quota_->acquire(failed.kind);
      if (!cost) return {Next::quota_used_up};
      last_cost_ = *cost;
    }
    decision.delay =
        retry_delay(policy_, failed.kind, attempt_, system_.random_unit(), failed.hint);
    if (deadline && now + decision.delay >= deadline->at()) return {Next::out_of_time};
  }
  ++attempt_;
  return decision;
}

RetryLoop::Next RetryLoop::next(const FailedAttempt& failed,
                                const std::optional<Deadline>& deadline,
                                const std::stop_token& stop) {
  const Decision decision = decide(failed, deadline, system_.steady_now());
  if (decision.next != Next::attempt || failed.at_once) return decision.next;
  return system_.sleep_for(decision.delay, stop) ? Next::attempt : Next::cancelled;
}

void RetryLoop::succeeded() {
  if (quota_ != nullptr) quota_->release(last_cost_);
}

}  // namespace llm::aws
