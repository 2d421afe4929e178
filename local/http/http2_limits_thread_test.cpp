#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "local/http/testing/test_listener.hpp"

namespace llm::local {
namespace {

using test::field;
using test::Http2Peer;
using test::Http2Response;
using test::kFirstWindow;
using test::streamed;
using test::TestListener;
using ::testing::Optional;

constexpr std::uint32_t kWidest = 0x7fff'ffff;

TEST(Http2Limits, keep_a_reply_within_the_window_of_its_stream) {
  TestListener server({{"/", {.body = "0123456789"}}});
  Http2Peer peer(server.port(), Http2Peer::setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 4));

  // The acknowledgement of a PING overtakes DATA; the second one proves that nothing more arrives.
  peer.get(1);
  ASSERT_TRUE(peer.ping() && peer.ping());
  const std::string first = peer.response(1).body();
  peer.widen(1, 3);
  ASSERT_TRUE(peer.ping() && peer.ping());
  const std::string second = peer.response(1).body();
  peer.widen(1, 3);

  EXPECT_EQ(first, "0123");
  EXPECT_EQ(second, "0123456");
  EXPECT_EQ(peer.read_response(1).body(), "0123456789");
}

TEST(Http2Limits, keep_all_replies_within_the_window_of_the_connection) {
  TestListener server({{"/", {.body = std::string(kFirstWindow, 'x')}}});
  Http2Peer peer(server.port());

  peer.get(1);
  peer.read_response(1);
  peer.get(3);
  ASSERT_TRUE(peer.ping() && peer.ping());
  const bool begun = !peer.response(3).header_blocks.empty();
  const std::size_t before = peer.response(3).body().size();
  peer.widen(0, kFirstWindow);

  EXPECT_TRUE(begun);
  EXPECT_EQ(before, 0U);
  EXPECT_EQ(peer.read_response(3).body().size(), kFirstWindow);
}

TEST(Http2Limits, let_a_slow_reader_have_all_of_its_reply_and_nobody_wait_for_it) {
  constexpr std::size_t kBytes = 32 * 1024 * 1024;
  TestListener server({{"/", {.body = std::string(kBytes, 'x')}}});
  Http2Peer slow(server.port(), Http2Peer::setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWidest));
  slow.widen(0, kWidest - kFirstWindow);

  slow.get(1);
  Http2Peer quick(server.port());
  quick.get(1, "/other");

  EXPECT_EQ(quick.read_response(1).body(), "fine");
  EXPECT_EQ(slow.read_response(1).body().size(), kBytes);
}

TEST(Http2Limits, end_at_once_when_the_server_stops_before_a_slow_reader_has_read) {
  TestListener server({{"/", {.body = std::string(32 * 1024 * 1024, 'x')}}});
  Http2Peer slow(server.port(), Http2Peer::setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWidest));
  slow.widen(0, kWidest - kFirstWindow);
  slow.get(1);
  slow.read_data_frames(1, 1);

  const auto before = std::chrono::steady_clock::now();
  server.listener->stop();

  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST(Http2Limits, refuse_a_body_that_is_longer_or_shorter_than_its_length) {
  for (const std::string_view body : {"123", "12345"}) {
    TestListener server;
    Http2Peer peer(server.port());

    peer.begin_post(1, field("content-length", "4"));
    peer.data(1, std::string(body));

    EXPECT_THAT(peer.read_response(1).reset, Optional(NGHTTP2_PROTOCOL_ERROR)) << body;
    EXPECT_TRUE(server.requests().empty()) << body;
  }
}

TEST(Http2Limits, refuse_a_request_that_has_no_path) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.send({.type = NGHTTP2_HEADERS,
             .flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
             .stream = 1,
             .payload = field(":method", "GET") + field(":scheme", "http")});

  EXPECT_THAT(peer.read_response(1).reset, Optional(NGHTTP2_PROTOCOL_ERROR));
}

TEST(Http2Limits, accept_a_head_in_several_frames_up_to_64_kib) {
  TestListener server;
  Http2Peer peer(server.port());
  const std::string value(60'000, 'x');

  peer.send_head(1, Http2Peer::request_fields("GET", "/") + field("x-long", value));

  EXPECT_EQ(peer.read_response(1).status(), "200");
  EXPECT_EQ(server.requests().at(0).header("x-long"), value);
}

TEST(Http2Limits, refuse_a_head_over_64_kib_and_keep_the_connection) {
  TestListener server;
  Http2Peer peer(server.port());

  const std::string half(40'000, 'x');
  peer.send_head(1, Http2Peer::request_fields("GET", "/") + field("a", half) + field("b", half));
  peer.read_response(1);
  peer.get(3);

  EXPECT_EQ(peer.read_response(3).status(), "200");
  EXPECT_EQ(server.requests().at(0).defect, Defect::headers_too_large);
}

TEST(Http2Limits, end_a_connection_whose_head_does_not_end) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.send({.type = NGHTTP2_HEADERS, .stream = 1, .payload = field("a", "b")});
  for (int i = 0; i < 1000; ++i) {
    peer.send({.type = NGHTTP2_CONTINUATION, .stream = 1, .payload = field("a", "b")});
  }
  peer.read_to_end();

  EXPECT_THAT(peer.goaway_error(), Optional(NGHTTP2_ENHANCE_YOUR_CALM));
  EXPECT_TRUE(server.requests().empty());
}

TEST(Http2Limits, refuse_a_body_over_the_limit_and_drop_the_rest) {
  constexpr std::size_t kFrame = 16 * 1024;
  TestListener server;
  Http2Peer peer(server.port());

  peer.begin_post(1);
  for (std::size_t sent = 0; sent <= kMaxReceivedBodyBytes; sent += kFrame) {
    peer.upload(1, std::string(kFrame, 'x'));
  }
  const std::string status = peer.read_response(1).status();
  peer.upload(1, std::string(kFrame, 'x'));
  peer.data(1, "");
  peer.get(3);

  EXPECT_EQ(status, "200");
  EXPECT_EQ(peer.read_response(3).body(), "fine");
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests().at(0).defect, Defect::body_too_large);
}

TEST(Http2Limits, reset_a_body_that_exceeds_the_limit_of_all_bodies) {
  constexpr std::size_t kFrame = 16 * 1024;
  constexpr std::size_t kEach = 60 * 1024 * 1024;  // The limit of all unfinished bodies is 160 MiB.
  TestListener server;
  Http2Peer peer(server.port());

  for (const std::uint32_t stream : {1U, 3U, 5U}) peer.begin_post(stream);
  for (std::size_t sent = 0; sent < kEach; sent += kFrame) {
    for (const std::uint32_t stream : {1U, 3U, 5U}) {
      if (!peer.response(stream).reset) peer.upload(stream, std::string(kFrame, 'x'));
    }
  }
  const bool one_is_reset = peer.read_until(
      [&] { return peer.response(1).reset || peer.response(3).reset || peer.response(5).reset; });
  peer.get(7);

  EXPECT_TRUE(one_is_reset);
  EXPECT_EQ(peer.read_response(7).body(), "fine");
}

TEST(Http2Limits, end_a_connection_that_opens_and_resets_without_end) {
  TestListener server;
  Http2Peer peer(server.port());

  for (std::uint32_t i = 0; i < 20'000; ++i) {
    peer.begin_post(2 * i + 1);
    peer.reset(2 * i + 1);
  }
  peer.read_to_end();

  EXPECT_TRUE(peer.goaway_error() || peer.socket().last_error() == ECONNRESET);
  Http2Peer other(server.port());
  EXPECT_TRUE(other.ping());
}

TEST(Http2Limits, allow_all_streams_to_be_given_up_at_once) {
  TestListener server({{"/slow", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer peer(server.port());
  ASSERT_TRUE(peer.ping());

  for (std::uint32_t i = 0; i < 1000; ++i) peer.get(2 * i + 1, "/slow");
  for (std::uint32_t i = 0; i < 1000; ++i) peer.reset(2 * i + 1);
  peer.get(2001);

  EXPECT_EQ(peer.read_response(2001).body(), "fine");
}

TEST(Http2Limits, refuse_more_streams_than_were_announced) {
  TestListener server({{"/slow", {.plan = {.cut = Cut::stall}}}});
  Http2Peer peer(server.port());

  for (std::uint32_t i = 0; i <= 1024; ++i) peer.get(2 * i + 1, "/slow");

  EXPECT_THAT(peer.read_response(2 * 1024 + 1).reset, Optional(NGHTTP2_REFUSED_STREAM));
}

/// A request of 12 bytes: its three fields are in HPACK's static table (RFC 7541, appendix A).
std::string shortest_request(std::uint32_t stream) {
  return Http2Peer::bytes_of({.type = NGHTTP2_HEADERS,
                              .flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
                              .stream = stream,
                              .payload = "\x82\x84\x86"});
}

TEST(Http2Limits, end_or_stop_reading_a_connection_that_sends_and_does_not_read) {
  using Flood = std::function<std::string(std::uint32_t)>;
  const std::vector<std::pair<std::string_view, Flood>> floods{
      {"ping",
       [](std::uint32_t) {
         return Http2Peer::bytes_of({.type = NGHTTP2_PING, .payload = std::string(8, 'p')});
       }},
      {"settings", [](std::uint32_t) { return Http2Peer::bytes_of({.type = NGHTTP2_SETTINGS}); }},
      {"requests", [](std::uint32_t i) { return shortest_request(2 * i + 1); }}};
  // More than both kernels buffer for a connection.
  constexpr std::uint32_t kBatches = 400;
  constexpr std::uint32_t kBatch = 10'000;
  TestListener server;
  for (const auto& [name, flood] : floods) {
    Http2Peer peer(server.port());

    bool taken = true;
    for (std::uint32_t batch = 0; taken && batch < kBatches; ++batch) {
      std::string bytes;
      for (std::uint32_t i = 0; i < kBatch; ++i) bytes += flood(batch * kBatch + i);
      taken = peer.socket().send_within(bytes, 500);
    }

    EXPECT_FALSE(taken) << name;
    EXPECT_TRUE(Http2Peer(server.port()).ping()) << name;
  }
}

TEST(Http2Limits, end_a_connection_that_breaks_the_protocol) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.data(0, "on no stream");
  peer.read_to_end();

  EXPECT_THAT(peer.goaway_error(), Optional(NGHTTP2_PROTOCOL_ERROR));
}

}  // namespace
}  // namespace llm::local
