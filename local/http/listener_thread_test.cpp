#include "local/http/listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "local/http/testing/raw_socket.hpp"
#include "local/http/testing/test_listener.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm::local {
namespace {

using test::RawSocket;
using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr auto kSkipped =
    "Not run: this sanitizer itself needs a descriptor where the test leaves none.";
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

TEST(Listener, takes_no_header_from_a_trailer) {
  test::TestListener server;
  RawSocket socket(server.port());

  socket.send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
      "Authorization: Bearer ABSKtrailer\r\nConnection: close\r\n\r\n");
  const std::string first = socket.read_until("fine");
  socket.send(kGet);

  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(socket.read_until("fine"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(server.requests().at(0).header("authorization"), "");
  EXPECT_EQ(server.requests().at(0).headers.size(), 2U);
  EXPECT_EQ(server.requests().at(0).body, "{}");
}

TEST(Listener, refuses_a_head_or_trailers_of_many_short_lines) {
  const std::string post = "POST / HTTP/1.1\r\nHost: local\r\nTransfer-Encoding: chunked\r\n";
  for (const std::string& start : {post, post + "\r\n1\r\nx\r\n0\r\n"}) {
    test::TestListener served;
    RawSocket socket(served.port());
    socket.send(start);
    for (int i = 0; i < 1'000; ++i) socket.send("x-more: " + std::string(100, 'x') + "\r\n");

    (void)socket.read_to_end();

    ASSERT_EQ(served.requests().size(), 1U);
    EXPECT_EQ(served.requests().front().defect, Defect::headers_too_large);
  }
}

TEST(Listener, takes_a_body_in_chunks_of_one_byte) {
  test::TestListener served;
  RawSocket socket(served.port());
  socket.send("POST / HTTP/1.1\r\nHost: local\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 50'000; ++i) socket.send("1\r\nx\r\n");
  socket.send("0\r\n\r\n");

  EXPECT_TRUE(socket.read_until("\r\n").contains("200"));
  EXPECT_EQ(served.requests().front().body.size(), 50'000U);
}

TEST(Listener, reports_a_repeated_header_that_decides_something_and_closes) {
  test::TestListener server;
  RawSocket socket(server.port());

  socket.send(
      "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer one\r\nauthorization: Bearer "
      "two\r\n\r\n");

  EXPECT_THAT(socket.read_to_end(), EndsWith("Connection: close\r\n\r\nfine"));
  EXPECT_EQ(server.requests().at(0).defect, Defect::repeated_header);
}

/// Takes all file descriptors of this process, of which it may have a hundred meanwhile.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 100;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = 0; taken >= 0;) {
      taken = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (taken >= 0) taken_.push_back(taken);
    }
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() {
    while (!taken_.empty()) give_back();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

  void give_back() {
    ::close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST(Listener, tells_a_client_that_no_descriptor_is_left) {
  if (test_support::kChecksDynamicTypes) GTEST_SKIP() << kSkipped;
  test::TestListener server;
  NoDescriptors none;
  none.give_back();
  RawSocket silent(server.port());
  none.give_back();
  RawSocket first(server.port());
  none.give_back();
  RawSocket second(server.port());
  first.send(kGet);
  second.send(kGet);

  EXPECT_EQ(silent.read_to_end(), "");
  EXPECT_THAT(first.read_to_end(), EndsWith("Connection: close\r\n\r\nfine"));
  EXPECT_THAT(second.read_to_end(), EndsWith("Connection: close\r\n\r\nfine"));

  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[0].defect, Defect::no_descriptors);
  EXPECT_EQ(server.requests()[1].defect, Defect::no_descriptors);
}

TEST(Listener, serves_a_client_that_waited_for_a_descriptor) {
  if (test_support::kChecksDynamicTypes) GTEST_SKIP() << kSkipped;
  test::TestListener server;
  NoDescriptors none;
  none.give_back();
  RawSocket socket(server.port());
  socket.send(kGet);

  // Two, because the listener takes one in reserve again if it had to use it.
  none.give_back();
  none.give_back();

  EXPECT_THAT(socket.read_until("fine"), EndsWith("Connection: keep-alive\r\n\r\nfine"));
  EXPECT_EQ(server.requests().at(0).defect, Defect::none);
}

TEST(Listener, cannot_start_without_descriptors) {
  if (test_support::kChecksDynamicTypes) GTEST_SKIP() << kSkipped;
  const NoDescriptors none;

  const auto listener = Listener::open("127.0.0.1", 0, {});

  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(listener.error().message, "Listening on 127.0.0.1 failed: no file descriptor is left.");
}

}  // namespace
}  // namespace llm::local
