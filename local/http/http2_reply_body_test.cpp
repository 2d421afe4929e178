#include "local/http/http2_reply_body.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace llm::local {
namespace {

using std::chrono::milliseconds;
using Next = Http2ReplyBody::Next;

/// Reads a body with room for four bytes and writes each step as text: `ab|`, `cd.` for the last,
/// `(70)` for a wait, `!` for a cut.
std::string steps_of(Reply reply) {
  Http2ReplyBody body(reply);
  std::array<std::uint8_t, 4> room{};
  std::string steps;
  for (int i = 0; i < 20; ++i) {
    const Http2ReplyBody::Step step = body.read(room);
    steps.append(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(step.count));
    if (step.next == Next::data) steps += '|';
    if (step.next == Next::wait) steps += "(" + std::to_string(step.delay.count()) + ")";
    if (step.next == Next::last_data) return steps + '.';
    if (step.next == Next::cut) return steps + '!';
  }
  return steps + " does not end";
}

Reply streamed(std::vector<Frame> frames, SendPlan plan = {}) {
  return {.frames = std::move(frames), .streamed = true, .plan = plan};
}

TEST(Http2ReplyBody, ends_with_the_last_byte_and_not_with_a_frame_of_its_own) {
  EXPECT_EQ(steps_of({.body = "abcd"}), "abcd.");
  EXPECT_EQ(steps_of({.body = "abcdef"}), "abcd|ef.");
  EXPECT_EQ(steps_of({}), ".");
  EXPECT_EQ(steps_of(streamed({})), ".");
}

TEST(Http2ReplyBody, does_not_join_two_frames) {
  EXPECT_EQ(steps_of(streamed({{.bytes = "a"}, {.bytes = "bcdef"}, {.bytes = "g"}})),
            "a|bcde|f|g.");
}

TEST(Http2ReplyBody, waits_once_before_a_frame_that_has_a_delay) {
  EXPECT_EQ(steps_of(streamed({{.bytes = "a"}, {.bytes = "bcdef", .delay = milliseconds(70)}})),
            "a|(70)bcde|f.");
  EXPECT_EQ(steps_of(streamed({{.bytes = "a"}, {.delay = milliseconds(70)}})), "a|(70).");
}

TEST(Http2ReplyBody, is_cut_after_the_last_byte_before_the_cut) {
  EXPECT_EQ(
      steps_of(streamed({{.bytes = "ab"}, {.bytes = "cd"}}, {.cut = Cut::reset, .cut_after = 3})),
      "ab|c|!");
  EXPECT_EQ(steps_of({.body = "ab", .plan = {.cut = Cut::stall, .cut_after = 0}}), "!");
}

}  // namespace
}  // namespace llm::local
