#pragma once

// What the readers of times share; time.cpp and lenient_time.cpp alone include it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace llm::base::time_parts {

inline constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed",
                                                              "Thu", "Fri", "Sat"};
inline constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The clock counts nanoseconds in 64 bits.
inline constexpr std::chrono::seconds kLatest =
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

  bool take(std::string_view fixed) {
    if (!rest_.starts_with(fixed)) return false;
    rest_.remove_prefix(fixed.size());
    return true;
  }

  // Blanks and commas, which separate words.
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == ',')) rest_.remove_prefix(1);
  }

  std::string_view take_letters() {
    std::size_t size = 0;
    while (size < rest_.size() && is_letter(rest_[size])) ++size;
    const std::string_view letters = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return letters;
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

  bool next_is_letter() const { return !rest_.empty() && is_letter(rest_.front()); }
  std::string_view rest() const { return rest_; }

  bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  std::string_view rest_;
  bool failed_ = false;
};

inline std::optional<std::chrono::seconds> seconds_of(const Fields& fields) {
  const std::chrono::year_month_day date(std::chrono::year(fields.year),
                                         std::chrono::month(static_cast<unsigned>(fields.month)),
                                         std::chrono::day(static_cast<unsigned>(fields.day)));
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 59) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(fields.hour) +
         std::chrono::minutes(fields.minute) + std::chrono::seconds(fields.second);
}

inline std::optional<TimePoint> time_point(std::chrono::seconds since_epoch,
                                           std::chrono::nanoseconds fraction = {}) {
  if (since_epoch.count() < 0 || since_epoch > kLatest) return std::nullopt;
  return TimePoint(std::chrono::duration_cast<TimePoint::duration>(since_epoch + fraction));
}

// One or more digits after the `.`; those past the ninth are dropped.
inline std::chrono::nanoseconds fraction(Scanner& scanner) {
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

}  // namespace llm::base::time_parts
