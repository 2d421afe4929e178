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

std::shared_ptr<const std::string> body(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

HttpRequest get(std::string url) { return {.method = "GET", .url = std::move(url)}; }

HttpRequest post(std::string url, std::string text) {
  return {.method = "POST", .url = std::move(url), .body = body(std::move(text))};
}

TEST(CurlTransport, sends_the_request_as_written_and_nothing_else) {
  RawServer server(answer_always(http_answer("")));
  HttpRequest request = post(server.url("/a/../model/x%3A0/%2e/invoke?b=2&a=%20"), "{}");
  request.headers = {{.name = "content-type", .value = "application/json"},
                     {.name = "X-Amz-Date", .value = "20260102T030405Z"},
                     {.name = "X-Empty", .value = ""}};

  const auto answer = curl_transport()->send(request, {});

  ASSERT_TRUE(answer) << answer.error().message;
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
  RawServer server(answer_always(http_answer("")));
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
  RawServer server(answer_always(http_answer("")));
  HttpRequest request = post(server.url(), "x");
  request.headers = {{.name = "Accept", .value = "application/json"},
                     {.name = "Host", .value = "bedrock.test"}};

  const auto answer = curl_transport({.ca_bundle = {}, .user_agent = "llm/1"})->send(request, {});

  ASSERT_TRUE(answer);
  const std::string sent = server.requests().at(0);
  EXPECT_THAT(sent, HasSubstr("\r\nAccept: application/json\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nHost: bedrock.test\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nUser-Agent: llm/1\r\n"));
}

TEST(CurlTransport, gives_status_headers_and_body) {
  RawServer server(
      answer_always("HTTP/1.1 103 Early\r\nA: no\r\n\r\n"
                    "HTTP/1.1 429 Too Many\r\nx-amzn-requestid: id-1\r\n"
                    "Content-Length: 7\r\n\r\nslow it"));

  const auto answer = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(answer) << answer.error().message;
  const auto text = read_all(**answer);

  EXPECT_EQ((*answer)->head().status, 429);
  EXPECT_EQ((*answer)->head().header("X-Amzn-RequestId"), "id-1");
  EXPECT_EQ((*answer)->head().header("A"), "");
  EXPECT_EQ(text, "slow it");
}

TEST(CurlTransport, stays_at_the_end_when_it_is_read_again) {
  RawServer server(answer_always(http_answer("x")));
  const auto answer = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(answer);
  ASSERT_EQ(read_all(**answer), "x");

  EXPECT_EQ(read_all(**answer), "");
}

TEST(CurlTransport, uses_one_connection_for_requests_in_turn) {
  RawServer server(answer_always(http_answer("ok")));
  const auto transport = curl_transport();

  for (int i = 0; i < 5; ++i) ASSERT_EQ(fetch(*transport, post(server.url(), "x")), "ok");

  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(server.requests().size(), 5U);
}

TEST(CurlTransport, uses_the_connection_again_while_the_ended_exchange_still_lives) {
  RawServer server(answer_always(http_answer("ok")));
  const auto transport = curl_transport();
  const auto first = transport->send(get(server.url()), {});
  ASSERT_TRUE(first);
  ASSERT_EQ(read_all(**first), "ok");

  ASSERT_EQ(fetch(*transport, get(server.url())), "ok");

  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlTransport, keeps_nothing_of_a_request_for_the_next_one) {
  RawServer server(answer_always(http_answer("")));
  const auto transport = curl_transport();
  HttpRequest first = post(server.url(), "x");
  first.headers = {{.name = "X-Amz-Security-Token", .value = "token"}};

  ASSERT_TRUE(fetch(*transport, first));
  ASSERT_TRUE(fetch(*transport, get(server.url())));

  EXPECT_EQ(server.connections(), 1U);
  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("X-Amz-Security-Token")));
}

TEST(CurlTransport, sends_a_post_once_when_a_reused_connection_dies) {
  RawServer server(
      {{read_request(), send_bytes(http_answer("ok")), read_request(), reset_connection()},
       answer_always(http_answer("second"))});
  const auto transport = curl_transport();
  ASSERT_EQ(fetch(*transport, post(server.url("/1"), "x")), "ok");

  const auto answer = transport->send(post(server.url("/2"), "paid"), {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::connection_error);
  EXPECT_TRUE(answer.error().retryable);
  EXPECT_THAT(answer.error().message, HasSubstr("lost before an answer"));
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(CurlTransport, sends_a_post_once_when_a_reused_connection_is_closed) {
  RawServer server({{read_request(), send_bytes(http_answer("ok")), read_request()},
                    answer_always(http_answer("second"))});
  const auto transport = curl_transport();
  ASSERT_EQ(fetch(*transport, post(server.url("/1"), "x")), "ok");

  const auto answer = transport->send(post(server.url("/2"), "paid"), {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::connection_error);
  EXPECT_TRUE(answer.error().retryable);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(CurlTransport, works_again_after_a_lost_connection) {
  RawServer server({{read_request(), reset_connection()}, answer_always(http_answer("ok"))});
  const auto transport = curl_transport();

  EXPECT_FALSE(fetch(*transport, post(server.url(), "x")));
  EXPECT_EQ(fetch(*transport, post(server.url(), "x")), "ok");
}

TEST(CurlTransport, hands_out_the_first_bytes_while_the_rest_is_withheld) {
  RawServer server({read_request(),
                    send_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                    wait_for_signal(), send_bytes("3\r\none\r\n"), wait_for_signal(),
                    send_bytes("3\r\ntwo\r\n0\r\n\r\n")});

  const auto answer = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(answer);
  server.signal();
  const auto first = read_once(**answer);
  server.signal();
  const auto second = read_once(**answer);

  EXPECT_EQ(first, "one");
  EXPECT_EQ(second, "two");
}

TEST(CurlTransport, hands_out_bytes_that_came_with_the_head) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none"),
                    wait_for_signal(), send_bytes("two")});

  const auto answer = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(answer);
  const auto first = read_once(**answer);
  server.signal();
  const auto rest = read_all(**answer);

  EXPECT_EQ(first, "one");
  EXPECT_EQ(rest, "two");
}

TEST(CurlTransport, takes_every_way_to_end_a_body) {
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
      answer_always("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"));

  EXPECT_EQ(fetch(*curl_transport(), get(server.url())), "abc");
}

TEST(CurlTransport, reports_a_body_that_is_cut_short_after_what_came) {
  const std::pair<const char*, const char*> cases[] = {
      {"Content-Length: 10\r\n\r\nprompt", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n6\r\nprompt\r\n", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n9\r\nprompt", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n6\r\nprompt\r\nzz\r\n", "after 6 body bytes"},
  };
  for (const auto& [rest, expected] : cases) {
    RawServer server({read_request(), send_bytes(std::string("HTTP/1.1 200 OK\r\n") + rest)});
    const auto answer = curl_transport()->send(get(server.url()), {});
    ASSERT_TRUE(answer) << rest;

    CollectingSink sink;
    auto more = (*answer)->read_some(sink);
    while (more && *more) more = (*answer)->read_some(sink);

    EXPECT_EQ(sink.bytes(), "prompt") << rest;
    ASSERT_FALSE(more) << rest;
    EXPECT_EQ(more.error().code, ErrorCode::connection_error) << rest;
    EXPECT_THAT(more.error().message, HasSubstr(expected));
    EXPECT_THAT(more.error().message, Not(HasSubstr("prompt")));
    EXPECT_FALSE((*answer)->read_some(sink)) << "the error stays";
  }
}

TEST(CurlTransport, carries_large_bodies_both_ways) {
  std::string large(1024 * 1024 + 7, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 % 251);
  RawServer server(answer_always(http_answer(large)));

  const auto answer = fetch(*curl_transport(), post(server.url(), large));

  ASSERT_TRUE(answer);
  EXPECT_TRUE(*answer == large);
  EXPECT_TRUE(server.requests().at(0).ends_with("\r\n\r\n" + large));
  EXPECT_THAT(server.requests().at(0).substr(0, 200), Not(HasSubstr("Expect")));
}

TEST(CurlTransport, gives_an_answer_that_comes_before_the_body_was_taken) {
  RawServer server({send_bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n"
                               "Connection: close\r\n\r\nno"),
                    await_close()});

  EXPECT_EQ(fetch(*curl_transport(), post(server.url(), std::string(64 * 1024 * 1024, 'x'))), "no");
}

TEST(CurlTransport, follows_no_redirect) {
  RawServer elsewhere(answer_always(http_answer("stolen")));
  RawServer server(answer_always("HTTP/1.1 307 Temporary\r\nLocation: " + elsewhere.url() +
                                 "\r\nContent-Length: 0\r\n\r\n"));

  const auto answer = curl_transport()->send(post(server.url(), "x"), {});

  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)->head().status, 307);
  EXPECT_EQ(elsewhere.connections(), 0U);
}

TEST(CurlTransport, sends_no_cookie_back) {
  RawServer server(
      answer_always("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));
  const auto transport = curl_transport();

  ASSERT_TRUE(fetch(*transport, get(server.url())));
  ASSERT_TRUE(fetch(*transport, get(server.url())));

  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("Cookie")));
}

TEST(CurlTransport, gives_up_on_a_head_without_end) {
  std::string bomb = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2000; ++i)
    bomb += "X-Header-" + std::to_string(i) + ": " + std::string(64, 'x') + "\r\n";
  RawServer server({read_request(), send_bytes(bomb), await_close()});

  const auto answer = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(answer.error().retryable);
  EXPECT_THAT(answer.error().message, HasSubstr("65536 bytes of headers"));
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlTransport, reports_a_peer_that_does_not_speak_http) {
  RawServer server({send_bytes("SSH-2.0-OpenSSH_9.2\r\n"), await_close()});

  const auto answer = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(answer.error().retryable);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("SSH")));
}

TEST(CurlTransport, reports_a_failed_tls_handshake) {
  RawServer server({send_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"), await_close()});

  const auto answer =
      curl_transport()->send(get("https://127.0.0.1:" + std::to_string(server.port())), {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::connection_error);
  EXPECT_THAT(answer.error().message, HasSubstr("TLS handshake"));
}

TEST(CurlTransport, reports_a_refused_connection_and_an_unknown_host) {
  std::string closed_url;
  {
    RawServer server(answer_always(""));
    closed_url = server.url();
  }

  const auto refused = curl_transport()->send(get(closed_url + "path?token=s3cret"), {});
  const auto unknown = curl_transport()->send(get("http://host.invalid/?token=s3cret"), {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::connection_error);
  EXPECT_TRUE(refused.error().retryable);
  EXPECT_THAT(refused.error().message, HasSubstr("could not connect to 127.0.0.1:"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::connection_error);
  EXPECT_THAT(unknown.error().message, HasSubstr("could not resolve the host host.invalid"));
  EXPECT_THAT(unknown.error().message, Not(HasSubstr("s3cret")));
}

TEST(CurlTransport, refuses_other_schemes_and_header_injection_before_it_connects) {
  RawServer server(answer_always(http_answer("")));
  HttpRequest injecting = get(server.url());
  injecting.headers = {{.name = "X-A", .value = "one\r\nX-Injected: yes"}};

  const auto file = curl_transport()->send(get("file:///etc/hostname"), {});
  const auto injected = curl_transport()->send(injecting, {});

  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::configuration_error);
  ASSERT_FALSE(injected);
  EXPECT_EQ(injected.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(server.connections(), 0U);
}

TEST(CurlTransport, closes_the_connection_of_an_exchange_that_is_dropped) {
  RawServer server({{read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none"),
                     await_close()},
                    answer_always(http_answer("ok"))});
  const auto transport = curl_transport();
  {
    const auto dropped = transport->send(get(server.url()), {});
  }

  EXPECT_TRUE(server.await_client_closes(1));
  EXPECT_EQ(fetch(*transport, get(server.url())), "ok");
}

TEST(CurlTransport, lets_an_exchange_outlive_it) {
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none"),
                    wait_for_signal(), send_bytes("two")});
  auto transport = curl_transport();
  const auto answer = transport->send(get(server.url()), {});
  ASSERT_TRUE(answer);

  transport.reset();
  server.signal();

  EXPECT_EQ(read_all(**answer), "onetwo");
}

TEST(CurlTransport, lets_an_exception_of_the_sink_through_and_closes) {
  struct ThrowingSink final : ByteSink {
    void on_bytes(std::string_view) override { throw std::runtime_error("full"); }
  };
  RawServer server({read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
                    wait_for_signal(), send_bytes("one"), await_close()});
  const auto answer = curl_transport()->send(get(server.url()), {});
  ASSERT_TRUE(answer);
  server.signal();

  ThrowingSink sink;
  EXPECT_THROW(static_cast<void>((*answer)->read_some(sink)), std::runtime_error);
  EXPECT_TRUE(server.await_client_closes(1));
}

}  // namespace
}  // namespace llm::http
