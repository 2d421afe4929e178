// The asynchronous client against the local Bedrock and servers that misbehave: its calls.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/async_client_fixture.hpp"
#include "tests/support/raw_server.hpp"

namespace llm {
namespace {

using ::testing::HasSubstr;
using namespace test_support;

TEST_F(AsyncClientTest, completes_a_chat_as_the_blocking_client_does) {
  std::optional<Result<ChatResponse>> response;
  client_->chat_completion(question(), {}, [&](Result<ChatResponse> result) {
    EXPECT_FALSE(response) << "called once";
    response = std::move(result);
  });
  EXPECT_FALSE(response) << "never within the function that begins the call";

  loop_->run();

  ASSERT_TRUE(response && *response);
  EXPECT_EQ((*response)->text(), blocking_.chat_completion(question())->text());
  EXPECT_EQ((*response)->details.attempts, 1);
}

TEST_F(AsyncClientTest, streams_what_the_blocking_client_streams) {
  Seen seen;
  client_->stream_chat_completion(question(), {}, handler(seen));

  loop_->run();

  const auto expected = blocking_.stream_chat_completion(question()).collect();
  ASSERT_TRUE(seen.end && *seen.end);
  EXPECT_EQ(seen.text, expected->text());
  EXPECT_EQ((*seen.end)->usage, expected->usage);
  EXPECT_EQ(seen.ends, 1);
}

TEST_F(AsyncClientTest, runs_a_thousand_streams_on_one_thread) {
  std::vector<Seen> seen(1000);
  for (Seen& one : seen) client_->stream_chat_completion(question(), {}, handler(one));

  loop_->run();

  for (const Seen& one : seen) {
    ASSERT_TRUE(one.end && *one.end) << (one.end ? one.end->error().message : "no end");
    EXPECT_EQ(one.text, seen.front().text);
    EXPECT_EQ(one.ends, 1);
  }
  EXPECT_EQ(server_.counts().requests, 1000U);
}

TEST_F(AsyncClientTest, counts_embeds_and_checks_health) {
  std::optional<Result<TokenCount>> count;
  std::optional<Result<EmbeddingResponse>> embedded;
  std::optional<Result<HealthReport>> health;
  ChatRequest counted = question();
  counted.model = "anthropic.claude-3-5-sonnet-20241022-v2:0";
  client_->count_tokens(counted, {}, [&](auto result) { count = std::move(result); });
  client_->embed({.model = "amazon.titan-embed-text-v2:0", .inputs = {"one", "two"}}, {},
                 [&](auto result) { embedded = std::move(result); });
  client_->health({}, [&](auto result) { health = std::move(result); });

  loop_->run();

  ASSERT_TRUE(count && *count) << count->error().message;
  EXPECT_EQ((*count)->prompt_tokens, blocking_.count_tokens(counted)->prompt_tokens);
  ASSERT_TRUE(embedded && *embedded) << embedded->error().message;
  EXPECT_EQ((*embedded)->embeddings.size(), 2U);
  ASSERT_TRUE(health && *health);
  EXPECT_FALSE((*health)->checks.empty());
}

TEST_F(AsyncClientTest, reports_a_refusal_as_the_blocking_client_does) {
  const Client stranger = client_of(server_.url(), {.api_key = Secret("unknown")});
  const AsyncClient client(stranger, *loop_);
  std::optional<Result<ChatResponse>> response;
  client.chat_completion(question(), {}, [&](auto result) { response = std::move(result); });

  loop_->run();

  const auto expected = stranger.chat_completion(question());
  ASSERT_FALSE(*response);
  EXPECT_EQ(response->error().message, expected.error().message);
  EXPECT_EQ(response->error().code, expected.error().code);
  EXPECT_EQ(response->error().attempts, expected.error().attempts);
}

TEST_F(AsyncClientTest, awaits_a_stream_and_a_chat_in_a_coroutine) {
  std::string streamed;
  std::string buffered;
  const auto ask = [](AsyncClient client, std::string& text, std::string& completion) -> Task<> {
    AsyncChatStream stream = client.stream_chat_completion(question());
    while (true) {
      const StreamEvent* const event = co_await stream.next();
      if (event == nullptr) break;
      if (event->is_delta()) text += event->delta().text();
    }
    Result<ChatResponse> response = co_await client.chat_completion(question());
    completion = response->text();
  };
  spawn(*loop_, ask(*client_, streamed, buffered));

  loop_->run();

  EXPECT_THAT(streamed, HasSubstr("local Bedrock"));
  EXPECT_EQ(streamed, buffered);
}

TEST_F(AsyncClientTest, collects_a_stream) {
  std::optional<Result<ChatResponse>> response;
  const auto ask = [](AsyncClient client, std::optional<Result<ChatResponse>>& out) -> Task<> {
    AsyncChatStream stream = client.stream_chat_completion(question());
    Result<ChatResponse> collected = co_await stream.collect();
    out = std::move(collected);
  };
  spawn(*loop_, ask(*client_, response));

  loop_->run();

  ASSERT_TRUE(response && *response);
  EXPECT_EQ((*response)->text(), blocking_.chat_completion(question())->text());
}

TEST_F(AsyncClientTest, runs_in_a_loop_that_polls_its_descriptor) {
  Seen seen;
  client_->stream_chat_completion(question(), {}, handler(seen));

  while (seen.ends == 0) {
    pollfd descriptor{.fd = loop_->descriptor(), .events = POLLIN, .revents = 0};
    if (!loop_->process(8)) {
      ASSERT_GE(::poll(&descriptor, 1, 10'000), 1);
    }
  }

  EXPECT_TRUE(*seen.end);
}

TEST_F(AsyncClientTest, completes_all_streams_when_one_connects_at_a_time) {
  const auto narrow = *EventLoop::create({.max_connecting = 1});
  const AsyncClient client(blocking_, *narrow);
  std::vector<Seen> seen(20);
  for (Seen& one : seen) client.stream_chat_completion(question(), {}, handler(one));

  narrow->run();

  for (const Seen& one : seen) EXPECT_TRUE(one.end && *one.end);
}

TEST_F(AsyncClientTest, reuses_a_connection) {
  for (int i = 0; i < 5; ++i) {
    Seen seen;
    client_->stream_chat_completion(question(), {}, handler(seen));
    loop_->run();
    EXPECT_TRUE(*seen.end);
  }

  EXPECT_EQ(server_.counts().connections, 1U);
}

}  // namespace
}  // namespace llm
