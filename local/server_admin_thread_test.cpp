// Rules, faults, journal and the admin endpoint of a running server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/local/server.hpp>

#include <string>

#include "local/http/testing/raw_socket.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using test::RawSocket;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Counts = std::map<std::string, std::uint64_t>;

constexpr std::string_view kInvoke = "/model/amazon.titan-text-lite-v1/invoke";
constexpr std::string_view kBody = R"({"inputText":"Why?"})";

Server started(ServerOptions options = {}) {
  options.verify_signatures = false;
  Result<Server> server = Server::start(std::move(options));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

/// The reply to one request on its own connection.
std::string exchange(const Server& server, std::string_view method, std::string_view target,
                     std::string_view body = {}) {
  RawSocket socket(server.port());
  socket.send(std::string(method) + " " + std::string(target) +
              " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              "Content-Type: application/json\r\nAuthorization: Bearer ABSKsecret\r\n"
              "Content-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  return socket.read_to_end();
}

std::string body_of(const std::string& reply) { return reply.substr(reply.find("\r\n\r\n") + 4); }

TEST(ServerScript, follows_rules_from_the_start_and_those_added_later) {
  ServerOptions options;
  options.script = {{.completion = ScriptedCompletion{.text = "At the start."}, .times = 1}};
  Server server = started(std::move(options));
  server.add_rule({.completion = ScriptedCompletion{.text = "Later."}});

  EXPECT_THAT(exchange(server, "POST", kInvoke, kBody), HasSubstr("At the start."));
  EXPECT_THAT(exchange(server, "POST", kInvoke, kBody), HasSubstr("Later."));
}

TEST(ServerScript, counts_faults_and_forgets_everything_when_it_is_cleared) {
  Server server = started();
  server.add_rule({.fault = fault::Exception{.name = "ThrottlingException"}});
  (void)exchange(server, "POST", kInvoke, kBody);
  EXPECT_EQ(server.faults(), (Counts{{"ThrottlingException", 1}}));
  ASSERT_EQ(server.journal().size(), 1U);
  EXPECT_EQ(server.journal()[0].status, 429);
  EXPECT_EQ(server.journal()[0].request_body, "");

  server.clear();

  EXPECT_TRUE(server.faults().empty());
  EXPECT_TRUE(server.journal().empty());
  EXPECT_EQ(server.counts().requests, 0U);
  EXPECT_THAT(exchange(server, "POST", kInvoke, kBody), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(ServerScript, remembers_bodies_when_it_is_asked_to) {
  ServerOptions options;
  options.journal_bodies = true;
  Server server = started(std::move(options));

  const std::string reply = exchange(server, "POST", kInvoke, kBody);

  ASSERT_EQ(server.journal().size(), 1U);
  EXPECT_EQ(server.journal()[0].request_body, kBody);
  EXPECT_EQ(server.journal()[0].reply_body, body_of(reply));
}

TEST(ServerAdmin, is_driven_over_http) {
  Server server = started();

  const std::string added = exchange(server, "POST", "/_local/rules",
                                     R"({"rules":[{"times":1,"fault":{"kind":"html_page"}}]})");
  const std::string broken = exchange(server, "POST", kInvoke, kBody);
  const std::string faults = exchange(server, "GET", "/_local/faults");
  const std::string requests = exchange(server, "GET", "/_local/requests");
  const std::string reset = exchange(server, "POST", "/_local/reset", "{}");

  EXPECT_EQ(body_of(added), R"({"added":1})");
  EXPECT_THAT(broken, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(body_of(faults), R"({"faults":{"html_page":1}})");
  const Document listed(body_of(requests));
  EXPECT_EQ(listed["requests"].size(), 1U) << requests;
  EXPECT_EQ(test::element(listed["requests"], 0)["fault"].string(), "html_page");
  EXPECT_THAT(requests, Not(HasSubstr("ABSKsecret")));
  EXPECT_THAT(requests, Not(HasSubstr("Why?")));
  EXPECT_THAT(reset, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(server.journal().empty());
  EXPECT_EQ(server.counts().requests, 0U);
}

TEST(ServerAdmin, keeps_bodies_of_a_mebibyte_and_as_many_bytes_as_it_may) {
  ServerOptions options;
  options.journal_bodies = true;
  options.journal_bytes = 3 * 1024 * 1024;
  Server server = started(std::move(options));
  const std::string body = R"({"inputText":")" + std::string(2'000'000, 'x') + "\"}";

  for (int i = 0; i < 4; ++i) (void)exchange(server, "POST", kInvoke, body);
  const Document listed(body_of(exchange(server, "GET", "/_local/requests")));

  EXPECT_EQ(listed["requests"].size(), 2U);
  EXPECT_EQ(listed["dropped"].integer(), 2);
  EXPECT_EQ(test::element(listed["requests"], 1)["request_body_cut"].integer(),
            static_cast<std::int64_t>(body.size()) - 1024 * 1024);
}

TEST(ServerAdmin, refuses_a_repeated_header_and_one_over_the_limit) {
  Server server = started();
  const std::string head = "GET /_local/requests HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string& more :
       {std::string("Content-Type: a\r\nContent-Type: b\r\n"),
        "X-Long: " + std::string(70'000, 'x') + "\r\nOrigin: https://evil.example\r\n"}) {
    RawSocket socket(server.port());

    socket.send(head + more + "\r\n");

    EXPECT_THAT(socket.read_to_end(), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  }
}

TEST(ServerAdmin, is_closed_to_a_page_that_has_the_name_of_another_host) {
  Server server = started();
  RawSocket socket(server.port());

  socket.send("GET /_local/requests HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

  EXPECT_THAT(socket.read_to_end(), StartsWith("HTTP/1.1 403 Forbidden\r\n"));
}

}  // namespace
}  // namespace llm::local
