#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

namespace llm {

/// The outcome of a check. `unknown`: not determined, for example because an earlier check failed.
enum class HealthStatus { pass, fail, unknown };

[[nodiscard]] std::string_view to_string(HealthStatus status);

/// One named check: `reachable`, `credentials`, `permitted` or `clock`.
struct HealthCheck {
  std::string name{};
  HealthStatus status = HealthStatus::unknown;
  std::chrono::milliseconds duration{0};
  std::string message{};             ///< What was found.
  std::string advice{};              ///< What to do; empty if it passed.
  std::optional<ErrorCode> error{};  ///< The kind of failure; set if it failed.
};

/// All checks, and when they were run.
struct HealthReport {
  std::vector<HealthCheck> checks{};
  std::chrono::system_clock::time_point checked_at{};
  bool cached = false;  ///< The result of an earlier call, at most five minutes old.
  /// True if there is at least one check and all of them passed.
  [[nodiscard]] bool healthy() const;
};

/// The report as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const HealthReport& report);

/// How to run the checks. They take at most 30 s together, or the client's time limit if that is
/// shorter. The report of a stopped run is not cached.
struct HealthOptions {
  enum class Freshness { cached, fresh };
  Freshness freshness = Freshness::cached;
  std::stop_token stop{};
};

}  // namespace llm
