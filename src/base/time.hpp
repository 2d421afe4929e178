#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
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
/// Why a text is not a time that can be relied on.
enum class TimeProblem : std::uint8_t {
  unreadable,      ///< It is not a time.
  no_zone,         ///< It could be a time anywhere.
  ambiguous_zone,  ///< A name such as `CST`, which several zones have.
  ambiguous_date,  ///< Day and month could be the other way round.
};
/// Completes "... that": `is not a time`, `has no time zone`, ...
[[nodiscard]] std::string_view to_string(TimeProblem problem);

/// A time as tools write it: RFC 3339, the same with a blank, without colons or seconds, with `UTC`
/// or `GMT` (`2026-01-02 03:04:05+00:00`, `20260102T030405Z`, `2026-01-02 03:04:05 +0000 UTC`), and
/// with names (`Fri, 02 Jan 2026 03:04:05 GMT`, `Fri Jan 2 03:04:05 UTC 2026`). From 1970 on.
/// Source: what the parser of the AWS CLI (python-dateutil) reads.
[[nodiscard]] std::expected<TimePoint, TimeProblem> read_time(std::string_view text);

/// The same; nullopt when the reason does not matter.
[[nodiscard]] std::optional<TimePoint> time_in(std::string_view text);

/// `20260102T030405Z`; nullopt for anything else.
[[nodiscard]] std::optional<TimePoint> parse_compact_iso8601(std::string_view text);
/// IMF-fixdate only; nullopt for anything else.
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace llm::base
