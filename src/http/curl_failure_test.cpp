#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "http/curl_transport.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"

namespace llm::http {
namespace {

using namespace test_support;
using testing::HasSubstr;
using testing::Not;

// One that goes with the head, and one that libcurl asks for.
const std::string kBodies[] = {"paid", std::string(100'000, 'p')};

TEST(CurlFailure, sends_a_post_once_when_a_reused_connection_dies) {
  for (const std::string& body : kBodies) {
    RawServer server(
        {{read_request(), send_bytes(http_response("ok")), read_request(), reset_connection()},
         always_respond(http_response("second"))});
    const auto transport = curl_transport();
    ASSERT_EQ(fetch(*transport, post(server.url("/1"), "x")), "ok");

    const auto response = transport->send(post(server.url("/2"), body), {});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::connection_error);
    EXPECT_TRUE(response.error().retryable);
    EXPECT_THAT(response.error().message, HasSubstr("was lost before a response"));
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(CurlFailure, sends_a_post_once_when_a_reused_connection_is_closed) {
  for (const std::string& body : kBodies) {
    RawServer server({{read_request(), send_bytes(http_response("ok")), read_request()},
                      always_respond(http_response("second"))});
    const auto transport = curl_transport();
    ASSERT_EQ(fetch(*transport, post(server.url("/1"), "x")), "ok");

    const auto response = transport->send(post(server.url("/2"), body), {});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::connection_error);
    EXPECT_TRUE(response.error().retryable);
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(CurlFailure, sends_a_post_again_of_which_no_byte_has_left) {
  for (const std::string& body : kBodies) {
    RawServer server({{read_request(), send_bytes(http_response("ok")), reset_connection()},
                      always_respond(http_response("second"))});
    const auto transport = curl_transport();
    ASSERT_EQ(fetch(*transport, post(server.url("/1"), "x")), "ok");
    ASSERT_TRUE(server.await_server_closes(1));

    EXPECT_EQ(fetch(*transport, post(server.url("/2"), body)), "second");
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(CurlFailure, works_again_after_a_lost_connection) {
  RawServer server({{read_request(), reset_connection()}, always_respond(http_response("ok"))});
  const auto transport = curl_transport();

  EXPECT_FALSE(fetch(*transport, post(server.url(), "x")));
  EXPECT_EQ(fetch(*transport, post(server.url(), "x")), "ok");
}

TEST(CurlFailure, reports_a_body_that_is_cut_short_after_what_came) {
  const std::pair<const char*, const char*> cases[] = {
      {"Content-Length: 10\r\n\r\nprompt", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n6\r\nprompt\r\n", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n9\r\nprompt", "after 6 body bytes"},
      {"Transfer-Encoding: chunked\r\n\r\n6\r\nprompt\r\nzz\r\n", "after 6 body bytes"},
  };
  for (const auto& [rest, expected] : cases) {
    RawServer server({read_request(), send_bytes(std::string("HTTP/1.1 200 OK\r\n") + rest)});
    const auto response = curl_transport()->send(get(server.url()), {});
    ASSERT_TRUE(response) << rest;

    std::string body;
    auto chunk = read_once(**response);
    for (; chunk && !chunk->empty(); chunk = read_once(**response)) body += *chunk;

    EXPECT_EQ(body, "prompt") << rest;
    ASSERT_FALSE(chunk) << rest;
    EXPECT_EQ(chunk.error().code, ErrorCode::connection_error) << rest;
    EXPECT_THAT(chunk.error().message, HasSubstr(expected));
    EXPECT_THAT(chunk.error().message, Not(HasSubstr("prompt")));
    EXPECT_FALSE((*response)->read_some()) << "the error stays";
  }
}

TEST(CurlFailure, gives_up_on_a_head_without_end) {
  std::string bomb = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2000; ++i)
    bomb += "X-Header-" + std::to_string(i) + ": " + std::string(64, 'x') + "\r\n";
  RawServer server({read_request(), send_bytes(bomb), await_close()});

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, HasSubstr("larger than 65536 bytes"));
  EXPECT_TRUE(server.await_client_closes(1));
}

TEST(CurlFailure, names_a_header_line_that_is_too_long_for_libcurl) {
  RawServer server(
      {read_request(),
       send_bytes("HTTP/1.1 200 OK\r\nX-Long: " + std::string(110'000, 'x') + "\r\n\r\n"),
       await_close()});

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_THAT(response.error().message, HasSubstr("larger than 65536 bytes"));
}

TEST(CurlFailure, takes_no_response_that_has_two_lengths) {
  RawServer server(
      {read_request(),
       send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
       await_close()});

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, HasSubstr("has two lengths"));
}

TEST(CurlFailure, undoes_no_transfer_coding_but_chunked) {
  RawServer server({read_request(),
                    send_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                               "2\r\nok\r\n0\r\n\r\n"),
                    await_close()});

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, HasSubstr("transfer coding other than chunked"));
}

TEST(CurlFailure, says_that_a_request_was_not_sent) {
  RawServer server({read_head(), reset_connection()}, 4096);

  const auto response =
      curl_transport()->send(post(server.url(), std::string(8 * 1024 * 1024, 'p')), {});

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("was lost before the request was sent"));
  EXPECT_THAT(response.error().message, Not(HasSubstr("may have been carried out")));
}

TEST(CurlFailure, reports_a_peer_that_does_not_speak_http) {
  RawServer server({send_bytes("SSH-2.0-OpenSSH_9.2\r\n"), await_close()});

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, Not(HasSubstr("SSH")));
}

TEST(CurlFailure, reports_a_failed_tls_handshake) {
  RawServer server({send_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"), await_close()});

  const auto response =
      curl_transport()->send(get("https://127.0.0.1:" + std::to_string(server.port())), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_THAT(response.error().message, HasSubstr("TLS handshake"));
}

TEST(CurlFailure, reports_a_refused_connection_and_an_unknown_host) {
  std::string closed_url;
  {
    RawServer server(always_respond(""));
    closed_url = server.url();
  }

  const auto refused = curl_transport()->send(get(closed_url + "path?token=s3cret"), {});
  const auto unknown = curl_transport()->send(get("http://host.invalid/?token=s3cret"), {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::connection_error);
  EXPECT_TRUE(refused.error().retryable);
  EXPECT_THAT(refused.error().message, HasSubstr("Could not connect to 127.0.0.1:"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::connection_error);
  EXPECT_THAT(unknown.error().message, HasSubstr("Could not resolve the host host.invalid"));
  EXPECT_THAT(unknown.error().message, Not(HasSubstr("s3cret")));
}

TEST(CurlFailure, refuses_other_schemes_and_header_injection_before_it_connects) {
  RawServer server(always_respond(http_response("")));
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

TEST(CurlFailure, closes_the_connection_of_an_exchange_that_is_dropped) {
  RawServer server({{read_request(), send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none"),
                     await_close()},
                    always_respond(http_response("ok"))});
  const auto transport = curl_transport();
  {
    const auto dropped = transport->send(get(server.url()), {});
  }

  EXPECT_TRUE(server.await_client_closes(1));
  EXPECT_EQ(fetch(*transport, get(server.url())), "ok");
}

}  // namespace
}  // namespace llm::http
