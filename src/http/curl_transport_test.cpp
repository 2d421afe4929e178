#include "http/curl_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"

namespace llm::http {
namespace {

using namespace test_support;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(CurlTransport, sends_the_request_as_written_and_nothing_else) {
  RawServer server(always_respond(http_response("")));
  HttpRequest request = post(server.url("/a/../model/x%3A0/%2e/invoke?b=2&a=%20"), "{}");
  request.headers = {{.name = "content-type", .value = "application/json"},
                     {.name = "X-Amz-Date", .value = "20260102T030405Z"},
                     {.name = "X-Empty", .value = ""}};

  const auto response = curl_transport()->send(request, {});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(server.requests().at(0),
            "POST /a/../model/x%3A0/%2e/invoke?b=2&a=%20 HTTP/1.1\r\n"
            "Host: 127.0.0.1:" +
                std::to_string(server.port()) +
                "\r\n"
                "content-type: application/json\r\n"
                "X-Amz-Date: 20260102T030405Z\r\n"
                "X-Empty:\r\n"
                "Content-Length: 2\r\n\r\n{}");
}

TEST(CurlTransport, sends_get_without_and_put_with_an_empty_body) {
  RawServer server(always_respond(http_response("")));
  const auto transport = curl_transport();

  const auto got = transport->send(get(server.url()), {});
  const auto put = transport->send({.method = "PUT", .url = server.url()}, {});
  const auto posted = transport->send({.method = "POST", .url = server.url()}, {});

  ASSERT_TRUE(got && put && posted);
  const auto requests = server.requests();
  EXPECT_THAT(requests.at(0), StartsWith("GET / HTTP/1.1\r\n"));
  EXPECT_THAT(requests.at(0), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(requests.at(1), StartsWith("PUT / HTTP/1.1\r\n"));
  EXPECT_THAT(requests.at(1), EndsWith("Content-Length: 0\r\n\r\n"));
  EXPECT_THAT(requests.at(2), StartsWith("POST / HTTP/1.1\r\n"));
  EXPECT_THAT(requests.at(2), EndsWith("Content-Length: 0\r\n\r\n"));
}

TEST(CurlTransport, sends_headers_of_its_own_kind_when_they_are_given) {
  RawServer server(always_respond(http_response("")));
  HttpRequest request = post(server.url(), "x");
  request.headers = {{.name = "Accept", .value = "application/json"},
                     {.name = "Host", .value = "bedrock.test"}};

  const auto response = curl_transport({.ca_bundle = {}, .user_agent = "llm/1"})->send(request, {});

  ASSERT_TRUE(response);
  const std::string sent = server.requests().at(0);
  EXPECT_THAT(sent, HasSubstr("\r\nAccept: application/json\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nHost: bedrock.test\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nUser-Agent: llm/1\r\n"));
}

TEST(CurlTransport, gives_status_headers_and_body) {
  RawServer server(
      always_respond("HTTP/1.1 103 Early\r\nA: no\r\n\r\n"
                     "HTTP/1.1 429 Too Many\r\nx-amzn-requestid: id-1\r\n"
                     "Content-Length: 7\r\n\r\nslow it"));

  const auto response = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(response) << response.error().message;
  const auto text = read_all(**response);

  EXPECT_EQ((*response)->head().status, 429);
  EXPECT_EQ((*response)->head().header("X-Amzn-RequestId"), "id-1");
  EXPECT_EQ((*response)->head().header("A"), "");
  EXPECT_EQ(text, "slow it");
}

TEST(CurlTransport, does_not_wait_for_a_body_where_http_has_none) {
  RawServer head_server(always_respond("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  RawServer get_server(always_respond("HTTP/1.1 204 No Content\r\n\r\n"));

  EXPECT_EQ(fetch(*curl_transport(), {.method = "HEAD", .url = head_server.url()}), "");
  EXPECT_EQ(fetch(*curl_transport(), get(get_server.url())), "");
}

TEST(CurlTransport, stays_at_the_end_when_it_is_read_again) {
  RawServer server(always_respond(http_response("x")));
  const auto response = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(response);
  ASSERT_EQ(read_all(**response), "x");

  EXPECT_EQ(read_all(**response), "");
}

TEST(CurlTransport, uses_one_connection_for_requests_in_turn) {
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();

  for (int i = 0; i < 5; ++i) ASSERT_EQ(fetch(*transport, post(server.url(), "x")), "ok");

  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(server.requests().size(), 5U);
}

TEST(CurlTransport, reuses_the_connection_while_the_finished_exchange_still_exists) {
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();
  const auto first = transport->send(get(server.url()), {});
  ASSERT_TRUE(first);
  ASSERT_EQ(read_all(**first), "ok");

  ASSERT_EQ(fetch(*transport, get(server.url())), "ok");

  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlTransport, reuses_the_connection_when_the_caller_did_not_read_to_the_end) {
  RawServer server(always_respond(http_response("ok")));
  const auto transport = curl_transport();
  {
    const auto dropped = transport->send(get(server.url()), {});
    ASSERT_TRUE(dropped);
    EXPECT_EQ(read_once(**dropped), "ok");
  }

  EXPECT_EQ(fetch(*transport, get(server.url())), "ok");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlTransport, does_not_cancel_a_complete_response_that_was_handed_out) {
  RawServer server(always_respond(http_response("ok")));
  std::stop_source stop;
  const auto response = curl_transport()->send(get(server.url()), stop.get_token());
  ASSERT_TRUE(response);
  ASSERT_EQ(read_once(**response), "ok");

  stop.request_stop();

  EXPECT_EQ(read_once(**response), "");
}

TEST(CurlTransport, keeps_nothing_of_a_request_for_the_next_one) {
  RawServer server(always_respond(http_response("")));
  const auto transport = curl_transport();
  HttpRequest first = post(server.url(), "x");
  first.headers = {{.name = "X-Amz-Security-Token", .value = "token"}};

  ASSERT_TRUE(fetch(*transport, first));
  ASSERT_TRUE(fetch(*transport, get(server.url())));

  EXPECT_EQ(server.connections(), 1U);
  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("X-Amz-Security-Token")));
}

TEST(CurlTransport, hands_out_the_first_bytes_while_the_rest_is_withheld) {
  RawServer server({read_request(),
                    send_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                    wait_for_signal(), send_bytes("3\r\none\r\n"), wait_for_signal(),
                    send_bytes("3\r\ntwo\r\n0\r\n\r\n")});

  const auto response = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(response);
  server.signal();
  const auto first = read_once(**response);
  server.signal();
  const auto second = read_once(**response);

  EXPECT_EQ(first, "one");
  EXPECT_EQ(second, "two");
}

TEST(CurlTransport, hands_out_bytes_that_came_with_the_head) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none"),
                    wait_for_signal(), send_bytes("two")});

  const auto response = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(response);
  const auto first = read_once(**response);
  server.signal();
  const auto rest = read_all(**response);

  EXPECT_EQ(first, "one");
  EXPECT_EQ(rest, "two");
}

TEST(CurlTransport, reads_bodies_that_end_in_every_way) {
  const std::pair<const char*, const char*> cases[] = {
      {"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\none\r\n3\r\ntwo\r\n0\r\nTrailer: t\r\n\r\n",
       "onetwo"},
      {"Connection: close\r\n\r\nuntil the end", "until the end"},
      {"Content-Length: 0\r\n\r\n", ""},
  };
  for (const auto& [rest, expected] : cases) {
    RawServer server({read_request(), send_bytes(std::string("HTTP/1.1 200 OK\r\n") + rest)});

    EXPECT_EQ(fetch(*curl_transport(), get(server.url())), expected) << rest;
  }
}

TEST(CurlTransport, does_not_undo_a_content_encoding) {
  RawServer server(
      always_respond("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"));

  EXPECT_EQ(fetch(*curl_transport(), get(server.url())), "abc");
}

TEST(CurlTransport, carries_large_bodies_both_ways) {
  std::string large(1024 * 1024 + 7, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 % 251);
  RawServer server(always_respond(http_response(large)));

  const auto response = fetch(*curl_transport(), post(server.url(), large));

  ASSERT_TRUE(response);
  EXPECT_TRUE(*response == large);
  EXPECT_TRUE(server.requests().at(0).ends_with("\r\n\r\n" + large));
  EXPECT_THAT(server.requests().at(0).substr(0, 200), Not(HasSubstr("Expect")));
}

TEST(CurlTransport, reports_a_response_that_arrives_before_the_body_was_read) {
  RawServer server({send_bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n"
                               "Connection: close\r\n\r\nno"),
                    await_close()});

  EXPECT_EQ(fetch(*curl_transport(), post(server.url(), std::string(64 * 1024 * 1024, 'x'))), "no");
}

TEST(CurlTransport, follows_no_redirect) {
  RawServer elsewhere(always_respond(http_response("stolen")));
  RawServer server(always_respond("HTTP/1.1 307 Temporary\r\nLocation: " + elsewhere.url() +
                                  "\r\nContent-Length: 0\r\n\r\n"));

  const auto response = curl_transport()->send(post(server.url(), "x"), {});

  ASSERT_TRUE(response);
  EXPECT_EQ((*response)->head().status, 307);
  EXPECT_EQ(elsewhere.connections(), 0U);
}

TEST(CurlTransport, sends_no_cookie_back) {
  RawServer server(
      always_respond("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));
  const auto transport = curl_transport();

  ASSERT_TRUE(fetch(*transport, get(server.url())));
  ASSERT_TRUE(fetch(*transport, get(server.url())));

  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("Cookie")));
}

TEST(CurlTransport, lets_an_exchange_outlive_it) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none"),
                    wait_for_signal(), send_bytes("two")});
  auto transport = curl_transport();
  const auto response = transport->send(get(server.url()), {});
  ASSERT_TRUE(response);

  transport.reset();
  server.signal();

  EXPECT_EQ(read_all(**response), "onetwo");
}

}  // namespace
}  // namespace llm::http
