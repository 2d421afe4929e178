#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/async_tool_loop.hpp>

#include "async/async_tool_loop_test_support.hpp"
#include "loop/core.hpp"
#include "tests/support/prepared_model.hpp"

namespace llm {
namespace {

using namespace std::chrono_literals;
using test_support::a_request;
using test_support::call;
using test_support::calls;
using test_support::keep;
using test_support::result_at;
using test_support::text_completion;
using test_support::text_of;
using ::testing::SizeIs;

/// Something that happens once, which another thread waits for, but not for ever.
class Signal {
 public:
  void set() { promise_.set_value(); }
  [[nodiscard]] bool wait() const { return future_.wait_for(30s) == std::future_status::ready; }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_{promise_.get_future()};
};

class AsyncToolLoopThread : public test_support::AsyncToolLoopFixture {
 protected:
  explicit AsyncToolLoopThread(EventLoopOptions options = {})
      : AsyncToolLoopFixture(*EventLoop::create(options)) {}
  // A function that still runs when a test fails uses the members.
  ~AsyncToolLoopThread() override { loop_.reset(); }

  Result<ToolLoopOutcome> run(std::vector<Result<ChatResponse>> responses,
                              AsyncToolLoopOptions options = {}) {
    std::optional<Result<ToolLoopOutcome>> outcome;
    spawn(*loop_, keep(make(std::move(responses), std::move(options)), outcome));
    loop_->run();
    return outcome.value();
  }

  Signal began_;
  Signal released_;
  std::atomic<int> ran_ = 0;
};

TEST_F(AsyncToolLoopThread, runs_blocking_functions_at_the_same_time_and_keeps_their_order) {
  add("first", [this](const Json&) -> Result<ToolOutput> {
    const bool met = released_.wait();
    return ToolOutput::text(met ? "met" : "alone");
  });
  add("second", [this](const Json& arguments) -> Result<ToolOutput> {
    released_.set();
    return ToolOutput::text(arguments.text());
  });

  const auto outcome =
      run({calls({call("a", "first"), call("b", "second")}), text_completion("Done.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "met");
  EXPECT_EQ(text_of(result_at(request_, 2, 1)), R"({"n":2})");
}

TEST_F(AsyncToolLoopThread, runs_blocking_and_awaited_functions_at_the_same_time) {
  const std::thread::id here = std::this_thread::get_id();
  add("blocking", [this, here](const Json&) -> Result<ToolOutput> {
    if (std::this_thread::get_id() == here) return ToolOutput::text("on the loop's thread");
    return ToolOutput::text(released_.wait() ? "met" : "alone");
  });
  ASSERT_TRUE(tools_.add({.name = "awaited"}, [this](Json) -> Task<Result<ToolOutput>> {
    released_.set();
    co_return ToolOutput::text("awaited");
  }));

  const auto outcome =
      run({calls({call("a", "blocking"), call("b", "awaited")}), text_completion("Done.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "met");
  EXPECT_EQ(text_of(result_at(request_, 2, 1)), "awaited");
}

struct FailingTool {
  std::string name;
  ToolFunction function;
  std::string text;
};

class AsyncToolLoopThreadFailure : public AsyncToolLoopThread,
                                   public ::testing::WithParamInterface<FailingTool> {};

TEST_P(AsyncToolLoopThreadFailure, is_sent_to_the_model) {
  add("fail", GetParam().function);

  const auto outcome = run({calls({call("a", "fail")}), text_completion("Sorry.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(result_at(request_, 2, 0).status, ToolStatus::error);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, AsyncToolLoopThreadFailure,
    ::testing::Values(
        FailingTool{"error",
                    [](const Json&) -> Result<ToolOutput> {
                      return std::unexpected(make_error(ErrorCode::invalid_request_error,
                                                        "The number is even.", "Pass an odd one."));
                    },
                    "The number is even. Pass an odd one."},
        FailingTool{
            "exception",
            [](const Json&) -> Result<ToolOutput> { throw std::runtime_error("no number"); },
            "The tool threw an exception: no number."},
        FailingTool{"other_exception", [](const Json&) -> Result<ToolOutput> { throw 4; },
                    "The tool threw an exception that is not a std::exception."}),
    [](const auto& row) { return row.param.name; });

TEST_F(AsyncToolLoopThread, does_not_wait_for_a_blocking_function_when_it_is_cancelled) {
  std::stop_source source;
  add("block", [this, &source](const Json&) -> Result<ToolOutput> {
    source.request_stop();
    ++ran_;
    return ToolOutput::text(released_.wait() ? "late" : "alone");
  });

  const auto outcome = run({calls({call("a", "block")})}, {.call = {.stop = source.get_token()}});
  released_.set();

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  ASSERT_THAT(request_.messages, SizeIs(3));
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "Not finished: cancelled.");
  EXPECT_EQ(ran_, 1);
}

TEST_F(AsyncToolLoopThread, does_not_wait_for_a_blocking_function_when_the_time_limit_passes) {
  add("block", [this](const Json&) -> Result<ToolOutput> {
    return ToolOutput::text(released_.wait() ? "late" : "alone");
  });

  const auto outcome = run({calls({call("a", "block")})}, {.timeout = 50ms});
  released_.set();

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "Not finished: the time limit has passed.");
}

class AsyncToolLoopOneThread : public AsyncToolLoopThread {
 protected:
  AsyncToolLoopOneThread() : AsyncToolLoopThread({.blocking_threads = 1}) {}
};

TEST_F(AsyncToolLoopOneThread, starts_no_function_that_waits_for_a_thread_when_it_is_destroyed) {
  add("block", [this](const Json&) -> Result<ToolOutput> {
    ++ran_;
    began_.set();
    return ToolOutput::text(released_.wait() ? "late" : "alone");
  });
  add("count", [this](const Json&) -> Result<ToolOutput> {
    ++ran_;
    return ToolOutput::text("counted");
  });
  std::optional<Task<Result<ToolLoopOutcome>>> task =
      make({calls({call("a", "block"), call("b", "count")})});
  task->start();
  loop_->process();
  ASSERT_TRUE(began_.wait());

  task.reset();
  loop_->run();
  released_.set();

  Signal all_done;
  loop_->core().workers().run([&all_done] { all_done.set(); });
  ASSERT_TRUE(all_done.wait());
  EXPECT_EQ(ran_, 1);
  EXPECT_THAT(request_.messages, SizeIs(1));
}

TEST_F(AsyncToolLoopThread, can_be_stopped_from_another_thread_at_any_time) {
  add("quick", [](const Json&) -> Result<ToolOutput> { return ToolOutput::text("x"); });
  for (int i = 0; i < 50; ++i) {
    request_ = a_request();
    std::stop_source source;
    std::jthread stopper([&source] { source.request_stop(); });

    const auto outcome =
        run({calls({call("a", "quick"), call("b", "quick")}), text_completion("x")},
            {.timeout = 30s, .call = {.stop = source.get_token()}});

    if (!outcome) {
      EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
    }
    EXPECT_THAT(request_.messages.size() % 2, outcome ? 0 : 1);
  }
}

}  // namespace
}  // namespace llm
