#include "bedrock/async/loop_provider.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/protocol/event_stream.hpp"
#include "bedrock/config/provider_config.hpp"
#include "tests/support/virtual_loop.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

std::string event(std::string_view type, std::string_view payload) {
  std::string bytes;
  const std::vector<std::pair<std::string_view, std::string_view>> headers = {
      {":event-type", type}, {":message-type", "event"}};
  aws::append_event_message(headers, payload, bytes);
  return bytes;
}

std::string delta(std::string_view text) {
  return event("contentBlockDelta",
               R"({"contentBlockIndex":0,"delta":{"text":")" + std::string(text) + R"("}})");
}

const std::string kStart = event("messageStart", R"({"role":"assistant"})");
const std::string kEnd =
    event("contentBlockStop", R"({"contentBlockIndex":0})") +
    event("messageStop", R"({"stopReason":"end_turn"})") +
    event("metadata", R"({"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3},)"
                      R"("metrics":{"latencyMs":3}})");

/// What arrives, and how long after what came before; an empty text is the end of the body.
struct Arrival {
  milliseconds after;
  std::string bytes{};
  std::optional<Error> failure{};
};
using Plan = std::vector<Arrival>;

/// Responses on scripted time.
class TimedTransport final : public loop::AsyncTransport {
 public:
  explicit TimedTransport(loop::Core& core) : core_(core) {}

  Result<std::unique_ptr<loop::AsyncExchange>> start(const HttpRequest& /*request*/) override {
    Plan plan = plans.front();
    if (plans.size() > 1) plans.pop_front();
    ++started;
    return std::make_unique<Exchange>(core_, std::move(plan), open);
  }

  std::deque<Plan> plans;  ///< The last one serves all further requests.
  int started = 0;
  int open = 0;  ///< Exchanges that have not been destroyed.

 private:
  class Exchange final : public loop::AsyncExchange {
   public:
    Exchange(loop::Core& core, Plan plan, int& open)
        : core_(core), plan_(std::move(plan)), open_(open), timer_(core, [this] { arrive(); }) {
      ++open_;
      head_.headers = {{"content-type", "application/vnd.amazon.eventstream"}};
      arm();
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() override { --open_; }

    Result<bool> has_head() override { return next_ > 0; }
    [[nodiscard]] const HttpResponseHead& head() const override { return head_; }
    Result<std::optional<std::string_view>> try_read() override {
      if (taken_ == next_) return std::nullopt;
      const Arrival& arrival = plan_[taken_++];
      if (arrival.failure) return std::unexpected(*arrival.failure);
      return std::string_view(arrival.bytes);
    }
    void on_progress(Callback<void()> progress) override { progress_ = std::move(progress); }

   private:
    void arm() {
      if (next_ < plan_.size()) timer_.set(core_.now() + plan_[next_].after);
    }
    void arrive() {
      ++next_;
      arm();
      if (progress_) progress_();
    }

    loop::Core& core_;
    Plan plan_;
    int& open_;
    HttpResponseHead head_{.status = 200};
    std::size_t next_ = 0;   ///< What has arrived.
    std::size_t taken_ = 0;  ///< What has been read.
    Callback<void()> progress_;
    loop::Timer timer_;
  };

  loop::Core& core_;
};

/// What one stream has seen; reads it whenever it can.
struct Reader {
  explicit Reader(std::unique_ptr<AsyncStreamSource> from) : source(std::move(from)) {
    source->on_ready([this] { read(); });
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() = default;

  void read() {
    while (const StreamEvent* const next = source->try_next()) {
      if (next->is_delta()) text += next->delta().text();
      if (next->is_done()) ++done;
      if (next->is_error()) error = next->error();
      ends += next->is_delta() ? 0 : 1;
    }
  }

  std::unique_ptr<AsyncStreamSource> source;
  std::string text;
  int done = 0;
  int ends = 0;
  std::optional<Error> error;
};

class LoopProviderTest : public ::testing::Test {
 protected:
  LoopProviderTest() {
    Options options{.model = "amazon.nova-lite-v1:0",
                    .region = "us-east-1",
                    .credentials = aws::static_credentials(
                        {.access_key_id = "A", .secret_access_key = Secret("s")}),
                    .environment_use = EnvironmentUse::ignore};
    core_ = std::make_shared<const ProviderCore>(*resolve(options, system_));
    auto transport = std::make_unique<TimedTransport>(loop_.core());
    transport_ = transport.get();
    provider_.emplace(core_, loop_.core(), std::move(transport));
  }

  std::unique_ptr<Reader> stream() {
    return std::make_unique<Reader>(
        provider_->stream_chat_completion({.messages = {Message::user("Why?")}}, {}));
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  test_support::VirtualLoop loop_{system_};
  std::shared_ptr<const ProviderCore> core_;
  TimedTransport* transport_ = nullptr;  ///< Owned by the provider.
  std::optional<LoopProvider> provider_;
};

TEST_F(LoopProviderTest, hands_out_each_delta_when_it_has_arrived) {
  transport_->plans = {{{milliseconds(10), kStart + delta("a")},
                        {milliseconds(10), delta("b")},
                        {milliseconds(10), kEnd},
                        {milliseconds(0)}}};
  const auto reader = stream();

  ASSERT_TRUE(loop_.run_until([&] { return reader->text == "a"; }));
  EXPECT_EQ(system_->sleeps(), std::vector{milliseconds(10)});
  ASSERT_TRUE(loop_.run_until([&] { return reader->ends == 1; }));

  EXPECT_EQ(reader->text, "ab");
  EXPECT_EQ(reader->done, 1);
  EXPECT_TRUE(reader->source->is_over());
}

TEST_F(LoopProviderTest, runs_ten_thousand_streams_of_which_some_fail) {
  constexpr int kStreams = 10'000;
  const Plan good = {{milliseconds(10), kStart + delta("a")},
                     {milliseconds(10), delta("b") + kEnd},
                     {milliseconds(0)}};
  Plan cut = good;
  cut.erase(cut.begin() + 1);
  Plan reset = good;
  reset[1] = {.after = milliseconds(10),
              .failure = make_error(ErrorCode::connection_error, "The connection was reset.")};
  Plan damaged = good;
  damaged[1].bytes[20] ^= 1;
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < kStreams; ++i) {
    transport_->plans.push_back(i % 100 == 1   ? cut
                                : i % 100 == 2 ? reset
                                : i % 100 == 3 ? damaged
                                               : good);
    readers.push_back(stream());
  }
  const auto all_ended = [&] {
    return std::ranges::all_of(readers, [](const auto& reader) { return reader->ends > 0; });
  };

  ASSERT_TRUE(loop_.run_until(all_ended));

  for (int i = 0; i < kStreams; ++i) {
    const Reader& reader = *readers[static_cast<std::size_t>(i)];
    EXPECT_EQ(reader.ends, 1);
    const bool is_good = i % 100 < 1 || i % 100 > 3;
    EXPECT_EQ(reader.done, is_good ? 1 : 0) << i;
    EXPECT_EQ(reader.text, is_good ? "ab" : "a") << i;
    if (!is_good) {
      EXPECT_EQ(reader.error->code, ErrorCode::stream_error) << i;
    }
  }
  EXPECT_EQ(transport_->started, kStreams);
  EXPECT_EQ(transport_->open, 0);
}

TEST_F(LoopProviderTest, closes_the_exchange_of_a_stream_that_is_destroyed) {
  transport_->plans = {{{milliseconds(10), kStart + delta("a")}, {std::chrono::hours(1), kEnd}}};
  auto reader = stream();
  ASSERT_TRUE(loop_.run_until([&] { return reader->text == "a"; }));
  EXPECT_EQ(transport_->open, 1);

  reader.reset();

  EXPECT_EQ(transport_->open, 0);
  EXPECT_FALSE(loop_.core().next_deadline()) << "nothing waits any more";
}

TEST_F(LoopProviderTest, reads_nothing_ahead_of_its_consumer) {
  transport_->plans = {{{milliseconds(10), kStart + delta("a")},
                        {milliseconds(10), delta("b") + kEnd},
                        {milliseconds(0)}}};
  auto source = provider_->stream_chat_completion({.messages = {Message::user("Why?")}}, {});
  ASSERT_FALSE(loop_.run_until([] { return false; })) << "everything has arrived";

  EXPECT_EQ(source->try_next()->delta().text(), "a");
  EXPECT_EQ(source->try_next()->delta().text(), "b");
  while (const StreamEvent* const next = source->try_next()) {
    if (next->is_done()) break;
  }
  EXPECT_TRUE(source->is_over());
}

}  // namespace
}  // namespace llm::bedrock
