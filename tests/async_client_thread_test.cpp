// The asynchronous client: what runs on threads of the loop.

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/async_client_fixture.hpp"

namespace llm {
namespace {

/// Fails every request and records the threads that send them.
class FailingTransport final : public Transport {
 public:
  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& /*request*/,
                                                           std::stop_token) const override {
    const std::scoped_lock lock(mutex_);
    senders_.push_back(std::this_thread::get_id());
    return std::unexpected(make_error(ErrorCode::connection_error, "Its own failure."));
  }

  [[nodiscard]] std::vector<std::thread::id> senders() const {
    const std::scoped_lock lock(mutex_);
    return senders_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::vector<std::thread::id> senders_;
};

TEST_F(AsyncClientTest, runs_a_client_with_its_own_transport_on_threads) {
  const auto transport = std::make_shared<FailingTransport>();
  const AsyncClient client(client_of(server_.url(), {.max_retries = 0, .transport = transport}),
                           *loop_);
  std::optional<Result<ChatResponse>> response;
  Seen seen;
  client.chat_completion(question(), {}, [&](auto result) { response = std::move(result); });
  client.stream_chat_completion(question(), {}, handler(seen));

  loop_->run();

  ASSERT_TRUE(response && !*response);
  EXPECT_EQ(response->error().message, "Its own failure.");
  ASSERT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.end->error().message, "Its own failure.");
  ASSERT_EQ(transport->senders().size(), 2U);
  for (const std::thread::id sender : transport->senders()) {
    EXPECT_NE(sender, std::this_thread::get_id());
  }
}

}  // namespace
}  // namespace llm
