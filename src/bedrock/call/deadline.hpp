#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::bedrock {

/// What is left of a call's time; unset: no limit.
using TimeLeft = std::optional<std::chrono::milliseconds>;

/// For questions that are answered in a second or not at all: health, the control plane.
inline constexpr std::chrono::milliseconds kShortTime = std::chrono::seconds(30);

/// The time for such a question: what is left, and never more than `most`.
[[nodiscard]] inline std::chrono::milliseconds short_time(
    TimeLeft left, std::chrono::milliseconds most = kShortTime) {
  return std::min(left.value_or(most), most);
}

/// The error of a call whose time ended during `what`.
[[nodiscard]] Error time_is_up(std::string_view what);

/// Does a step of a call, whose time is then not `left` any more.
template <typename Step>
auto take_time(const port::System& system, TimeLeft& left, Step step) {
  const auto began = system.steady_now();
  auto outcome = step();
  const auto spent = system.steady_now() - began;
  if (left) *left -= std::chrono::duration_cast<std::chrono::milliseconds>(spent);
  return outcome;
}

/// The caller's stop, which comes also when the time is up: for work that can be stopped but knows
/// no limit. Has a thread while it lives, when there is a limit.
class TimedStop {
 public:
  TimedStop(const std::stop_token& caller, TimeLeft limit);
  TimedStop(const TimedStop&) = delete;
  TimedStop& operator=(const TimedStop&) = delete;
  ~TimedStop() = default;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// Whether the time was up before the caller said stop.
  [[nodiscard]] bool timed_out() const { return timed_out_; }

 private:
  void stop_after(std::chrono::milliseconds limit, const std::stop_token& ended);

  std::stop_source source_;
  std::atomic<bool> timed_out_ = false;
  std::stop_callback<std::function<void()>> follow_;
  std::jthread timer_;
};

/// Looks up keys for `what` within the limit. Makes no timer for keys that are at hand.
/// Errors: the source's; timeout_error.
[[nodiscard]] Result<aws::CredentialsLookup> look_up(const aws::CredentialsProvider& keys,
                                                     std::string_view what,
                                                     const std::stop_token& stop, TimeLeft limit);

}  // namespace llm::bedrock
