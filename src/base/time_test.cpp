#include "base/time.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace llm::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr TimePoint kMoment{seconds(1767323045)};  // Fri, 02 Jan 2026 03:04:05 GMT

TEST(Time, writes_the_three_forms) {
  EXPECT_EQ(compact_iso8601(kMoment), "20260102T030405Z");
  EXPECT_EQ(iso8601(kMoment), "2026-01-02T03:04:05Z");
  EXPECT_EQ(http_date(kMoment), "Fri, 02 Jan 2026 03:04:05 GMT");
}

struct TimeRow {
  std::string_view name;
  std::string_view text;
};

class LenientTime : public ::testing::TestWithParam<TimeRow> {};

TEST_P(LenientTime, is_read) {
  const auto time = read_time(GetParam().text);

  ASSERT_TRUE(time) << GetParam().text << " " << to_string(time.error());
  EXPECT_EQ(*time, kMoment) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Time, LenientTime,
    ::testing::Values(TimeRow{"rfc3339", "2026-01-02T03:04:05Z"},
                      TimeRow{"blank_and_offset", "2026-01-02 03:04:05+00:00"},
                      TimeRow{"blank_before_the_offset", " 2026-01-02 05:04:05 +02:00 "},
                      TimeRow{"offset_without_colon", "2026-01-02T03:04:05+0000"},
                      TimeRow{"offset_of_hours", "2026-01-01T22:04:05-05"},
                      TimeRow{"name_after_the_offset", "2026-01-02 03:04:05 +0000 UTC"},
                      TimeRow{"utc", "2026-01-02T03:04:05UTC"},
                      TimeRow{"gmt", "2026-01-02 03:04:05 GMT"},
                      TimeRow{"compact", "20260102T030405Z"},
                      TimeRow{"slashes", "2026/01/02 03:04:05Z"},
                      TimeRow{"http", "Fri, 02 Jan 2026 03:04:05 GMT"},
                      TimeRow{"mail", "2 Jan 2026 04:04:05 +0100"},
                      TimeRow{"long_names", "Friday, 2 January 2026 03:04:05 UTC"},
                      TimeRow{"date", "Fri Jan  2 03:04:05 UTC 2026"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Time, reads_fractions_and_minutes_leniently) {
  EXPECT_EQ(*read_time("2026-01-02 03:04:05.25 UTC"), kMoment + milliseconds(250));
  EXPECT_EQ(*read_time("2026-01-02 03:04Z"), kMoment - seconds(5));
}

struct BadTimeRow {
  std::string_view name;
  std::string_view text;
  TimeProblem problem;
};

class BadTime : public ::testing::TestWithParam<BadTimeRow> {};

TEST_P(BadTime, is_refused_with_its_problem) {
  const auto time = read_time(GetParam().text);

  ASSERT_FALSE(time);
  EXPECT_EQ(time.error(), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Time, BadTime,
    ::testing::Values(
        BadTimeRow{"empty", "", TimeProblem::unreadable},
        BadTimeRow{"word", "soon", TimeProblem::unreadable},
        BadTimeRow{"number", "1767323045", TimeProblem::unreadable},
        BadTimeRow{"no_such_day", "2026-02-30 03:04:05Z", TimeProblem::unreadable},
        BadTimeRow{"rest", "2026-01-02 03:04:05Z x", TimeProblem::unreadable},
        BadTimeRow{"date_only", "2026-01-02", TimeProblem::unreadable},
        BadTimeRow{"no_zone", "2026-01-02T03:04:05", TimeProblem::no_zone},
        BadTimeRow{"no_zone_with_names", "Fri Jan 2 03:04:05 2026", TimeProblem::no_zone},
        BadTimeRow{"zone_of_many", "2026-01-02 03:04:05 CST", TimeProblem::ambiguous_zone},
        BadTimeRow{"sign_of_many", "2026-01-02 03:04:05 UTC+2", TimeProblem::ambiguous_zone},
        BadTimeRow{"day_or_month", "01/02/2026 03:04:05 UTC", TimeProblem::ambiguous_date},
        BadTimeRow{"day_or_month_with_dots", "1.2.2026 03:04:05 UTC", TimeProblem::ambiguous_date}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Time, drops_the_fraction_when_it_writes) {
  EXPECT_EQ(iso8601(kMoment + milliseconds(999)), "2026-01-02T03:04:05Z");
}

TEST(Time, knows_every_weekday_and_month) {
  for (int day = 0; day < 366; ++day) {
    const TimePoint moment = kMoment + std::chrono::days(day);

    ASSERT_EQ(parse_http_date(http_date(moment)), moment) << http_date(moment);
  }
}

TEST(ParseRfc3339, reads_offsets_and_fractions) {
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05Z"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-02t03:04:05z"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-02T05:34:05+02:30"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-01T19:04:05-08:00"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05.5Z"), kMoment + milliseconds(500));
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05.000000001+00:00"), kMoment + nanoseconds(1));
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05.0000000019Z"), kMoment + nanoseconds(1));
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), TimePoint{});
}

TEST(ParseRfc3339, knows_leap_years) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2023-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2100-02-29T00:00:00Z"));
}

TEST(ParseRfc3339, refuses_anything_else) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-01-02",
                                      "2026-01-02T03:04:05",
                                      "2026-01-02 03:04:05Z",
                                      "2026-01-02T03:04Z",
                                      "2026-1-2T03:04:05Z",
                                      "2026-13-02T03:04:05Z",
                                      "2026-00-02T03:04:05Z",
                                      "2026-01-00T03:04:05Z",
                                      "2026-04-31T03:04:05Z",
                                      "2026-01-02T24:00:00Z",
                                      "2026-01-02T03:60:05Z",
                                      "2026-01-02T03:04:60Z",
                                      "2026-01-02T03:04:05.Z",
                                      "2026-01-02T03:04:05,5Z",
                                      "2026-01-02T03:04:05+0000",
                                      "2026-01-02T03:04:05+24:00",
                                      "2026-01-02T03:04:05+01:60",
                                      "2026-01-02T03:04:05+01",
                                      "2026-01-02T03:04:05ZZ",
                                      " 2026-01-02T03:04:05Z",
                                      "2026-01-02T03:04:05Z ",
                                      "+026-01-02T03:04:05Z",
                                      "2026-01-02T-3:04:05Z",
                                      "20260102T030405Z",
                                      "2026-01-02T03:04:05UTC"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(ParseRfc3339, clamps_a_time_beyond_the_range_of_the_clock) {
  const auto last = parse_rfc3339("2262-04-12T00:00:00Z");

  ASSERT_TRUE(last);
  EXPECT_EQ(iso8601(*last), "2262-04-11T23:47:15Z");
  EXPECT_LT(parse_rfc3339("2262-04-11T00:00:00Z"), last);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59Z"), last);
  EXPECT_FALSE(parse_rfc3339("1969-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_rfc3339("1970-01-01T00:00:00+01:00"));
}

TEST(ParseCompactIso8601, reads_its_one_form_only) {
  EXPECT_EQ(parse_compact_iso8601("20260102T030405Z"), kMoment);
  for (const std::string_view text :
       {"", "20260102T030405", "2026-01-02T03:04:05Z", "20260102030405Z", "20261302T030405Z",
        "20260102T030405Zx", "20260102T30405Z"}) {
    EXPECT_EQ(parse_compact_iso8601(text), std::nullopt) << text;
  }
}

TEST(ParseHttpDate, reads_imf_fixdate_only) {
  EXPECT_EQ(parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT"), kMoment);
  for (const std::string_view text :
       {"", "Thu, 02 Jan 2026 03:04:05 GMT", "Fri, 2 Jan 2026 03:04:05 GMT",
        "Friday, 02-Jan-26 03:04:05 GMT", "Fri Jan  2 03:04:05 2026",
        "Fri, 02 Jan 2026 03:04:05 UTC", "Fri, 02 jan 2026 03:04:05 GMT",
        "Fri, 02 Jan 2026 03:04:05 GMT ", "Fri, 32 Jan 2026 03:04:05 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace llm::base
