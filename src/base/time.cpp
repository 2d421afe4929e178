#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace llm::base {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The clock counts nanoseconds in 64 bits.
constexpr std::chrono::seconds kLatest =
    std::chrono::floor<std::chrono::seconds>(TimePoint::max().time_since_epoch()) -
    std::chrono::seconds(1);

// Calendar date and time of day, UTC.
struct Fields {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::size_t weekday = 0;  // 0: Sunday
};

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

// Requires: 0 <= number, of `width` digits at most.
void append_padded(int number, std::size_t width, std::string& out) {
  out.append(width, '0');
  for (auto digit = out.rbegin(); number != 0; ++digit) {
    *digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

// Reads digits and fixed characters from the left. After the first mismatch everything fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number * 10 + digit();
    return number;
  }

  int digit() {
    if (!next_is_digit()) return fail();
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  void expect(std::string_view fixed) {
    if (!rest_.starts_with(fixed)) {
      fail();
      return;
    }
    rest_.remove_prefix(fixed.size());
  }

  // Takes the next character if it is one of these; otherwise returns nul and takes nothing.
  char take_any_of(std::string_view characters) {
    if (rest_.empty() || !characters.contains(rest_.front())) return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  // Takes the next name; returns its index.
  template <std::size_t Count>
  std::size_t name_of(const std::array<std::string_view, Count>& names) {
    for (std::size_t i = 0; i < Count; ++i) {
      if (!rest_.starts_with(names[i])) continue;
      rest_.remove_prefix(names[i].size());
      return i;
    }
    fail();
    return 0;
  }

  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::optional<std::chrono::seconds> seconds_of(const Fields& fields) {
  const std::chrono::year_month_day date(std::chrono::year(fields.year),
                                         std::chrono::month(static_cast<unsigned>(fields.month)),
                                         std::chrono::day(static_cast<unsigned>(fields.day)));
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 59) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(fields.hour) +
         std::chrono::minutes(fields.minute) + std::chrono::seconds(fields.second);
}

std::optional<TimePoint> time_point(std::chrono::seconds since_epoch,
                                    std::chrono::nanoseconds fraction = {}) {
  if (since_epoch.count() < 0 || since_epoch > kLatest) return std::nullopt;
  return TimePoint(std::chrono::duration_cast<TimePoint::duration>(since_epoch + fraction));
}

// One or more digits after the `.`; those past the ninth are dropped.
std::chrono::nanoseconds fraction(Scanner& scanner) {
  std::int64_t nanoseconds = scanner.digit();
  int places = 1;
  while (scanner.next_is_digit()) {
    const int digit = scanner.digit();
    if (places == 9) continue;
    nanoseconds = nanoseconds * 10 + digit;
    ++places;
  }
  for (; places < 9; ++places) nanoseconds *= 10;
  return std::chrono::nanoseconds(nanoseconds);
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
  std::string text;
  text.reserve(std::string_view("20260102T030405Z").size());
  append_padded(fields.year, 4, text);
  append_padded(fields.month, 2, text);
  append_padded(fields.day, 2, text);
  text += 'T';
  append_padded(fields.hour, 2, text);
  append_padded(fields.minute, 2, text);
  append_padded(fields.second, 2, text);
  text += 'Z';
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
