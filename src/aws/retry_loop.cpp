#include "aws/retry_loop.hpp"

namespace llm::aws {

RetryLoop::Next RetryLoop::next(const FailedAttempt& failed,
                                const std::optional<Deadline>& deadline,
                                const std::stop_token& stop) {
  const bool is_retryable = failed.at_once || failed.kind != RetryKind::never;
  if (!is_retryable || attempt_ >= policy_.max_attempts) return Next::none;
  if (!failed.at_once) {
    if (quota_ != nullptr) {
      const std::optional<int> cost = quota_->acquire(failed.kind);
      if (!cost) return Next::quota_used_up;
      last_cost_ = *cost;
    }
    const auto delay =
        retry_delay(policy_, failed.kind, attempt_, system_.random_unit(), failed.hint);
    if (deadline && deadline->passes_within(delay)) return Next::out_of_time;
    if (!system_.sleep_for(delay, stop)) return Next::cancelled;
  }
  ++attempt_;
  return Next::attempt;
}

void RetryLoop::succeeded() {
  if (quota_ != nullptr) quota_->release(last_cost_);
}

}  // namespace llm::aws
