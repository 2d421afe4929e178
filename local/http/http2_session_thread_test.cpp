#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/http/testing/http2_world.hpp"

namespace llm::local {
namespace {

using std::chrono::milliseconds;
using test::field;
using test::Http2Answer;
using test::Http2Peer;
using test::streamed;
using test::World;
using ::testing::ElementsAre;

TEST(Http2Session, answers_requests_on_one_connection) {
  World world({{"/missing", {.status = 404, .headers = {{"X-Why", "No"}}, .body = "none"}}});
  Http2Peer peer(world.port());

  peer.begin_post(1);
  peer.get(3, "/missing");
  peer.data(1, "{}");

  EXPECT_EQ(peer.read_answer(3).body(), "none");
  EXPECT_THAT(peer.answer(3).heads,
              ElementsAre(std::map<std::string, std::string>{
                  {":status", "404"}, {"x-why", "No"}, {"content-length", "4"}}));
  EXPECT_EQ(peer.read_answer(1).status(), "200");
  EXPECT_EQ(world.requests().at(1).body, "{}");
  EXPECT_EQ(world.connections, 1);
}

TEST(Http2Session, sends_each_frame_of_a_stream_by_itself) {
  World world({{"/", streamed({{"one", {}}, {"", {}}, {"three", milliseconds(5)}})}});
  Http2Peer peer(world.port());

  peer.get(1);
  const Http2Answer& answer = peer.read_answer(1);

  EXPECT_THAT(answer.pieces, ElementsAre("one", "three"));
  EXPECT_TRUE(answer.ended);
  EXPECT_FALSE(answer.heads.at(0).contains("content-length"));
}

TEST(Http2Session, sends_no_body_to_head) {
  World world;
  Http2Peer peer(world.port());

  peer.get(1, "/", "HEAD");
  const Http2Answer& answer = peer.read_answer(1);

  EXPECT_EQ(answer.heads.at(0).at("content-length"), "4");
  EXPECT_EQ(answer.body(), "");
}

TEST(Http2Session, says_continue_when_it_is_asked) {
  World world;
  Http2Peer peer(world.port());

  peer.begin_post(1, field("expect", "100-continue"));
  peer.read_until([&] { return !peer.answer(1).heads.empty(); });
  const std::string first = peer.answer(1).status();
  peer.data(1, "{}");

  EXPECT_EQ(first, "100");
  EXPECT_EQ(peer.read_answer(1).status(), "200");
}

TEST(Http2Session, takes_trailers_and_forgets_them) {
  World world;
  Http2Peer peer(world.port());

  peer.begin_post(1);
  peer.data(1, "{}", NGHTTP2_FLAG_NONE);
  peer.send({.type = NGHTTP2_HEADERS,
             .flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
             .stream = 1,
             .payload = field("x-checksum", "1")});

  EXPECT_EQ(peer.read_answer(1).status(), "200");
  EXPECT_EQ(world.requests().at(0).header("x-checksum"), "");
}

TEST(Http2Session, serves_a_thousand_streams_of_one_connection_at_once) {
  constexpr std::uint32_t kStreams = 1000;
  World world({{"/", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer peer(world.port());

  for (std::uint32_t i = 0; i < kStreams; ++i) peer.get(2 * i + 1);

  for (std::uint32_t i = 0; i < kStreams; ++i) {
    ASSERT_EQ(peer.read_pieces(2 * i + 1, 1).body(), "one") << i;
    ASSERT_FALSE(peer.answer(2 * i + 1).ended) << i;
  }
}

TEST(Http2Session, goes_on_with_the_others_when_the_peer_resets_a_stream) {
  World world({{"/slow", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer peer(world.port());
  peer.get(1, "/slow");
  peer.read_pieces(1, 1);

  peer.reset(1);
  peer.get(3);

  EXPECT_EQ(peer.read_answer(3).body(), "fine");
  EXPECT_FALSE(peer.answer(1).ended);
}

TEST(Http2Session, finishes_what_is_open_when_the_peer_says_goodbye) {
  World world({{"/", streamed({{"one", {}}, {"two", milliseconds(20)}})}});
  Http2Peer peer(world.port());
  peer.get(1);
  peer.read_pieces(1, 1);

  peer.send({.type = NGHTTP2_GOAWAY, .payload = std::string(8, '\0')});
  peer.read_to_end();

  EXPECT_EQ(peer.answer(1).body(), "onetwo");
  EXPECT_TRUE(peer.answer(1).ended);
  EXPECT_EQ(peer.socket().last_error(), 0);
}

TEST(Http2Session, says_goodbye_and_leaves_streams_unfinished_when_the_server_stops) {
  World world({{"/", streamed({{"one", {}}, {"two", std::chrono::hours(1)}})}});
  Http2Peer streaming(world.port());
  Http2Peer idle(world.port());
  streaming.get(1);
  streaming.read_pieces(1, 1);
  ASSERT_TRUE(idle.ping());

  const auto before = std::chrono::steady_clock::now();
  world.listener->stop();
  const auto took = std::chrono::steady_clock::now() - before;
  streaming.read_to_end();
  idle.read_to_end();

  EXPECT_LT(took, std::chrono::seconds(2));
  EXPECT_EQ(streaming.goodbye(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(idle.goodbye(), NGHTTP2_NO_ERROR);
  EXPECT_FALSE(streaming.answer(1).ended);
}

TEST(Http2Session, says_goodbye_after_a_reply_that_closes) {
  World world({{"/last", {.body = "bye", .after = After::close}},
               {"/", streamed({{"one", {}}, {"two", milliseconds(20)}})}});
  Http2Peer peer(world.port());
  peer.get(1);
  peer.read_pieces(1, 1);

  peer.get(3, "/last");
  peer.read_to_end();

  EXPECT_EQ(peer.goodbye(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(peer.answer(3).body(), "bye");
  EXPECT_TRUE(peer.answer(3).ended);
  EXPECT_TRUE(peer.answer(1).ended);
}

TEST(Http2Session, resets_a_stream_at_the_cut_or_before_its_head) {
  World world({{"/later", streamed({{"one", {}}}, {.cut = Cut::reset, .cut_after = 2})},
               {"/at-once", streamed({{"one", {}}}, {.cut = Cut::reset})}});
  Http2Peer peer(world.port());

  peer.get(1, "/later");
  peer.get(3, "/at-once");
  peer.get(5);

  EXPECT_EQ(peer.read_answer(1).reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_EQ(peer.answer(1).body(), "on");
  EXPECT_EQ(peer.read_answer(3).reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_TRUE(peer.answer(3).heads.empty());
  EXPECT_EQ(peer.read_answer(5).body(), "fine");
}

TEST(Http2Session, closes_the_connection_at_a_cut_that_closes) {
  World world({{"/", {.body = "abc", .plan = {.cut = Cut::close, .cut_after = 1}}}});
  Http2Peer peer(world.port());

  peer.get(1);
  peer.read_to_end();

  EXPECT_EQ(peer.answer(1).heads.at(0).at("content-length"), "3");
  EXPECT_EQ(peer.answer(1).body(), "a");
  EXPECT_FALSE(peer.answer(1).ended);
  EXPECT_EQ(peer.socket().last_error(), 0);
}

TEST(Http2Session, stalls_one_stream_and_serves_the_others) {
  World world({{"/", streamed({{"one", {}}, {"two", {}}}, {.cut = Cut::stall, .cut_after = 3})},
               {"/nothing", {.plan = {.cut = Cut::stall}}}});
  Http2Peer peer(world.port());

  peer.get(1);
  peer.get(3, "/nothing");
  peer.get(5, "/fine");
  peer.read_answer(5);
  ASSERT_TRUE(peer.ping());

  EXPECT_EQ(peer.answer(5).body(), "fine");
  EXPECT_EQ(peer.answer(1).body(), "one");
  EXPECT_FALSE(peer.answer(1).ended);
  EXPECT_TRUE(peer.answer(3).heads.empty());
}

TEST(Http2Session, waits_before_the_head_and_before_the_body) {
  constexpr milliseconds kWait{40};
  World world({{"/", {.body = "abc", .plan = {.before_head = kWait, .before_body = kWait}}}});
  Http2Peer peer(world.port());

  const auto start = std::chrono::steady_clock::now();
  peer.get(1);
  peer.read_until([&] { return !peer.answer(1).heads.empty(); });
  const auto head = std::chrono::steady_clock::now();
  peer.read_answer(1);
  const auto end = std::chrono::steady_clock::now();

  EXPECT_GE(head - start, kWait);
  EXPECT_GE(end - start, 2 * kWait);
  EXPECT_EQ(peer.answer(1).body(), "abc");
}

}  // namespace
}  // namespace llm::local
