#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "http/curl_transport.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"

namespace llm::http {
namespace {

using namespace test_support;
using testing::HasSubstr;

/// A request and what has to arrive of it: what stands before and after the Host header.
struct Sent {
  HttpRequest request{};
  std::string line{};
  std::string rest{};
};

Sent sent(std::string method, std::shared_ptr<const std::string> body,
          std::vector<HttpHeader> headers, const std::string& lines) {
  HttpRequest request{.method = method, .headers = std::move(headers), .body = body};
  return {.request = std::move(request),
          .line = method + " /" + method + " HTTP/1.1\r\n",
          .rest = lines + "\r\n" + (body ? *body : "")};
}

std::shared_ptr<const std::string> bytes(std::size_t count, char byte) {
  return std::make_shared<const std::string>(count, byte);
}

/// One of each kind: with the head, uploaded chunk by chunk, larger than every buffer, empty,
/// none.
std::vector<Sent> kinds() {
  return {
      sent("POST", bytes(5, 'a'), {{"X-One", "1"}, {"Content-Type", "a/b"}},
           "X-One: 1\r\nContent-Type: a/b\r\nContent-Length: 5\r\n"),
      sent("GET", nullptr, {}, ""),
      sent("PUT", bytes(100'000, 'b'), {{"X-Two", ""}}, "X-Two:\r\nContent-Length: 100000\r\n"),
      sent("HEAD", nullptr, {{"X-Three", "3"}}, "X-Three: 3\r\n"),
      sent("POST", nullptr, {}, "Content-Length: 0\r\n"),
      sent("DELETE", nullptr, {{"Accept", "c/d"}}, "Accept: c/d\r\n"),
      sent("POST", bytes(600'000, 'c'), {}, "Content-Length: 600000\r\n"),
      sent("GET", bytes(3, 'd'), {}, "Content-Length: 3\r\n"),
      sent("POST", bytes(0, 'e'), {}, "Content-Length: 0\r\n"),
  };
}

TEST(CurlReuse, carries_nothing_of_one_request_into_any_other_on_the_same_handles) {
  RawServer server(always_respond(http_response("")));
  const auto transport = curl_transport();
  const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n";
  std::vector<std::string> expected;

  // Each after each other one.
  for (const Sent& first : kinds()) {
    for (const Sent& second : kinds()) {
      for (Sent next : {first, second}) {
        next.request.url = server.url("/" + next.request.method);
        ASSERT_TRUE(fetch(*transport, next.request));
        expected.push_back(next.line + host + next.rest);
      }
    }
  }

  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(requests[i] == expected[i]) << i << ": " << requests[i].substr(0, 300);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlReuse, starts_over_whenever_an_idle_connection_turns_out_to_be_closed) {
  // Every connection serves one request, and closes upon the next.
  RawServer server({read_request(), send_bytes(http_response("ok")), read_request()});
  const auto transport = curl_transport();

  // libcurl gives up after five such attempts for one request.
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(fetch(*transport, get(server.url())), "ok") << i;
  }
}

TEST(CurlReuse, takes_nothing_that_came_unasked_for_a_response) {
  RawServer server({{read_request(), send_bytes(http_response("asked for")), wait_for_signal(),
                     send_bytes(http_response("unasked"))},
                    always_respond(http_response("asked for too"))});
  const auto transport = curl_transport();
  ASSERT_EQ(fetch(*transport, post(server.url(), "first")), "asked for");
  server.signal();
  ASSERT_TRUE(server.await_server_closes(1));

  EXPECT_EQ(fetch(*transport, post(server.url(), "second")), "asked for too");
}

TEST(CurlReuse, uses_the_limits_of_the_current_request) {
  using namespace std::chrono_literals;
  RawServer server(
      {read_request(), send_bytes(http_response("one")), read_request(), await_close()});
  const auto transport = curl_transport();
  HttpRequest patient = post(server.url(), "x");
  patient.limits.total = 60s;
  HttpRequest hasty = post(server.url(), "x");
  hasty.limits.total = 50ms;

  EXPECT_EQ(fetch(*transport, patient), "one");
  const auto response = fetch(*transport, hasty);

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("50 ms (time limit)"));
}

TEST(CurlReuse, keeps_handles_of_different_rules_apart) {
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();
  HttpRequest ruled = get(server.url());
  ruled.peer = PeerRule::metadata;
  HttpRequest direct = get(server.url());
  direct.proxy = ProxyUse::never;

  for (int i = 0; i < 2; ++i) {
    for (const HttpRequest& request : {get(server.url()), ruled, direct}) {
      EXPECT_EQ(fetch(*transport, request), "ok");
    }
  }

  EXPECT_EQ(server.connections(), 3U);
}

}  // namespace
}  // namespace llm::http
