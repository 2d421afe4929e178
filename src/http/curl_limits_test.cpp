#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "http/curl_transport.hpp"
#include "http/request_options.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"

namespace llm::http {
namespace {

using namespace std::chrono_literals;
using namespace test_support;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;

// Far longer than any of these tests needs, far shorter than without a limit.
constexpr auto kSoon = 5s;
const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";

HttpRequest limited(std::string url, HttpLimits limits) {
  return {.method = "POST",
          .url = std::move(url),
          .body = std::make_shared<const std::string>("x"),
          .limits = limits};
}

void expect_timeout(const Error& error, std::string_view limit, steady_clock::time_point started) {
  EXPECT_LT(steady_clock::now() - started, kSoon);
  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_THAT(error.message, HasSubstr(limit));
  EXPECT_THAT(error.message, HasSubstr("127.0.0.1"));
  EXPECT_THAT(error.message, Not(HasSubstr("s3cret")));
}

TEST(CurlLimits, end_an_exchange_whose_tls_handshake_gets_no_response) {
  RawServer server({await_close()});
  const auto started = steady_clock::now();

  const auto response = curl_transport()->send(
      limited("https://127.0.0.1:" + std::to_string(server.port()) + "/?s3cret", {.connect = 60ms}),
      {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "60 ms (connect limit)", started);
  EXPECT_TRUE(response.error().retryable);
}

TEST(CurlLimits, end_an_exchange_without_a_response) {
  RawServer server({read_request(), await_close()});
  const auto started = steady_clock::now();

  const auto response =
      curl_transport()->send(limited(server.url("/?s3cret"), {.first_byte = 60ms}), {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "60 ms (first-byte limit)", started);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlLimits, do_not_take_an_interim_response_for_the_first_byte) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 102 Processing\r\n\r\n"), await_close()});
  const auto started = steady_clock::now();

  const auto response = curl_transport()->send(limited(server.url(), {.first_byte = 60ms}), {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "60 ms (first-byte limit)", started);
}

TEST(CurlLimits, count_the_first_byte_from_the_end_of_the_request) {
  // The server reads nothing of a body larger than every buffer, so the upload does not end.
  RawServer server({wait_for_signal()});
  HttpRequest request = limited(server.url(), {.first_byte = 1ms, .total = 150ms});
  request.body = std::make_shared<const std::string>(64 * 1024 * 1024, 'x');
  const auto started = steady_clock::now();

  const auto response = curl_transport()->send(request, {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "150 ms (time limit)", started);
}

TEST(CurlLimits, end_a_request_that_the_server_stops_reading) {
  RawServer server({wait_for_signal()});
  HttpRequest request = limited(server.url("/?s3cret"), {.first_byte = 1ms, .idle = 150ms});
  request.body = std::make_shared<const std::string>(64 * 1024 * 1024, 'x');
  const auto started = steady_clock::now();

  const auto response = curl_transport()->send(request, {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "accepted no more of the request for 150 ms (idle limit)",
                 started);
}

TEST(CurlLimits, end_a_small_request_that_the_server_stops_reading) {
  // The kernel takes the whole request at once, and the server's a part of it.
  RawServer server({wait_for_signal()}, 4096);
  for (const std::size_t size : {60'000U, 100'000U}) {
    HttpRequest request = limited(server.url("/?s3cret"), {.idle = 100ms, .total = 10s});
    request.body = std::make_shared<const std::string>(size, 'x');
    const auto started = steady_clock::now();

    const auto response = curl_transport()->send(request, {});

    ASSERT_FALSE(response) << size;
    expect_timeout(response.error(), "accepted no more of the request for 100 ms (idle limit)",
                   started);
  }
}

TEST(CurlLimits, count_no_idle_time_once_the_server_has_the_request) {
  RawServer server({read_request(), await_close()});
  HttpRequest request = limited(server.url(), {.first_byte = 150ms, .idle = 20ms});
  request.body = std::make_shared<const std::string>(60'000, 'x');
  const auto started = steady_clock::now();

  const auto response = curl_transport()->send(request, {});

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "150 ms (first-byte limit)", started);
}

TEST(CurlLimits, end_a_response_that_pauses_too_long) {
  RawServer server({read_request(), send_bytes(kHead + "one"), await_close()});
  const auto response = curl_transport()->send(limited(server.url("/?s3cret"), {.idle = 60ms}), {});
  ASSERT_TRUE(response);
  ASSERT_EQ(read_once(**response), "one");
  const auto started = steady_clock::now();

  const auto rest = read_once(**response);

  ASSERT_FALSE(rest);
  expect_timeout(rest.error(), "60 ms", started);
  EXPECT_THAT(rest.error().message, HasSubstr("(idle limit)"));
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlLimits, end_an_error_response_that_does_not_end) {
  RawServer server({read_request(),
                    send_bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\none"),
                    await_close()});
  HttpLimits limits{.idle = 60s, .total = 60s};
  limits.refusal = 80ms;
  const auto response = curl_transport()->send(limited(server.url(), limits), {});
  ASSERT_TRUE(response);
  ASSERT_EQ(read_once(**response), "one");
  const auto started = steady_clock::now();

  const auto rest = read_once(**response);

  ASSERT_FALSE(rest);
  expect_timeout(rest.error(), "did not end within 80 ms", started);
}

TEST(CurlLimits, end_an_exchange_that_takes_too_long_overall) {
  RawServer server({read_request(), send_bytes(kHead + "one"), await_close()});
  const auto response =
      curl_transport()->send(limited(server.url("/?s3cret"), {.idle = 60s, .total = 400ms}), {});
  ASSERT_TRUE(response);
  ASSERT_EQ(read_once(**response), "one");
  const auto started = steady_clock::now();

  const auto rest = read_once(**response);

  ASSERT_FALSE(rest);
  expect_timeout(rest.error(), "400 ms (time limit)", started);
}

TEST(CurlLimits, hold_the_total_limit_while_bytes_keep_coming) {
  // Small chunks take the client longer than the server: there is always something to read.
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "4\r\nbyte\r\n";
  RawServer server({read_request(),
                    send_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                    send_endlessly(chunks)});
  const auto started = steady_clock::now();

  const auto response = fetch(*curl_transport(), limited(server.url(), {.total = 100ms}));

  ASSERT_FALSE(response);
  expect_timeout(response.error(), "100 ms (time limit)", started);
}

TEST(CurlLimits, hand_out_in_chunks_what_arrives_faster_than_it_is_read) {
  std::string large(1024 * 1024 + 7, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 % 251);
  RawServer server({read_request(), send_bytes(http_response(large)), await_close()});
  const auto response = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(response);

  std::string read;
  std::size_t largest = 0;
  for (auto chunk = read_once(**response); chunk && !chunk->empty();
       chunk = read_once(**response)) {
    largest = std::max(largest, chunk->size());
    read += *chunk;
  }

  EXPECT_TRUE(read == large);
  EXPECT_LE(largest, kMaxReceivedBytes);
}

TEST(CurlLimits, leave_a_fast_exchange_alone) {
  RawServer server(always_respond(http_response("ok")));

  const auto response =
      fetch(*curl_transport(),
            limited(server.url(),
                    {.connect = std::nullopt, .first_byte = 10s, .idle = 10s, .total = 10s}));

  EXPECT_EQ(response, "ok");
}

TEST(CurlLimits, take_the_longest_duration_for_no_limit) {
  RawServer server(always_respond(http_response("ok")));
  constexpr auto longest = std::chrono::milliseconds::max();

  const auto response = fetch(
      *curl_transport(),
      limited(server.url(),
              {.connect = longest, .first_byte = longest, .idle = longest, .total = longest}));

  EXPECT_EQ(response, "ok");
}

}  // namespace
}  // namespace llm::http
