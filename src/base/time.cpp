#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/time_parts.hpp"

namespace llm::base {
namespace {

using namespace time_parts;

Fields fields_of(TimePoint time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - days));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count()),
          .weekday = std::chrono::weekday(days).c_encoding()};
}

// Overwrites zeros, of which the last is at `last`. Requires: 0 <= number, of that many digits.
void write_number(int number, char* last) {
  for (auto rest = static_cast<unsigned>(number); rest != 0; rest /= 10) {
    *last-- = static_cast<char>('0' + rest % 10);
  }
}

// Requires: 0 <= number, of `width` digits at most.
void append_padded(int number, std::size_t width, std::string& out) {
  out.append(width, '0');
  write_number(number, &out.back());
}

// `Z`, or the offset from UTC.
std::chrono::minutes offset(Scanner& scanner) {
  if (scanner.take_any_of("Zz") != '\0') return {};
  const char sign = scanner.take_any_of("+-");
  const int hours = scanner.digits(2);
  scanner.expect(":");
  const int minutes = scanner.digits(2);
  if (sign == '\0' || hours > 23 || minutes > 59) scanner.fail();
  const std::chrono::minutes ahead(hours * 60 + minutes);
  return sign == '-' ? -ahead : ahead;
}

}  // namespace

std::chrono::steady_clock::time_point deadline(std::chrono::steady_clock::time_point now,
                                               std::chrono::milliseconds limit) {
  return now + std::clamp(limit, std::chrono::milliseconds(0), kLongestLimit);
}

std::string compact_iso8601(TimePoint time) {
  const Fields fields = fields_of(time);
  std::string text = "00000000T000000Z";
  write_number(fields.year, &text[3]);
  write_number(fields.month, &text[5]);
  write_number(fields.day, &text[7]);
  write_number(fields.hour, &text[10]);
  write_number(fields.minute, &text[12]);
  write_number(fields.second, &text[14]);
  return text;
}

std::string iso8601_date(TimePoint time) {
  return iso8601(time).substr(0, std::string_view("2026-01-02").size());
}

std::string iso8601(TimePoint time) {
  std::string text = compact_iso8601(time);
  text.insert(13, ":").insert(11, ":").insert(6, "-").insert(4, "-");
  return text;
}

std::string http_date(TimePoint time) {
  const Fields fields = fields_of(time);
  std::string text(kWeekdays[fields.weekday]);
  text += ", ";
  append_padded(fields.day, 2, text);
  text += ' ';
  text += kMonths[static_cast<std::size_t>(fields.month - 1)];
  text += ' ';
  append_padded(fields.year, 4, text);
  text += ' ';
  append_padded(fields.hour, 2, text);
  text += ':';
  append_padded(fields.minute, 2, text);
  text += ':';
  append_padded(fields.second, 2, text);
  text += " GMT";
  return text;
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  Scanner scanner(text);
  Fields fields;
  fields.year = scanner.digits(4);
  scanner.expect("-");
  fields.month = scanner.digits(2);
  scanner.expect("-");
  fields.day = scanner.digits(2);
  if (scanner.take_any_of("Tt") == '\0') return std::nullopt;
  fields.hour = scanner.digits(2);
  scanner.expect(":");
  fields.minute = scanner.digits(2);
  scanner.expect(":");
  fields.second = scanner.digits(2);
  std::chrono::nanoseconds nanoseconds{};
  if (scanner.take_any_of(".") != '\0') nanoseconds = fraction(scanner);
  const std::chrono::minutes ahead = offset(scanner);
  const auto seconds = seconds_of(fields);
  if (!scanner.complete() || !seconds) return std::nullopt;
  return time_point(std::min(*seconds - ahead, kLatest), nanoseconds);
}

std::optional<TimePoint> parse_compact_iso8601(std::string_view text) {
  Scanner scanner(text);
  Fields fields;
  fields.year = scanner.digits(4);
  fields.month = scanner.digits(2);
  fields.day = scanner.digits(2);
  scanner.expect("T");
  fields.hour = scanner.digits(2);
  fields.minute = scanner.digits(2);
  fields.second = scanner.digits(2);
  scanner.expect("Z");
  const auto seconds = seconds_of(fields);
  if (!scanner.complete() || !seconds) return std::nullopt;
  return time_point(*seconds);
}

std::optional<TimePoint> parse_http_date(std::string_view text) {
  Scanner scanner(text);
  Fields fields;
  const std::size_t weekday = scanner.name_of(kWeekdays);
  scanner.expect(", ");
  fields.day = scanner.digits(2);
  scanner.expect(" ");
  fields.month = static_cast<int>(scanner.name_of(kMonths)) + 1;
  scanner.expect(" ");
  fields.year = scanner.digits(4);
  scanner.expect(" ");
  fields.hour = scanner.digits(2);
  scanner.expect(":");
  fields.minute = scanner.digits(2);
  scanner.expect(":");
  fields.second = scanner.digits(2);
  scanner.expect(" GMT");
  const auto seconds = seconds_of(fields);
  if (!scanner.complete() || !seconds) return std::nullopt;
  const auto time = time_point(*seconds);
  if (!time || fields_of(*time).weekday != weekday) return std::nullopt;
  return time;
}

}  // namespace llm::base
