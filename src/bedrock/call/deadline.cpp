#include "bedrock/call/deadline.hpp"

#include <condition_variable>
#include <mutex>

namespace llm::bedrock {

Error time_is_up(std::string_view what) {
  return make_error(ErrorCode::timeout_error,
                    std::string(what) + ": the call's time limit has passed.");
}

TimedStop::TimedStop(const std::stop_token& caller, TimeLeft limit)
    : follow_(caller, [this] { source_.request_stop(); }) {
  if (!limit) return;
  timer_ = std::jthread([this, limit](const std::stop_token& ended) { stop_after(*limit, ended); });
}

void TimedStop::stop_after(std::chrono::milliseconds limit, const std::stop_token& ended) {
  std::mutex mutex;
  std::condition_variable_any end;
  std::unique_lock lock(mutex);
  end.wait_for(lock, ended, limit, [] { return false; });
  if (ended.stop_requested()) return;
  timed_out_ = !source_.stop_requested();
  source_.request_stop();
}

Result<aws::CredentialsLookup> look_up(const aws::CredentialsProvider& keys, std::string_view what,
                                       const std::stop_token& stop, TimeLeft limit) {
  if (!limit) return keys.lookup(stop);
  if (auto found = keys.try_lookup()) return std::move(*found);
  const TimedStop timed(stop, limit);
  Result<aws::CredentialsLookup> found = keys.lookup(timed.token());
  if (found || !timed.timed_out()) return found;
  return std::unexpected(time_is_up(what));
}

}  // namespace llm::bedrock
