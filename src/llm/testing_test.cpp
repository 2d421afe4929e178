#include <llm/testing.hpp>

#include <gtest/gtest.h>

namespace llm::testing {
namespace {

HttpRequest request_to(std::string url) { return {.url = std::move(url)}; }

TEST(ScriptedTransport, returns_its_responses_in_order) {
  ScriptedTransport transport;
  transport.expect({.status = 429, .headers = {{"Retry-After", "2"}}});
  transport.expect({.status = 200});

  const auto first = transport.send(request_to("http://a/"), {});
  const auto second = transport.send(request_to("http://b/"), {});

  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->head().status, 429);
  EXPECT_EQ((*first)->head().header("retry-after"), "2");
  EXPECT_EQ((*second)->head().status, 200);
  EXPECT_EQ(transport.remaining(), 0U);
}

TEST(ScriptedTransport, records_the_requests) {
  ScriptedTransport transport;
  transport.expect({});

  (void)transport.send(request_to("http://a/"), {});
  (void)transport.send(request_to("http://b/"), {});

  ASSERT_EQ(transport.requests().size(), 2U);
  EXPECT_EQ(transport.requests()[1].url, "http://b/");
}

TEST(ScriptedTransport, returns_each_element_of_the_body_in_a_separate_read) {
  ScriptedTransport transport;
  transport.expect({.body = {"one", "", "two"}});
  auto exchange = transport.send(request_to("http://a/"), {});
  ASSERT_TRUE(exchange);

  EXPECT_EQ((*exchange)->read_some(), "one");
  EXPECT_EQ((*exchange)->read_some(), "two");
  EXPECT_EQ((*exchange)->read_some(), "");
}

TEST(ScriptedTransport, fails_as_scripted) {
  ScriptedTransport transport;
  transport.expect({.failure = make_error(ErrorCode::timeout_error, "slow")});
  transport.expect(
      {.body = {"x"}, .read_failure = make_error(ErrorCode::connection_error, "cut short")});

  const auto failed = transport.send(request_to("http://a/"), {});
  auto exchange = transport.send(request_to("http://a/"), {});
  ASSERT_TRUE(exchange);
  const auto read = (*exchange)->read_some();
  const auto cut = (*exchange)->read_some();

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(read, "x");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().message, "cut short");
}

TEST(ScriptedTransport, fails_when_no_response_is_left) {
  const ScriptedTransport transport;

  const auto exchange = transport.send(request_to("http://a/"), {});

  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().code, ErrorCode::connection_error);
}

TEST(ScriptedTransport, ends_when_it_is_cancelled) {
  ScriptedTransport transport;
  transport.expect({.body = {"x"}});
  std::stop_source stop;
  auto exchange = transport.send(request_to("http://a/"), stop.get_token());
  ASSERT_TRUE(exchange);

  stop.request_stop();
  const auto read = (*exchange)->read_some();
  const auto sent = transport.send(request_to("http://a/"), stop.get_token());

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::cancelled);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::cancelled);
  EXPECT_EQ(transport.requests().size(), 1U);
}

}  // namespace
}  // namespace llm::testing
