#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/http/testing/test_listener.hpp"

namespace llm::local {
namespace {

using std::chrono::milliseconds;
using test::field;
using test::Http2Peer;
using test::Http2Response;
using test::streamed;
using test::TestListener;
using ::testing::ElementsAre;

TEST(Http2Session, serves_requests_on_one_connection) {
  TestListener server(
      {{"/missing", {.status = 404, .headers = {{"X-Why", "No"}}, .body = "none"}}});
  Http2Peer peer(server.port());

  peer.begin_post(1);
  peer.get(3, "/missing");
  peer.data(1, "{}");

  EXPECT_EQ(peer.read_response(3).body(), "none");
  EXPECT_THAT(peer.response(3).header_blocks,
              ElementsAre(std::map<std::string, std::string>{
                  {":status", "404"}, {"x-why", "No"}, {"content-length", "4"}}));
  EXPECT_EQ(peer.read_response(1).status(), "200");
  EXPECT_EQ(server.requests().at(1).body, "{}");
  EXPECT_EQ(server.connections, 1);
}

TEST(Http2Session, sends_each_frame_of_a_stream_by_itself) {
  TestListener server({{"/", streamed({{"one", {}}, {"", {}}, {"three", milliseconds(5)}})}});
  Http2Peer peer(server.port());

  peer.get(1);
  const Http2Response& response = peer.read_response(1);

  EXPECT_THAT(response.data, ElementsAre("one", "three"));
  EXPECT_TRUE(response.ended);
  EXPECT_FALSE(response.header_blocks.at(0).contains("content-length"));
}

TEST(Http2Session, sends_no_body_to_head) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.get(1, "/", "HEAD");
  const Http2Response& response = peer.read_response(1);

  EXPECT_EQ(response.header_blocks.at(0).at("content-length"), "4");
  EXPECT_EQ(response.body(), "");
}

TEST(Http2Session, sends_continue_when_the_request_expects_it) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.begin_post(1, field("expect", "100-continue"));
  peer.read_until([&] { return !peer.response(1).header_blocks.empty(); });
  const std::string first = peer.response(1).status();
  peer.data(1, "{}");

  EXPECT_EQ(first, "100");
  EXPECT_EQ(peer.read_response(1).status(), "200");
}

TEST(Http2Session, drops_trailers) {
  TestListener server;
  Http2Peer peer(server.port());

  peer.begin_post(1);
  peer.data(1, "{}", NGHTTP2_FLAG_NONE);
  peer.send({.type = NGHTTP2_HEADERS,
             .flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
             .stream = 1,
             .payload = field("x-checksum", "1")});

  EXPECT_EQ(peer.read_response(1).status(), "200");
  EXPECT_EQ(server.requests().at(0).header("x-checksum"), "");
}

TEST(Http2Session, serves_a_thousand_streams_of_one_connection_at_once) {
  constexpr std::uint32_t kStreams = 1000;
  TestListener server({{"/", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer peer(server.port());

  for (std::uint32_t i = 0; i < kStreams; ++i) peer.get(2 * i + 1);

  for (std::uint32_t i = 0; i < kStreams; ++i) {
    ASSERT_EQ(peer.read_data_frames(2 * i + 1, 1).body(), "one") << i;
    ASSERT_FALSE(peer.response(2 * i + 1).ended) << i;
  }
}

TEST(Http2Session, serves_other_streams_after_the_peer_resets_one) {
  TestListener server({{"/slow", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer peer(server.port());
  peer.get(1, "/slow");
  peer.read_data_frames(1, 1);

  peer.reset(1);
  peer.get(3);

  EXPECT_EQ(peer.read_response(3).body(), "fine");
  EXPECT_FALSE(peer.response(1).ended);
}

TEST(Http2Session, finishes_open_streams_after_goaway) {
  TestListener server({{"/", streamed({{"one", {}}, {"two", milliseconds(20)}})}});
  Http2Peer peer(server.port());
  peer.get(1);
  peer.read_data_frames(1, 1);

  peer.send({.type = NGHTTP2_GOAWAY, .payload = std::string(8, '\0')});
  peer.read_to_end();

  EXPECT_EQ(peer.response(1).body(), "onetwo");
  EXPECT_TRUE(peer.response(1).ended);
  EXPECT_EQ(peer.socket().last_error(), 0);
}

TEST(Http2Session, sends_goaway_and_leaves_streams_unfinished_when_the_server_stops) {
  TestListener server({{"/", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer streaming(server.port());
  Http2Peer idle(server.port());
  streaming.get(1);
  streaming.read_data_frames(1, 1);
  ASSERT_TRUE(idle.ping());

  const auto before = std::chrono::steady_clock::now();
  server.listener->stop();
  const auto took = std::chrono::steady_clock::now() - before;
  streaming.read_to_end();
  idle.read_to_end();

  EXPECT_LT(took, std::chrono::seconds(2));
  EXPECT_EQ(streaming.goaway_error(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(idle.goaway_error(), NGHTTP2_NO_ERROR);
  EXPECT_FALSE(streaming.response(1).ended);
}

TEST(Http2Session, sends_goaway_after_a_reply_that_closes) {
  TestListener server({{"/last", {.body = "bye", .after = After::close}},
                       {"/", streamed({{"one", {}}, {"two", milliseconds(20)}})}});
  Http2Peer peer(server.port());
  peer.get(1);
  peer.read_data_frames(1, 1);

  peer.get(3, "/last");
  peer.read_to_end();

  EXPECT_EQ(peer.goaway_error(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(peer.response(3).body(), "bye");
  EXPECT_TRUE(peer.response(3).ended);
  EXPECT_TRUE(peer.response(1).ended);
}

TEST(Http2Session, resets_a_stream_at_the_cut_or_before_its_head) {
  TestListener server({{"/later", streamed({{"one", {}}}, {.cut = Cut::reset, .cut_after = 2})},
                       {"/at-once", streamed({{"one", {}}}, {.cut = Cut::reset})}});
  Http2Peer peer(server.port());

  peer.get(1, "/later");
  peer.get(3, "/at-once");
  peer.get(5);

  EXPECT_EQ(peer.read_response(1).reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_EQ(peer.response(1).body(), "on");
  EXPECT_EQ(peer.read_response(3).reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_TRUE(peer.response(3).header_blocks.empty());
  EXPECT_EQ(peer.read_response(5).body(), "fine");
}

TEST(Http2Session, closes_the_connection_at_a_cut_that_closes) {
  TestListener server({{"/", {.body = "abc", .plan = {.cut = Cut::close, .cut_after = 1}}}});
  Http2Peer peer(server.port());

  peer.get(1);
  peer.read_to_end();

  EXPECT_EQ(peer.response(1).header_blocks.at(0).at("content-length"), "3");
  EXPECT_EQ(peer.response(1).body(), "a");
  EXPECT_FALSE(peer.response(1).ended);
  EXPECT_EQ(peer.socket().last_error(), 0);
}

TEST(Http2Session, stalls_one_stream_and_serves_the_others) {
  TestListener server(
      {{"/", streamed({{"one", {}}, {"two", {}}}, {.cut = Cut::stall, .cut_after = 3})},
       {"/nothing", {.plan = {.cut = Cut::stall}}}});
  Http2Peer peer(server.port());

  peer.get(1);
  peer.get(3, "/nothing");
  peer.get(5, "/fine");
  peer.read_response(5);
  ASSERT_TRUE(peer.ping());

  EXPECT_EQ(peer.response(5).body(), "fine");
  EXPECT_EQ(peer.response(1).body(), "one");
  EXPECT_FALSE(peer.response(1).ended);
  EXPECT_TRUE(peer.response(3).header_blocks.empty());
}

TEST(Http2Session, waits_before_the_head_and_before_the_body) {
  constexpr milliseconds kWait{40};
  TestListener server(
      {{"/", {.body = "abc", .plan = {.before_head = kWait, .before_body = kWait}}}});
  Http2Peer peer(server.port());

  const auto start = std::chrono::steady_clock::now();
  peer.get(1);
  peer.read_until([&] { return !peer.response(1).header_blocks.empty(); });
  const auto head = std::chrono::steady_clock::now();
  peer.read_response(1);
  const auto end = std::chrono::steady_clock::now();

  EXPECT_GE(head - start, kWait);
  EXPECT_GE(end - start, 2 * kWait);
  EXPECT_EQ(peer.response(1).body(), "abc");
}

}  // namespace
}  // namespace llm::local
