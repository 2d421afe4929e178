// The asynchronous client against the local Bedrock and servers that misbehave.

#include <llm/async_client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/llm.hpp>
#include <llm/local/server.hpp>

#include "tests/support/raw_server.hpp"

namespace llm {
namespace {

using ::testing::HasSubstr;
using namespace test_support;

const std::string kModel = "anthropic.claude-3-haiku-20240307-v1:0";

Client client_of(const std::string& url, bedrock::Options more = {}) {
  more.model = kModel;
  more.region = "us-east-1";
  more.runtime_endpoint = url;
  more.control_endpoint = url;
  more.environment_use = bedrock::EnvironmentUse::ignore;
  more.credentials =
      aws::static_credentials({.access_key_id = "local", .secret_access_key = Secret("local")});
  return *bedrock::create_client(std::move(more));
}

ChatRequest question(std::string text = "Why is the sky blue?") {
  return {.messages = {Message::user(std::move(text))}};
}

/// How a stream ended, and what came before.
struct Seen {
  std::string text;
  int events = 0;
  int ends = 0;
  std::optional<Result<Done>> end;
};

class AsyncClientTest : public ::testing::Test {
 protected:
  StreamHandler handler(Seen& seen) {
    return {.on_event =
                [&seen](const StreamEvent& event) {
                  seen.text += event.delta().text();
                  ++seen.events;
                  return Flow::go_on;
                },
            .on_end =
                [&seen](Result<Done> end) {
                  ++seen.ends;
                  seen.end = std::move(end);
                }};
  }

  local::Server server_ = *local::Server::start();
  std::unique_ptr<EventLoop> loop_ = *EventLoop::create();
  Client blocking_ = client_of(server_.url());
  std::optional<AsyncClient> client_{std::in_place, blocking_, *loop_};
};

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
  std::string whole;
  const auto ask = [](AsyncClient client, std::string& text, std::string& answer) -> Task<> {
    AsyncChatStream stream = client.stream_chat_completion(question());
    while (true) {
      const StreamEvent* const event = co_await stream.next();
      if (event == nullptr) break;
      if (event->is_delta()) text += event->delta().text();
    }
    Result<ChatResponse> response = co_await client.chat_completion(question());
    answer = response->text();
  };
  spawn(*loop_, ask(*client_, streamed, whole));

  loop_->run();

  EXPECT_THAT(streamed, HasSubstr("local Bedrock"));
  EXPECT_EQ(streamed, whole);
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
    if (!loop_->process(8)) ASSERT_GE(::poll(&descriptor, 1, 10'000), 1);
  }

  EXPECT_TRUE(*seen.end);
}

TEST_F(AsyncClientTest, begins_and_cancels_calls_within_a_callback) {
  Seen other;
  Seen seen;
  std::optional<CallHandle> own;
  StreamHandler first = handler(seen);
  first.on_event = [&](const StreamEvent&) {
    ++seen.events;
    client_->stream_chat_completion(question(), {}, handler(other));
    own->cancel();
    client_.reset();
    return Flow::go_on;
  };
  own = client_->stream_chat_completion(question("A long story, please."), {}, std::move(first));

  loop_->run();

  EXPECT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.events, 1) << "nothing comes after cancel()";
  EXPECT_EQ(seen.end->error().code, ErrorCode::cancelled);
  ASSERT_TRUE(other.end);
  EXPECT_TRUE(*other.end) << other.end->error().message;
}

TEST_F(AsyncClientTest, cancels_from_another_callback_with_one_end) {
  local::Server slow = *local::Server::start({.pace = std::chrono::hours(1)});
  const AsyncClient client(client_of(slow.url()), *loop_);
  Seen seen;
  const CallHandle handle = client.stream_chat_completion(question(), {}, handler(seen));
  client_->chat_completion(question(), {}, [&](const auto&) {
    handle.cancel();
    handle.cancel();
  });

  loop_->run();

  ASSERT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().code, ErrorCode::cancelled);
}

TEST_F(AsyncClientTest, pauses_a_stream_and_goes_on) {
  Seen seen;
  std::optional<CallHandle> handle;
  StreamHandler pausing = handler(seen);
  pausing.on_event = [&](const StreamEvent& event) {
    seen.text += event.delta().text();
    ++seen.events;
    handle->resume();
    return Flow::pause;
  };
  handle = client_->stream_chat_completion(question(), {}, std::move(pausing));

  loop_->run();

  ASSERT_TRUE(seen.end && *seen.end);
  EXPECT_EQ(seen.text, blocking_.chat_completion(question())->text());
}

TEST_F(AsyncClientTest, delivers_nothing_while_it_is_paused) {
  Seen seen;
  StreamHandler pausing = handler(seen);
  pausing.on_event = [&](const StreamEvent&) {
    ++seen.events;
    return Flow::pause;
  };
  const CallHandle handle = client_->stream_chat_completion(question(), {}, std::move(pausing));
  Seen other;
  client_->stream_chat_completion(question(), {}, handler(other));
  while (other.ends == 0 || seen.events == 0) loop_->process();

  EXPECT_EQ(seen.events, 1);
  EXPECT_EQ(seen.ends, 0);
  handle.cancel();
  loop_->run();
  EXPECT_EQ(seen.ends, 1);
}

TEST_F(AsyncClientTest, ends_a_call_whose_callback_throws_and_stays_usable) {
  Seen seen;
  StreamHandler throwing = handler(seen);
  throwing.on_event = [](const StreamEvent&) -> Flow { throw std::runtime_error("mine"); };
  client_->stream_chat_completion(question(), {}, std::move(throwing));

  EXPECT_THROW(loop_->run(), std::runtime_error);
  loop_->run();

  ASSERT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().code, ErrorCode::internal_error);
  Seen next;
  client_->stream_chat_completion(question(), {}, handler(next));
  loop_->run();
  EXPECT_TRUE(*next.end);
}

TEST_F(AsyncClientTest, ends_every_call_when_the_loop_is_destroyed) {
  local::Server slow = *local::Server::start({.pace = std::chrono::hours(1)});
  const AsyncClient client(client_of(slow.url()), *loop_);
  Seen seen;
  Seen untouched;
  int ends = 0;
  client.stream_chat_completion(question(), {}, handler(seen));
  bool is_destroyed = false;
  const auto waiting = [](AsyncClient own, bool& destroyed) -> Task<> {
    struct Witness {
      bool& flag;
      ~Witness() { flag = true; }
    } const witness{destroyed};
    AsyncChatStream stream = own.stream_chat_completion(question());
    while (true) {
      const StreamEvent* const event = co_await stream.next();
      if (event == nullptr) break;
    }
  };
  spawn(*loop_, waiting(client, is_destroyed));
  while (slow.counts().requests < 2) loop_->process();
  client.stream_chat_completion(question(), {}, handler(untouched));
  client.chat_completion(question(), {}, [&](const Result<ChatResponse>& result) {
    ++ends;
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  });

  loop_.reset();

  EXPECT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().code, ErrorCode::cancelled);
  EXPECT_EQ(untouched.ends, 1);
  EXPECT_EQ(ends, 1);
  EXPECT_TRUE(is_destroyed);
}

TEST_F(AsyncClientTest, keeps_a_stream_whose_client_is_gone) {
  Seen seen;
  client_->stream_chat_completion(question(), {}, handler(seen));
  client_.reset();
  blocking_ = client_of(server_.url());

  loop_->run();

  EXPECT_TRUE(seen.end && *seen.end);
}

TEST_F(AsyncClientTest, closes_the_connection_of_a_stream_that_is_dropped) {
  RawServer raw({read_request(),
                 send_bytes("HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream"
                            "\r\ntransfer-encoding: chunked\r\n\r\n"),
                 await_close()});
  const AsyncClient client(client_of(raw.url("")), *loop_);
  {
    const AsyncChatStream stream = client.stream_chat_completion(question());
    while (raw.requests().empty()) loop_->process();
  }

  loop_->run();

  EXPECT_TRUE(raw.await_client_closes(1));
}

TEST_F(AsyncClientTest, runs_a_client_with_its_own_transport_on_threads) {
  class Wrapping final : public Transport {
   public:
    [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& /*request*/,
                                                             std::stop_token) const override {
      return std::unexpected(make_error(ErrorCode::connection_error, "Its own failure."));
    }
  };
  const AsyncClient client(
      client_of(server_.url(), {.max_retries = 0, .transport = std::make_shared<Wrapping>()}),
      *loop_);
  std::optional<Result<ChatResponse>> response;
  Seen seen;
  client.chat_completion(question(), {}, [&](auto result) { response = std::move(result); });
  client.stream_chat_completion(question(), {}, handler(seen));

  loop_->run();

  EXPECT_EQ(response->error().message, "Its own failure.");
  ASSERT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().message, "Its own failure.");
}

TEST_F(AsyncClientTest, connects_one_after_another_within_its_limit) {
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

TEST_F(AsyncClientTest, ends_at_its_time_limit) {
  RawServer raw({read_request(), await_close()});
  const AsyncClient client(client_of(raw.url(""), {.max_retries = 0}), *loop_);
  std::optional<Result<ChatResponse>> response;
  client.chat_completion(question(), {.timeout = std::chrono::milliseconds(50)},
                         [&](auto result) { response = std::move(result); });

  loop_->run();

  EXPECT_EQ(response->error().code, ErrorCode::timeout_error);
  EXPECT_THAT(response->error().message, HasSubstr("50 ms"));
}

}  // namespace
}  // namespace llm
