#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "tests/fault_matrix/cell.hpp"

namespace llm::fault_matrix {

/// The limits that cells set on purpose. All others are too long to pass.
inline constexpr std::chrono::milliseconds kShortLimit{200};
inline constexpr std::chrono::milliseconds kLongLimit{20'000};
/// How much longer than its limit a cell may take on a machine with other work.
inline constexpr std::chrono::milliseconds kSlack{5'000};

/// The time limit that has to end the cell.
enum class Limit { none, connect, first_byte, idle, total };

/// What has to come of a cell, and why. Written from what HTTP, TLS and docs/errors.md say.
struct Expected {
  bool succeeds = false;
  std::string text{};  ///< Of a success.
  ErrorCode code = ErrorCode::internal_error;
  bool is_retryable = false;
  bool is_sent_again = false;  ///< Where retries are left.
  std::string_view part{};     ///< Of the message: it names the place.
  Limit limit = Limit::none;
  std::string_view why{};
};

[[nodiscard]] Expected expected(const ClientCell& cell);

}  // namespace llm::fault_matrix
