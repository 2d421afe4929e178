// The asynchronous client against the local Bedrock and servers that misbehave: how calls pause and
// end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/support/alive.hpp"
#include "tests/support/async_client_fixture.hpp"
#include "tests/support/raw_server.hpp"

namespace llm {
namespace {

using ::testing::HasSubstr;
using namespace test_support;

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
  int tasks = 0;
  const auto waiting = [](AsyncClient own, int& count) -> Task<> {
    const Alive alive(count);
    AsyncChatStream stream = own.stream_chat_completion(question());
    while (true) {
      const StreamEvent* const event = co_await stream.next();
      if (event == nullptr) break;
    }
  };
  spawn(*loop_, waiting(client, tasks));
  while (slow.counts().requests < 2) loop_->process();
  client.stream_chat_completion(question(), {}, handler(untouched));
  client.chat_completion(question(), {}, [&](const Result<ChatResponse>& result) {
    ++ends;
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  });

  EXPECT_EQ(tasks, 1);

  loop_.reset();

  EXPECT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().code, ErrorCode::cancelled);
  EXPECT_EQ(untouched.ends, 1);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(tasks, 0);
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

TEST_F(AsyncClientTest, ends_at_the_idle_limit_in_the_middle_of_a_head) {
  RawServer silent({read_request(), send_bytes("HTTP/1.1 200 OK\r\n"), await_close()});
  const AsyncClient client(
      client_of(silent.url(""), {.timeouts = {.total = std::chrono::seconds(10),
                                              .idle = std::chrono::milliseconds(100)},
                                 .max_retries = 0}),
      *loop_);
  std::optional<Result<ChatResponse>> result;

  client.chat_completion(question(), {},
                         [&](Result<ChatResponse> end) { result = std::move(end); });
  loop_->run();

  ASSERT_TRUE(result && !*result);
  EXPECT_THAT(result->error().message, HasSubstr("(idle limit)"));
}

TEST_F(AsyncClientTest, takes_nothing_that_came_unasked_for_a_response) {
  const auto completion = [](const std::string& text) {
    return http_response(R"({"type":"message","role":"assistant","content":[{"type":"text",)"
                         R"("text":")" +
                         text + R"("}],"stop_reason":"end_turn"})");
  };
  RawServer server({{read_request(), send_bytes(completion("asked for")), wait_for_signal(),
                     send_bytes(completion("unasked"))},
                    always_respond(completion("asked for too"))});
  const AsyncClient client(client_of(server.url(""), {.max_retries = 0}), *loop_);
  std::string texts;
  const auto ask = [&] {
    client.chat_completion(question(), {}, [&](Result<ChatResponse> end) {
      texts += (end ? end->text() : end.error().message) + ".";
    });
    loop_->run();
  };

  ask();
  server.signal();
  ASSERT_TRUE(server.await_server_closes(1));
  ask();

  EXPECT_EQ(texts, "asked for.asked for too.");
}

/// A provider on a loop without memory: no call can begin, and no stream be decoded.
class NoMemory final : public AsyncProvider {
 public:
  std::unique_ptr<AsyncCall> chat_completion(ChatRequest, CallOptions,
                                             Callback<void(Result<ChatResponse>)>) override {
    throw std::bad_alloc();
  }
  std::unique_ptr<AsyncStreamSource> stream_chat_completion(ChatRequest, CallOptions) override {
    return std::make_unique<Source>();
  }
  std::unique_ptr<AsyncCall> count_tokens(ChatRequest, CallOptions,
                                          Callback<void(Result<TokenCount>)>) override {
    throw std::bad_alloc();
  }
  std::unique_ptr<AsyncCall> embed(EmbeddingRequest, CallOptions,
                                   Callback<void(Result<EmbeddingResponse>)>) override {
    throw std::bad_alloc();
  }

 private:
  struct Source final : AsyncStreamSource {
    const StreamEvent* try_next() override { throw std::bad_alloc(); }
    [[nodiscard]] bool is_over() const override { return false; }
    void on_ready(Callback<void()> /*ready*/) override {}
  };
};

/// Whose calls run on a loop only.
class NoMemoryProvider final : public Provider {
 public:
  Result<ChatResponse> chat_completion(const ChatRequest&, const CallOptions&) const override {
    return std::unexpected(Error{});
  }
  ChatStream stream_chat_completion(ChatRequest, CallOptions) const override {
    return ChatStream(nullptr);
  }
  Result<ModelInfo> model_info(std::string_view) const override { return ModelInfo{}; }
  HealthReport health(const HealthOptions&) const override { return {}; }
  std::unique_ptr<AsyncProvider> on(EventLoop& /*loop*/) const override {
    return std::make_unique<NoMemory>();
  }
};

TEST_F(AsyncClientTest, leaves_nothing_of_a_call_that_could_not_begin) {
  const AsyncClient client(Client(std::make_shared<NoMemoryProvider>()), *loop_);
  int ends = 0;

  EXPECT_THROW(client.chat_completion(question(), {}, [&](auto) { ++ends; }), std::bad_alloc);
  loop_->run();  // Returns: nothing is left to wait for.

  EXPECT_EQ(ends, 0);
}

TEST_F(AsyncClientTest, ends_a_stream_whose_source_throws) {
  const AsyncClient client(Client(std::make_shared<NoMemoryProvider>()), *loop_);
  AsyncChatStream stream = client.stream_chat_completion(question());

  const StreamEvent* event = nullptr;
  auto next = stream.next();
  if (next.await_ready()) event = next.await_resume();

  ASSERT_TRUE(event != nullptr && event->is_error());
  EXPECT_EQ(event->error().code, ErrorCode::internal_error);
}

}  // namespace
}  // namespace llm
