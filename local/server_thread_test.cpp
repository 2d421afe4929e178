#include <llm/local/server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <memory>
#include <vector>

#include "local/http/testing/raw_socket.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::RawSocket;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kBody = R"({"inputText":"Why?"})";
constexpr std::string_view kInvoke = "/model/amazon.titan-text-lite-v1/invoke";
constexpr std::string_view kStream = "/model/amazon.titan-text-lite-v1/invoke-with-response-stream";

ServerOptions open_options() {
  ServerOptions options;
  options.verify_signatures = false;
  return options;
}

Server started(ServerOptions options = open_options()) {
  Result<Server> server = Server::start(std::move(options));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

std::string post(std::string_view target, std::string_view headers, std::string_view body) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(headers) +
         "\r\n" + std::string(body);
}

std::string post_with_length(std::string_view target, std::string_view body) {
  return post(target, "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

/// Head and body of a reply with a Content-Length.
struct Response {
  std::string head{};
  std::string body{};
};

Response read_whole(RawSocket& socket) {
  Response response{.head = socket.read_until("\r\n\r\n")};
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t at = response.head.find(kLength);
  if (at == std::string::npos) return response;
  const std::string digits = response.head.substr(at + kLength.size());
  std::size_t length = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  response.body = socket.read_bytes(length);
  return response;
}

/// The chunks of a reply in chunked encoding. `ended` tells whether the last chunk arrived.
struct Chunks {
  std::vector<std::string> data{};
  bool ended = false;
};

Chunks read_chunks(RawSocket& socket) {
  Chunks chunks;
  for (;;) {
    const std::string line = socket.read_until("\r\n");
    std::size_t size = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (parsed.ec != std::errc{}) return chunks;
    const std::string chunk = socket.read_bytes(size + 2);
    if (size == 0) {
      chunks.ended = chunk == "\r\n";
      return chunks;
    }
    chunks.data.push_back(chunk.substr(0, size));
  }
}

TEST(Server, serves_two_requests_on_one_connection) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post_with_length(kInvoke, kBody));
  const Response first = read_whole(socket);
  socket.send(post_with_length("/nothing", ""));
  const Response second = read_whole(socket);

  EXPECT_THAT(first.head, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(first.head, HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(first.body, StartsWith(R"({"inputTextTokenCount":1)"));
  EXPECT_THAT(second.head, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  const ServerCounts counts = server.counts();
  EXPECT_EQ(counts.connections, 1U);
  EXPECT_EQ(counts.requests, 2U);
  EXPECT_EQ(counts.by_status, (std::map<int, std::uint64_t>{{200, 1}, {404, 1}}));
}

TEST(Server, gives_every_request_an_id_of_its_own) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post_with_length(kInvoke, kBody) + post_with_length(kInvoke, kBody));
  const std::string first = read_whole(socket).head;
  const std::string second = read_whole(socket).head;

  constexpr std::string_view kId = "x-amzn-RequestId: ";
  ASSERT_THAT(first, ::testing::ContainsRegex(
                         "x-amzn-RequestId: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]"));
  EXPECT_NE(first.substr(first.find(kId), 54), second.substr(second.find(kId), 54));
}

TEST(Server, takes_a_chunked_upload) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post(kInvoke, "Transfer-Encoding: chunked\r\n", "a\r\n"));
  socket.send(std::string(kBody.substr(0, 10)) + "\r\na\r\n");
  socket.send(std::string(kBody.substr(10)) + "\r\n0\r\n\r\n");
  const Response reply = read_whole(socket);

  EXPECT_THAT(reply.body, StartsWith(R"({"inputTextTokenCount":1)"));
}

TEST(Server, sends_continue_when_the_request_expects_it) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post(kInvoke, "Expect: 100-continue\r\nContent-Length: 20\r\n", ""));
  const std::string go_on = socket.read_until("\r\n\r\n");
  socket.send(kBody);
  const Response reply = read_whole(socket);

  EXPECT_EQ(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(reply.head, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, writes_each_event_as_one_chunk) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post_with_length(kStream, kBody));
  const std::string head = socket.read_until("\r\n\r\n");
  const Chunks chunks = read_chunks(socket);
  socket.send(post_with_length(kInvoke, kBody));
  const Response next = read_whole(socket);

  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  ASSERT_GT(chunks.data.size(), 2U);
  EXPECT_TRUE(chunks.ended);
  for (const std::string& chunk : chunks.data) {
    Reply one{.frames = {{chunk, {}}}};
    EXPECT_EQ(test::events_of(one).size(), 1U);
  }
  EXPECT_THAT(next.head, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, never_ends_a_stream_that_a_fault_cuts_before_its_first_byte) {
  for (const Fault& fault :
       {Fault(fault::Truncation{}), Fault(fault::Reset{.after_bytes = 0}), Fault(fault::Stall{})}) {
    Server server = started();
    server.add_rule({.fault = fault});
    RawSocket socket(server.port());

    socket.send(post_with_length(kStream, kBody));
    const std::string head = socket.read_until("\r\n\r\n");
    if (std::holds_alternative<fault::Stall>(fault)) server.stop();
    const std::string rest = socket.read_to_end();

    EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n")) << fault_name(fault);
    EXPECT_EQ(rest, "") << fault_name(fault);
  }
}

TEST(Server, replies_to_head_without_a_body) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send("HEAD /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const std::string head = socket.read_until("\r\n\r\n");
  socket.send(post_with_length(kInvoke, kBody));
  const Response next = read_whole(socket);

  EXPECT_THAT(head, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(next.head, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, closes_when_the_peer_wants_it_or_speaks_http_1_0) {
  Server server = started();
  RawSocket closing(server.port());
  RawSocket old(server.port());

  closing.send(post(kInvoke, "Connection: close\r\nContent-Length: 20\r\n", kBody));
  old.send("POST " + std::string(kStream) + " HTTP/1.0\r\nContent-Length: 20\r\n\r\n" +
           std::string(kBody));
  const std::string closed = closing.read_to_end();
  const std::string streamed = old.read_to_end();

  EXPECT_THAT(closed, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(streamed, HasSubstr("Connection: close\r\n\r\n"));
  Reply body{.frames = {{streamed.substr(streamed.find("\r\n\r\n") + 4), {}}}};
  EXPECT_GT(test::events_of(body).size(), 2U);
}

TEST(Server, refuses_malformed_http_and_closes) {
  Server server = started();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"nonsense\r\n\r\n", "MalformedHttpRequestException"},
      {post(kInvoke, "X: " + std::string(70'000, 'x') + "\r\n", ""),
       "The headers of the request are larger than 64 KiB."},
      {post(kInvoke, "Content-Length: 99999999999\r\n", ""), "RequestEntityTooLargeException"},
      {post(kInvoke, "Transfer-Encoding: chunked\r\n", "5;" + std::string(90'000, 'a')),
       "The headers of the request are larger than 64 KiB."},
      {post(kInvoke, "Transfer-Encoding: chunked\r\n",
            "1\r\n \r\n0\r\nX: " + std::string(90'000, 'a')),
       "The headers of the request are larger than 64 KiB."},
  };
  for (const auto& [bytes, expected] : cases) {
    RawSocket socket(server.port());
    socket.send(bytes);

    EXPECT_THAT(socket.read_to_end(), HasSubstr(expected));
  }
}

TEST(Server, refuses_a_body_over_the_limit_of_bedrock_in_its_words) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send(post_with_length(kInvoke, std::string(25'000'001, ' ')));

  EXPECT_THAT(read_whole(socket).body, HasSubstr("less than or equal to 25000000"));
}

TEST(Server, asks_for_a_signature_by_default) {
  Server server = started({});
  Request request = test::model_request("anthropic.claude-v2:1", "invoke",
                                        R"({"prompt":"\n\nHuman: x\n\nAssistant:",)"
                                        R"("max_tokens_to_sample":9})");
  test::sign(request, {.date = base::compact_iso8601(std::chrono::system_clock::now())});
  std::string headers = "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  for (const HttpHeader& header : request.headers) {
    if (header.name != "Host") headers += header.name + ": " + header.value + "\r\n";
  }
  RawSocket socket(server.port());

  socket.send(post(request.target, headers, request.body));
  const Response with_signature = read_whole(socket);
  socket.send(post_with_length(kInvoke, kBody));
  const Response without = read_whole(socket);

  EXPECT_THAT(with_signature.head, StartsWith("HTTP/1.1 200 OK\r\n")) << with_signature.body;
  EXPECT_THAT(without.head, StartsWith("HTTP/1.1 403 Forbidden\r\n"));
}

TEST(Server, leaves_a_running_stream_unfinished_when_it_stops) {
  ServerOptions options = open_options();
  options.pace = std::chrono::hours(1);
  Server server = started(std::move(options));
  RawSocket idle(server.port());
  RawSocket streaming(server.port());
  streaming.send(post_with_length(kStream, kBody));
  const std::string head = streaming.read_until("\r\n\r\n");

  const auto before = std::chrono::steady_clock::now();
  server.stop();
  const auto took = std::chrono::steady_clock::now() - before;
  const Chunks chunks = read_chunks(streaming);

  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_LT(took, std::chrono::seconds(1));
  EXPECT_FALSE(chunks.ended);
  EXPECT_EQ(idle.read_to_end(), "");
  server.stop();
}

TEST(Server, serves_many_streams_at_once) {
  constexpr int kStreams = 1000;
  ServerOptions options = open_options();
  options.pace = std::chrono::milliseconds(50);
  Server server = started(std::move(options));
  std::vector<std::unique_ptr<RawSocket>> sockets;
  for (int i = 0; i < kStreams; ++i) {
    sockets.push_back(std::make_unique<RawSocket>(server.port()));
    ASSERT_TRUE(sockets.back()->connected());
    sockets.back()->send(post_with_length(kStream, kBody));
  }

  int ended = 0;
  for (const auto& socket : sockets) {
    (void)socket->read_until("\r\n\r\n");
    ended += read_chunks(*socket).ended ? 1 : 0;
  }

  EXPECT_EQ(ended, kStreams);
  EXPECT_EQ(server.counts().connections, static_cast<std::uint64_t>(kStreams));
}

TEST(Server, cannot_start_on_an_unavailable_port_or_address) {
  Server server = started();
  ServerOptions taken;
  taken.port = server.port();
  ServerOptions named;
  named.address = "localhost";
  ServerOptions named_with_tls = named;
  named_with_tls.self_signed_tls = true;

  const Result<Server> second = Server::start(std::move(taken));
  const Result<Server> third = Server::start(std::move(named));
  const Result<Server> fourth = Server::start(std::move(named_with_tls));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(second.error().message, "Listening on 127.0.0.1 port " + std::to_string(server.port()) +
                                        " failed: Address already in use.");
  EXPECT_EQ(second.error().advice, "Choose another port, or 0 for any free one.");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().message, "\"localhost\" is not an IP address.");
  EXPECT_EQ(third.error().advice, "Use 127.0.0.1 or ::1.");
  ASSERT_FALSE(fourth);
  EXPECT_EQ(fourth.error().message, "\"localhost\" is not an IP address.");
}

TEST(Server, can_be_moved_and_knows_its_url) {
  Server first = started();
  const std::uint16_t port = first.port();

  Server second = std::move(first);

  EXPECT_EQ(second.url(), "http://127.0.0.1:" + std::to_string(port));
  EXPECT_TRUE(RawSocket(port).connected());
}

}  // namespace
}  // namespace llm::local
