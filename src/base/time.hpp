#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace llm::base {

using TimePoint = std::chrono::system_clock::time_point;

/// Longer time limits are treated as this.
inline constexpr std::chrono::milliseconds kLongestLimit = std::chrono::years(1);

/// `now + limit`, with `limit` clamped to 0 .. kLongestLimit, so that the sum cannot overflow.
[[nodiscard]] std::chrono::steady_clock::time_point deadline(
    std::chrono::steady_clock::time_point now, std::chrono::milliseconds limit);

/// `20260102T030405Z`, the form SigV4 requires. UTC.
[[nodiscard]] std::string compact_iso8601(TimePoint time);
/// `2026-01-02`. UTC.
[[nodiscard]] std::string iso8601_date(TimePoint time);
/// `2026-01-02T03:04:05Z`. UTC.
[[nodiscard]] std::string iso8601(TimePoint time);
/// `Fri, 02 Jan 2026 03:04:05 GMT` (RFC 9110 IMF-fixdate).
[[nodiscard]] std::string http_date(TimePoint time);

/// Strict RFC 3339 (`Z` or an offset, optional fraction), from 1970 on; nullopt for anything else.
/// A time beyond the range of the clock (2262) becomes the last second within it.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);
/// `20260102T030405Z`; nullopt for anything else.
[[nodiscard]] std::optional<TimePoint> parse_compact_iso8601(std::string_view text);
/// IMF-fixdate only; nullopt for anything else.
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace llm::base
