#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

namespace llm {

/// What a check found. `unknown`: it could not be told, e.g. because an earlier check failed.
enum class HealthStatus { pass, fail, unknown };

[[nodiscard]] std::string_view to_string(HealthStatus status);

/// One named check: `reachable`, `credentials`, `permitted` or `clock`.
struct HealthCheck {
  std::string name{};
  HealthStatus status = HealthStatus::unknown;
  std::chrono::milliseconds duration{0};
  std::string message{};             ///< What was found.
  std::string advice{};              ///< What to do; empty when it passed.
  std::optional<ErrorCode> error{};  ///< The kind of failure; set when it failed.
};

/// All checks, and when they were made.
struct HealthReport {
  std::vector<HealthCheck> checks{};
  std::chrono::system_clock::time_point checked_at{};
  bool cached = false;  ///< From an earlier call, at most five minutes old.
  /// True when there are checks and every one passed.
  [[nodiscard]] bool healthy() const;
};

/// The report as one line of JSON; docs/json.md shows one.
[[nodiscard]] std::string to_json(const HealthReport& report);

/// How to ask. A check takes 30 s at most, less when the client's time limit is shorter; one that
/// was stopped is not kept.
struct HealthOptions {
  enum class Freshness { cached, afresh };
  Freshness freshness = Freshness::cached;
  std::stop_token stop{};
};

}  // namespace llm
