#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::aws {

/// When a call must have ended. Errors name the limit as the caller set it, not what was left of it
/// when it passed. Reads the clock of the System it was made with, unless it is given a time. A
/// value.
class Deadline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Begins now. A limit of more than a year counts as a year, one below zero as zero.
  Deadline(std::shared_ptr<const port::System> system, std::chrono::milliseconds limit);

  [[nodiscard]] TimePoint at() const { return at_; }
  /// Rounded up, so that an exchange with this limit does not end before the call does. 0 or less
  /// once the deadline has passed.
  [[nodiscard]] std::chrono::milliseconds left(TimePoint now) const;
  [[nodiscard]] std::chrono::milliseconds left() const;
  [[nodiscard]] bool has_passed(TimePoint now) const { return now >= at_; }
  [[nodiscard]] bool has_passed() const;
  /// Waits until it has passed, or until `wake` is requested.
  void wait(const std::stop_token& wake) const;

  /// `timeout_error`: "SUBJECT did not finish within LIMIT ms (time limit)."
  [[nodiscard]] Error error(std::string_view subject) const;

 private:
  std::shared_ptr<const port::System> system_;
  TimePoint at_;
  std::chrono::milliseconds limit_;
};

/// The deadline of a step that may take `longest`: the call's own where that comes first.
[[nodiscard]] Deadline deadline_of_step(const std::optional<Deadline>& call,
                                        std::shared_ptr<const port::System> system,
                                        std::chrono::milliseconds longest);

/// Turns the `timeout_error` of an exchange into that of the call when the call's deadline has
/// passed: the transport knows neither the operation nor the limit as it was set.
void name_passed_deadline(const std::optional<Deadline>& deadline, std::string_view subject,
                          Error& error);

/// How long one caller waits, and what its errors name.
struct WaitLimits {
  std::string_view subject{};  ///< Begins with a capital letter.
  std::stop_token stop{};
  std::optional<Deadline> deadline{};
};

/// Blocks until `event` is requested. Without a deadline it reads no clock.
/// Errors: cancelled; timeout_error.
[[nodiscard]] Result<void> wait_for(const std::stop_token& event, const WaitLimits& limits);

}  // namespace llm::aws
