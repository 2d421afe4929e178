#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

#include "http/curl_transport.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_server.hpp"

namespace llm::http {
namespace {

using namespace std::chrono_literals;
using namespace test_support;
using std::chrono::steady_clock;

constexpr auto kAtOnce = 500ms;

HttpRequest post(std::string url) {
  return {.method = "POST",
          .url = std::move(url),
          .body = std::make_shared<const std::string>("x"),
          .limits = {.connect = 60s}};
}

/// Requests a stop from another thread as soon as `moment()` returns, and remembers when.
class Stopper {
 public:
  template <typename Moment>
  explicit Stopper(Moment moment)
      : thread_([this, moment] {
          moment();
          stopped_at_ = steady_clock::now();
          source_.request_stop();
        }) {}

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// How long after the request. Called once, after the stopped call has returned.
  [[nodiscard]] steady_clock::duration delay() {
    const auto now = steady_clock::now();
    thread_.join();
    return now - stopped_at_;
  }

 private:
  std::stop_source source_;
  steady_clock::time_point stopped_at_;
  std::thread thread_;
};

TEST(CurlCancel, ends_a_connection_attempt_at_once) {
  // The TLS handshake is part of connecting; this server never responses it.
  RawServer server({await_close()});
  Stopper stopper([&] {
    while (server.connections() == 0) std::this_thread::yield();
  });

  const auto response = curl_transport()->send(
      post("https://127.0.0.1:" + std::to_string(server.port())), stopper.token());

  EXPECT_LT(stopper.delay(), kAtOnce);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlCancel, ends_the_wait_for_a_response_at_once) {
  RawServer server({read_request(), await_close()});
  Stopper stopper([&] { EXPECT_TRUE(server.await_requests(1)); });

  const auto response = curl_transport()->send(post(server.url()), stopper.token());

  EXPECT_LT(stopper.delay(), kAtOnce);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlCancel, ends_a_read_at_once_and_for_good) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none"),
                    await_close()});
  std::atomic<bool> reading = false;
  Stopper stopper([&] { reading.wait(false); });
  const auto response = curl_transport()->send(post(server.url()), stopper.token());
  ASSERT_TRUE(response);
  ASSERT_EQ(read_once(**response), "one");

  reading = true;
  reading.notify_one();
  const auto rest = read_once(**response);

  EXPECT_LT(stopper.delay(), kAtOnce);
  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.error().code, ErrorCode::cancelled);
  EXPECT_FALSE(read_once(**response));
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlCancel, keeps_the_pooled_connection_when_nothing_was_begun) {
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();
  ASSERT_EQ(fetch(*transport, post(server.url())), "ok");
  std::stop_source stop;
  stop.request_stop();

  const auto cancelled = transport->send(post(server.url()), stop.get_token());
  const auto next = fetch(*transport, post(server.url()));

  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::cancelled);
  EXPECT_EQ(next, "ok");
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(CurlTransport, is_shared_by_many_threads_with_a_connection_each) {
  constexpr int kThreads = 16;
  constexpr int kRequests = 20;
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();
  std::atomic<int> good = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kRequests; ++j) {
          if (fetch(*transport, post(server.url())) == "ok") ++good;
        }
      });
    }
  }

  EXPECT_EQ(good, kThreads * kRequests);
  EXPECT_EQ(server.requests().size(), static_cast<std::size_t>(kThreads * kRequests));
  EXPECT_LE(server.connections(), static_cast<std::size_t>(kThreads));
}

TEST(CurlTransport, verifies_for_many_threads_that_connect_at_once) {
  constexpr int kThreads = 8;
  constexpr int kRequests = 5;
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "bundle.pem";
  // The server serves one request a connection: a new one each, and a new handshake.
  TlsServer server("IP:127.0.0.1",
                   "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
  TlsServer stranger("IP:127.0.0.1", http_response("ok"));
  write_file(bundle, server.certificate_pem());
  const auto transport = curl_transport({.ca_bundle = bundle.string(), .user_agent = {}});
  std::atomic<int> good = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kRequests; ++j) {
          if (fetch(*transport, post(server.url())) == "ok") ++good;
          if (!fetch(*transport, post(stranger.url()))) ++good;
        }
      });
    }
  }

  EXPECT_EQ(good, 2 * kThreads * kRequests);
  EXPECT_EQ(stranger.requests(), 0);
}

}  // namespace
}  // namespace llm::http
