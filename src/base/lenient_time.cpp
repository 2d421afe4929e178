// Times as tools write them.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/time_parts.hpp"

namespace llm::base {
namespace {

using namespace time_parts;

struct Zone {
  std::chrono::minutes ahead{};
  std::optional<TimeProblem> problem{};
};

// The time zone of a lenient time: `Z`, `UTC`, `GMT`, or an offset with or without a colon, which
// may have a name after it.
Zone zone(Scanner& scanner) {
  scanner.skip_blanks();
  if (scanner.complete()) return {.problem = TimeProblem::no_zone};
  if (scanner.next_is_letter()) {
    const std::string_view name = scanner.take_letters();
    const bool is_utc = name == "Z" || name == "z" || name == "UTC" || name == "GMT";
    // `UTC+2` is two hours ahead to some, behind to others.
    const bool has_offset = scanner.rest().starts_with('+') || scanner.rest().starts_with('-');
    if (is_utc && !has_offset) return {};
    while (scanner.take_any_of("+-:0123456789") != '\0') {
    }
    return {.problem = TimeProblem::ambiguous_zone};
  }
  const char sign = scanner.take_any_of("+-");
  if (sign == '\0') return {.problem = TimeProblem::unreadable};
  const int hours = scanner.digits(2);
  scanner.take(":");
  const int minutes = scanner.next_is_digit() ? scanner.digits(2) : 0;
  if (hours > 23 || minutes > 59) scanner.fail();
  scanner.skip_blanks();
  scanner.take_letters();
  const std::chrono::minutes ahead(hours * 60 + minutes);
  return {.ahead = sign == '-' ? -ahead : ahead};
}

// `03:04:05.6`, `03:04` or `030405`.
std::chrono::nanoseconds time_of_day(Scanner& scanner, Fields& fields) {
  fields.hour = scanner.digits(2);
  const bool has_colons = scanner.take(":");
  fields.minute = scanner.digits(2);
  if (has_colons ? scanner.take(":") : scanner.next_is_digit()) fields.second = scanner.digits(2);
  return scanner.take_any_of(".,") == '\0' ? std::chrono::nanoseconds() : fraction(scanner);
}

int one_or_two_digits(Scanner& scanner) {
  const int first = scanner.digit();
  return scanner.next_is_digit() ? first * 10 + scanner.digit() : first;
}

// `Fri, 02 Jan 2026 03:04:05 GMT` or `Fri Jan 2 03:04:05 UTC 2026`.
Zone words(Scanner& scanner, Fields& fields, std::chrono::nanoseconds& nanoseconds) {
  const auto month = [&] {
    fields.month = static_cast<int>(scanner.name_of(kMonths)) + 1;
    scanner.take_letters();  // the rest of a long name
    scanner.skip_blanks();
  };
  const auto day = [&] {
    fields.day = one_or_two_digits(scanner);
    scanner.skip_blanks();
  };
  const auto has_name = [&](const auto& names) {
    return std::ranges::any_of(
        names, [&](std::string_view name) { return scanner.rest().starts_with(name); });
  };
  if (has_name(kWeekdays)) scanner.take_letters();
  scanner.skip_blanks();
  const bool is_day_first = scanner.next_is_digit();
  if (is_day_first) {
    day();
    month();
    fields.year = scanner.digits(4);
    scanner.skip_blanks();
    nanoseconds = time_of_day(scanner, fields);
    return zone(scanner);
  }
  month();
  day();
  nanoseconds = time_of_day(scanner, fields);
  scanner.skip_blanks();
  Zone found{.problem = TimeProblem::no_zone};
  if (!scanner.next_is_digit()) found = zone(scanner);
  scanner.skip_blanks();
  fields.year = scanner.digits(4);
  return found;
}

// `2026-01-02 03:04:05+00:00`, `20260102T030405Z`.
Zone numbers(Scanner& scanner, Fields& fields, std::chrono::nanoseconds& nanoseconds) {
  fields.year = scanner.digits(4);
  const char separator = scanner.take_any_of("-/");
  fields.month = scanner.digits(2);
  if (separator != '\0') scanner.expect(std::string_view(&separator, 1));
  fields.day = scanner.digits(2);
  if (scanner.take_any_of("Tt") == '\0') {
    if (!scanner.rest().starts_with(' ')) scanner.fail();
    scanner.skip_blanks();
  }
  nanoseconds = time_of_day(scanner, fields);
  return zone(scanner);
}

// `01/02/2026`, `1.2.2026`: either may be the day.
bool has_ambiguous_date(std::string_view text) {
  const std::size_t first = text.find_first_not_of("0123456789");
  if (first == 0 || first > 2 || first == std::string_view::npos) return false;
  const std::string_view rest = text.substr(first + 1);
  const std::size_t second = rest.find_first_not_of("0123456789");
  return second != 0 && second <= 2 && std::string_view("/-.").contains(text[first]) &&
         rest[second] == text[first];
}

}  // namespace

std::string_view to_string(TimeProblem problem) {
  switch (problem) {
    case TimeProblem::unreadable:
      return "is not a time";
    case TimeProblem::no_zone:
      return "has no time zone";
    case TimeProblem::ambiguous_zone:
      return "has an ambiguous time zone";
    case TimeProblem::ambiguous_date:
      return "has an ambiguous order of day and month";
  }
  return {};
}

std::expected<TimePoint, TimeProblem> read_time(std::string_view text) {
  text = trim(text);
  if (const auto time = parse_rfc3339(text)) return *time;
  if (has_ambiguous_date(text)) return std::unexpected(TimeProblem::ambiguous_date);
  Scanner scanner(text);
  Fields fields;
  std::chrono::nanoseconds nanoseconds{};
  const bool is_year_first = text.size() > 4 && text.substr(0, 4).find_first_not_of("0123456789") ==
                                                    std::string_view::npos;
  const Zone found =
      is_year_first ? numbers(scanner, fields, nanoseconds) : words(scanner, fields, nanoseconds);
  const auto seconds = seconds_of(fields);
  if (!scanner.complete() || !seconds) return std::unexpected(TimeProblem::unreadable);
  if (found.problem) return std::unexpected(*found.problem);
  const auto time = time_point(std::min(*seconds - found.ahead, kLatest), nanoseconds);
  if (!time) return std::unexpected(TimeProblem::unreadable);
  return *time;
}

std::optional<TimePoint> time_in(std::string_view text) {
  const auto time = read_time(text);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace llm::base
