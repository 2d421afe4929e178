#include "aws/protocol/server_sent_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace llm::aws {
namespace {

using ::testing::HasSubstr;

using Events = std::vector<std::pair<std::string, std::string>>;  // Type and data.

/// The events of a body that is fed in chunks of this size. Each chunk is memory of its own.
Result<Events> events_of(std::string_view body, std::size_t chunk_bytes) {
  ServerSentEventDecoder decoder;
  Events events;
  while (!body.empty()) {
    const std::vector<char> chunk(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                   chunk_bytes, body.size())));
    decoder.feed({chunk.data(), chunk.size()});
    for (;;) {
      const auto event = decoder.next();
      if (!event) return std::unexpected(event.error());
      if (*event == nullptr) break;
      EXPECT_EQ((*event)->message_type, "event");
      events.emplace_back((*event)->event_type, (*event)->payload);
    }
    body.remove_prefix(chunk.size());
  }
  if (auto finished = decoder.finish(); !finished) return std::unexpected(finished.error());
  return events;
}

struct Body {
  std::string name;
  std::string bytes;
  Events events;
};

// After the examples of WHATWG HTML, "Server-sent events", and what the two APIs send.
const Body kBodies[] = {
    {"nothing", "", {}},
    {"data", "data: {\"a\":1}\n\n", {{"message", "{\"a\":1}"}}},
    {"named", "event: ping\ndata: {}\n\n", {{"ping", "{}"}}},
    {"two", "event: a\ndata: 1\n\ndata: [DONE]\n\n", {{"a", "1"}, {"message", "[DONE]"}}},
    {"no_blank_after_the_colon", "data:1\n\n", {{"message", "1"}}},
    {"only_one_blank_is_left_out", "data:  1\n\n", {{"message", " 1"}}},
    {"colon_in_the_data", "data: a: b\n\n", {{"message", "a: b"}}},
    {"lines_of_data", "data: YHOO\ndata: +2\ndata: 10\n\n", {{"message", "YHOO\n+2\n10"}}},
    {"empty_lines_of_data",
     "data\n\ndata\ndata\n\ndata:\n\n",
     {{"message", ""}, {"message", "\n"}, {"message", ""}}},
    {"returns", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", {{"a", "1"}, {"message", "2"}}},
    {"returns_alone", "data: 1\rdata: 2\r\rdata: 3\r\r", {{"message", "1\n2"}, {"message", "3"}}},
    {"mixed_ends", "data: 1\r\ndata: 2\n\r\n", {{"message", "1\n2"}}},
    {"comments", ": hello\n\n:\n\ndata: 1\n: between\n\n", {{"message", "1"}}},
    {"other_fields", "id: 7\nretry: 10\nfoo: bar\nbar\ndata: 1\n\n", {{"message", "1"}}},
    {"a_type_without_data", "event: lost\n\ndata: 1\n\n", {{"message", "1"}}},
    {"the_last_type_counts", "event: a\nevent: b\ndata: 1\n\n", {{"b", "1"}}},
    {"byte_order_mark",
     "\xEF\xBB\xBF"
     "data: 1\n\n",
     {{"message", "1"}}},
    {"byte_order_mark_later",
     "data: 1\n\n\xEF\xBB\xBF"
     "data: 2\n\n",
     {{"message", "1"}}},
    {"blank_lines", "\n\n\ndata: 1\n\n\n\n", {{"message", "1"}}},
};

class ServerSentEvents : public ::testing::TestWithParam<Body> {};

TEST_P(ServerSentEvents, are_the_same_however_the_body_is_cut) {
  for (const std::size_t chunk_bytes :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1000}}) {
    const auto events = events_of(GetParam().bytes, chunk_bytes);

    ASSERT_TRUE(events) << events.error().message;
    EXPECT_EQ(*events, GetParam().events) << "in chunks of " << chunk_bytes;
  }
}

INSTANTIATE_TEST_SUITE_P(Bodies, ServerSentEvents, ::testing::ValuesIn(kBodies),
                         [](const auto& row) { return row.param.name; });

TEST(ServerSentEventDecoder, reports_a_body_that_ends_inside_an_event_or_a_line) {
  for (const std::string_view body :
       {"data: 1", "data: 1\n", "data: 1\n\ndata", "data: 1\n\n: c", "event: a\ndata: 1\r\n"}) {
    const auto events = events_of(body, 1);

    ASSERT_FALSE(events) << body;
    EXPECT_EQ(events.error().code, ErrorCode::stream_error);
  }
}

TEST(ServerSentEventDecoder, refuses_an_event_that_is_too_large_and_repeats_the_error) {
  ServerSentEventDecoder decoder;
  const std::string line = "data: " + std::string(kMaxPayloadBytes / 2, 'x') + "\n";

  decoder.feed(line);
  ASSERT_TRUE(decoder.next());
  decoder.feed(line);
  ASSERT_FALSE(decoder.next());

  const auto again = decoder.next();
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("larger than 25165824 bytes"));
  EXPECT_FALSE(decoder.finish());
}

}  // namespace
}  // namespace llm::aws
