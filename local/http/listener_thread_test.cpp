#include "local/http/listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/http/testing/raw_socket.hpp"

namespace llm::local {
namespace {

using test::RawSocket;
using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A listener that sends the same reply to every request.
std::unique_ptr<Listener> listener_with(Reply reply) {
  Result<std::unique_ptr<Listener>> listener = Listener::open(
      "127.0.0.1", 0, {.on_request = [reply = std::move(reply)](const Request&) { return reply; }});
  if (!listener) throw std::runtime_error(listener.error().message);
  return std::move(*listener);
}

Reply streamed_with(SendPlan plan) {
  return {.frames = {{"one", {}}, {"two", {}}}, .streamed = true, .plan = plan};
}

TEST(Listener, closes_a_stream_in_order_after_the_cut) {
  const auto listener = listener_with(streamed_with({.cut = Cut::close, .cut_after = 4}));
  RawSocket socket(listener->port());

  socket.send(kGet);

  EXPECT_THAT(socket.read_to_end(), EndsWith("\r\n\r\n3\r\none\r\n1\r\nt\r\n"));
  EXPECT_EQ(socket.last_error(), 0);
}

TEST(Listener, announces_the_full_length_of_a_body_that_it_cuts) {
  const auto listener = listener_with({.body = "abc", .plan = {.cut = Cut::close, .cut_after = 1}});
  RawSocket socket(listener->port());

  socket.send(kGet);

  EXPECT_THAT(socket.read_to_end(),
              EndsWith("Content-Length: 3\r\nConnection: keep-alive\r\n\r\na"));
}

TEST(Listener, resets_the_connection_after_the_cut_or_before_the_head) {
  const auto later = listener_with(streamed_with({.cut = Cut::reset, .cut_after = 3}));
  const auto at_once = listener_with(streamed_with({.cut = Cut::reset}));
  RawSocket first(later->port());
  RawSocket second(at_once->port());

  first.send(kGet);
  second.send(kGet);

  EXPECT_THAT(first.read_to_end(), EndsWith("3\r\none\r\n"));
  EXPECT_EQ(first.last_error(), ECONNRESET);
  EXPECT_EQ(second.read_to_end(), "");
  EXPECT_EQ(second.last_error(), ECONNRESET);
}

TEST(Listener, keeps_a_stalled_connection_until_it_is_stopped) {
  const auto listener = listener_with(streamed_with({.cut = Cut::stall, .cut_after = 3}));
  RawSocket socket(listener->port());
  socket.send(kGet);
  const std::string head = socket.read_until("one\r\n");

  // Bytes received during a stall are read and ignored.
  socket.send(kGet);
  listener->stop();

  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(socket.read_to_end(), "");
}

TEST(Listener, waits_before_the_head_and_before_the_body) {
  using std::chrono::milliseconds;
  using Clock = std::chrono::steady_clock;
  constexpr milliseconds kWait{40};
  const auto listener =
      listener_with({.body = "abc", .plan = {.before_head = kWait, .before_body = kWait}});
  RawSocket socket(listener->port());

  const auto start = Clock::now();
  socket.send(kGet);
  (void)socket.read_until("\r\n\r\n");
  const auto head = Clock::now();
  const std::string body = socket.read_bytes(3);
  const auto end = Clock::now();

  EXPECT_GE(head - start, kWait);
  EXPECT_GE(end - start, 2 * kWait);
  EXPECT_EQ(body, "abc");
}

}  // namespace
}  // namespace llm::local
