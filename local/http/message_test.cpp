#include "local/http/message.hpp"

#include <gtest/gtest.h>

#include <limits>

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

}  // namespace
}  // namespace llm::local
