#include "aws/deadline.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/errors.hpp"
#include "base/time.hpp"

namespace llm::aws {

using std::chrono::milliseconds;

Deadline::Deadline(std::shared_ptr<const port::System> system, milliseconds limit)
    : system_(std::move(system)),
      at_(base::deadline(system_->steady_now(), limit)),
      limit_(limit) {}

milliseconds Deadline::left(TimePoint now) const {
  return std::chrono::ceil<milliseconds>(at_ - now);
}

milliseconds Deadline::left() const { return left(system_->steady_now()); }

bool Deadline::has_passed() const { return has_passed(system_->steady_now()); }

void Deadline::wait(const std::stop_token& wake) const { system_->wait_until(at_, wake); }

Error Deadline::error(std::string_view subject) const {
  return base::time_limit_passed(base::TimeLimit::total, subject, limit_);
}

Deadline deadline_of_step(const std::optional<Deadline>& call,
                          std::shared_ptr<const port::System> system, milliseconds longest) {
  const Deadline step(std::move(system), longest);
  return call && call->at() <= step.at() ? *call : step;
}

void name_passed_deadline(const std::optional<Deadline>& deadline, std::string_view subject,
                          Error& error) {
  if (error.code != ErrorCode::timeout_error || !deadline || !deadline->has_passed()) return;
  error = deadline->error(subject);
}

Result<void> wait_for(const std::stop_token& event, const WaitLimits& limits) {
  {
    std::stop_source wake;
    const auto request_wake = [&wake] { wake.request_stop(); };
    const std::stop_callback on_event(event, request_wake);
    const std::stop_callback on_stop(limits.stop, request_wake);
    if (limits.deadline) {
      limits.deadline->wait(wake.get_token());
    } else {
      std::mutex mutex;
      std::condition_variable_any never;
      std::unique_lock lock(mutex);
      never.wait(lock, wake.get_token(), [] { return false; });
    }
  }
  if (event.stop_requested()) return {};
  if (limits.stop.stop_requested()) return std::unexpected(base::cancelled(limits.subject));
  return std::unexpected(limits.deadline->error(limits.subject));
}

}  // namespace llm::aws
