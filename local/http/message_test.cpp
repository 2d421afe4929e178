#include "local/http/message.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <sstream>

#include "base/text.hpp"
#include "tests/support/row_name.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::local {
namespace {

using std::chrono::milliseconds;

std::string joined(const std::vector<Frame>& data) {
  std::string all;
  for (const Frame& chunk : data) all += chunk.bytes + "|";
  return all;
}

TEST(TakeBody, returns_a_buffered_body_as_one_frame) {
  Reply reply{.body = "abc", .plan = {.before_body = milliseconds(5)}};

  const std::vector<Frame> data = take_body(reply);

  ASSERT_EQ(joined(data), "abc|");
  EXPECT_EQ(data[0].delay, milliseconds(5));
  EXPECT_EQ(reply.body, "");
}

TEST(TakeBody, adds_the_wait_before_the_body_to_the_first_frame) {
  Reply reply{.frames = {{"ab", milliseconds(2)}, {"cd", milliseconds(2)}}, .streamed = true};
  reply.plan.before_body = milliseconds(5);

  const std::vector<Frame> data = take_body(reply);

  ASSERT_EQ(joined(data), "ab|cd|");
  EXPECT_EQ(data[0].delay, milliseconds(7));
  EXPECT_EQ(data[1].delay, milliseconds(2));
}

TEST(TakeBody, leaves_out_what_follows_the_cut) {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const std::vector<std::pair<std::size_t, std::string>> cases{
      {0, "|"}, {1, "a|"}, {2, "ab|"}, {3, "ab|c|"}, {4, "ab|cd|"}, {kAll, "ab|cd|"}};
  for (const auto& [cut_after, expected] : cases) {
    Reply reply{.frames = {{"ab", {}}, {"cd", {}}}, .streamed = true};
    reply.plan = {.cut = Cut::close, .cut_after = cut_after};

    EXPECT_EQ(joined(take_body(reply)), expected) << cut_after;
  }
}

TEST(TakeBody, keeps_everything_without_a_cut) {
  Reply reply{.body = "abc", .plan = {.cut_after = 1}};

  EXPECT_EQ(joined(take_body(reply)), "abc|");
}

class RepeatedHeaderTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RepeatedHeaderTest, is_found_in_any_case) {
  Request request{.headers = {{"Accept", "a"}, {GetParam(), "first"}, {"Accept", "b"}}};
  EXPECT_EQ(repeated_header(request), "");

  request.headers.push_back({base::to_lower(GetParam()), "second"});

  EXPECT_EQ(base::to_lower(repeated_header(request)), base::to_lower(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Deciding, RepeatedHeaderTest,
                         ::testing::Values("Authorization", "Content-Type", "Date", "Expect",
                                           "Host", "Origin", "Sec-Fetch-Site", "X-Amz-Date",
                                           "X-Amz-Security-Token",
                                           "X-Amzn-Bedrock-GuardrailIdentifier"),
                         [](const auto& row) {
                           return test_support::row_name(row.index, row.param);
                         });

// Every header that the code reads by name decides something.
TEST(RepeatedHeader, knows_every_header_that_the_local_bedrock_reads) {
  const std::regex reading(R"re(\bheader\("([^":][^"]*)"\))re");
  const auto folder = test_support::source_directory() / "local";
  int found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), reading), end; it != end; ++it) {
      const std::string header = (*it)[1];
      ++found;
      EXPECT_NE(repeated_header({.headers = {{header, "1"}, {header, "2"}}}), "") << header;
    }
  }
  EXPECT_GT(found, 8);
}

}  // namespace
}  // namespace llm::local
