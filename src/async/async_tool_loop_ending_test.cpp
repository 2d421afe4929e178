#include <chrono>
#include <optional>
#include <stop_token>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/async_tool_loop.hpp>

#include "async/async_tool_loop_test_support.hpp"
#include "tests/support/prepared_model.hpp"

namespace llm {
namespace {

using namespace std::chrono_literals;
using test_support::call;
using test_support::calls;
using test_support::keep;
using test_support::result_at;
using test_support::text_completion;
using test_support::text_of;
using ::testing::SizeIs;

/// Runs that end before the model does.
class AsyncToolLoopEnding : public test_support::AsyncToolLoopTest {};

TEST_F(AsyncToolLoopEnding, ends_functions_when_the_time_limit_passes) {
  std::optional<Result<ToolLoopOutcome>> outcome;
  spawn(*loop_,
        keep(make({calls({call("a"), call("b", "wait"), call("c", "wait")})}, {.timeout = 3s}),
             outcome));
  turn();
  system_->advance(2999ms);
  turn();
  EXPECT_EQ(waiting_, 2);
  EXPECT_FALSE(outcome);

  system_->advance(1ms);
  turn();

  EXPECT_EQ(waiting_, 0);
  ASSERT_TRUE(outcome);
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().code, ErrorCode::timeout_error);
  EXPECT_EQ(outcome->error().message,
            "The tool loop did not finish within 3000 ms (time limit). Not every function that the "
            "model called has finished.");
  ASSERT_THAT(request_.messages, SizeIs(3));
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), R"({"n":2})");
  EXPECT_EQ(result_at(request_, 2, 1).status, ToolStatus::error);
  EXPECT_EQ(text_of(result_at(request_, 2, 1)), "Not finished: the time limit has passed.");
}

TEST_F(AsyncToolLoopEnding, closes_the_call_of_the_model_when_the_time_limit_passes) {
  std::optional<Result<ToolLoopOutcome>> outcome;
  auto task = make({text_completion("x")}, {.timeout = 3s});
  model_->fall_silent();
  spawn(*loop_, keep(std::move(task), outcome));
  turn();
  EXPECT_EQ(model_->open_calls(), 1);

  system_->advance(3s);
  turn();

  ASSERT_TRUE(outcome);
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().code, ErrorCode::timeout_error);
  EXPECT_EQ(model_->open_calls(), 0);
}

TEST_F(AsyncToolLoopEnding, counts_the_time_limit_from_now_when_the_loop_has_rested) {
  turn();
  system_->advance(1h);
  auto task = make({calls({call("a")}), text_completion("Four.")}, {.timeout = 3s});
  std::optional<Result<ToolLoopOutcome>> outcome;
  Task<void> keeping = keep(std::move(task), outcome);

  keeping.start();
  turn();

  ASSERT_TRUE(outcome);
  EXPECT_TRUE(*outcome) << outcome->error().message;
}

TEST_F(AsyncToolLoopEnding, ends_functions_when_it_is_cancelled) {
  std::stop_source source;
  add("stop", [&source](Json) -> Task<Result<ToolOutput>> {
    source.request_stop();
    co_return ToolOutput::text("stopping");
  });

  const auto outcome =
      run({calls({call("a", "wait"), call("b", "stop")})}, {.call = {.stop = source.get_token()}});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  EXPECT_EQ(outcome.error().message,
            "The tool loop was cancelled. Not every function that the model called has finished.");
  EXPECT_EQ(waiting_, 0);
  ASSERT_THAT(request_.messages, SizeIs(3));
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "Not finished: cancelled.");
  EXPECT_EQ(text_of(result_at(request_, 2, 1)), "stopping");
}

TEST_F(AsyncToolLoopEnding, sends_nothing_when_it_was_cancelled_before) {
  std::stop_source source;
  source.request_stop();

  const auto outcome = run({text_completion("x")}, {.call = {.stop = source.get_token()}});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(model_->requests().empty());
}

TEST_F(AsyncToolLoopEnding, ends_everything_when_the_task_is_destroyed) {
  std::optional<Task<Result<ToolLoopOutcome>>> task =
      make({calls({call("a", "wait"), call("b", "wait")})});
  task->start();
  turn();
  ASSERT_EQ(waiting_, 2);

  task.reset();

  EXPECT_EQ(waiting_, 0);
  EXPECT_THAT(request_.messages, SizeIs(1));
  loop_->run();  // Nothing is left to wait for.
}

TEST_F(AsyncToolLoopEnding, closes_the_call_of_the_model_when_the_task_is_destroyed) {
  std::optional<Task<Result<ToolLoopOutcome>>> task = make({text_completion("x")});
  model_->fall_silent();
  task->start();
  ASSERT_EQ(model_->open_calls(), 1);

  task.reset();
  turn();

  EXPECT_EQ(model_->open_calls(), 0);
}

TEST_F(AsyncToolLoopEnding, is_cancelled_when_the_loop_is_destroyed) {
  std::optional<Result<ToolLoopOutcome>> outcome;
  Task<void> task = keep(make({calls({call("a", "wait")})}, {.timeout = 1h}), outcome);
  task.start();
  turn();
  ASSERT_EQ(waiting_, 1);

  loop_.reset();

  EXPECT_EQ(waiting_, 0);
  ASSERT_TRUE(outcome);
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().code, ErrorCode::cancelled);
  EXPECT_THAT(request_.messages, SizeIs(3));
}

TEST_F(AsyncToolLoopEnding, is_destroyed_with_the_loop_when_it_was_spawned) {
  std::optional<Result<ToolLoopOutcome>> outcome;
  spawn(*loop_, keep(make({calls({call("a", "wait")})}, {.timeout = 1h}), outcome));
  turn();
  ASSERT_EQ(waiting_, 1);

  loop_.reset();

  EXPECT_EQ(waiting_, 0);
}

TEST_F(AsyncToolLoopEnding, goes_on_without_the_object_that_it_was_begun_with) {
  std::optional<Result<ToolLoopOutcome>> outcome;
  Task<void> task =
      keep(make({calls({call("a", "wait"), call("b")}), text_completion("Done.")}), outcome);
  tools_ = {};
  task.start();
  turn();

  gate_.open();
  turn();

  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "waited");
}

}  // namespace
}  // namespace llm
