#include <chrono>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/async_tool_loop.hpp>

#include "async/async_tool_loop_test_support.hpp"
#include "tests/support/prepared_model.hpp"

namespace llm {
namespace {

using namespace std::chrono_literals;
using test_support::AsyncToolLoopTest;
using test_support::call;
using test_support::calls;
using test_support::completion;
using test_support::keep;
using test_support::result_at;
using test_support::text_completion;
using test_support::text_of;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_F(AsyncToolLoopTest, runs_functions_until_the_model_calls_no_more) {
  const auto outcome =
      run({calls({TextContent{"Let me see."}, call("a")}), text_completion("Four.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
  EXPECT_EQ(outcome->response.text(), "Four.");
  EXPECT_EQ(outcome->steps, 2);
  EXPECT_EQ(outcome->usage.total_tokens, 24);
  EXPECT_EQ(outcome->cost_usd, 0.5);
  ASSERT_THAT(request_.messages, SizeIs(4));
  EXPECT_EQ(result_at(request_, 2, 0).status, ToolStatus::success);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), R"({"n":2})");
  EXPECT_TRUE(request_.tools.empty());
  EXPECT_THAT(model_->requests().at(0).tools, SizeIs(2));
  EXPECT_THAT(model_->requests().at(1).messages, SizeIs(3));
}

TEST_F(AsyncToolLoopTest, runs_the_calls_of_a_response_at_once_and_keeps_their_order) {
  add("open", [this](Json) -> Task<Result<ToolOutput>> {
    loop_->post([this] { gate_.open(); });
    co_return ToolOutput::text("opened");
  });

  const auto outcome =
      run({calls({call("a", "wait"), call("b", "open")}), text_completion("Done.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(result_at(request_, 2, 0).tool_call_id, "a");
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "waited");
  EXPECT_EQ(text_of(result_at(request_, 2, 1)), "opened");
}

struct FailingTool {
  std::string name;
  AsyncToolFunction function;
  std::string text;
};

Task<Result<ToolOutput>> fail_with(Json /*arguments*/) {
  co_return std::unexpected(
      make_error(ErrorCode::invalid_request_error, "The number is even.", "Pass an odd one."));
}

Task<Result<ToolOutput>> throw_error(Json /*arguments*/) {
  throw std::runtime_error("no number");
  co_return ToolOutput{};
}

Task<Result<ToolOutput>> throw_number(Json /*arguments*/) {
  throw 4;
  co_return ToolOutput{};
}

Task<Result<ToolOutput>> throw_before(Json /*arguments*/) { throw std::runtime_error("not begun"); }

class AsyncToolLoopFailure : public AsyncToolLoopTest,
                             public ::testing::WithParamInterface<FailingTool> {};

TEST_P(AsyncToolLoopFailure, is_sent_to_the_model) {
  if (GetParam().function) add("fail", GetParam().function);

  const auto outcome = run({calls({call("a", "fail"), call("b")}), text_completion("Sorry.")});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(result_at(request_, 2, 0).status, ToolStatus::error);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), GetParam().text);
  EXPECT_EQ(result_at(request_, 2, 1).status, ToolStatus::success);
}

INSTANTIATE_TEST_SUITE_P(
    All, AsyncToolLoopFailure,
    ::testing::Values(
        FailingTool{"error", fail_with, "The number is even. Pass an odd one."},
        FailingTool{"exception", throw_error, "The tool threw an exception: no number."},
        FailingTool{"other_exception", throw_number,
                    "The tool threw an exception that is not a std::exception."},
        FailingTool{"exception_before_the_coroutine", throw_before,
                    "The tool threw an exception: not begun."},
        FailingTool{"unknown_name", {}, "No tool is named \"fail\". The tools are: double, wait."}),
    [](const auto& row) { return row.param.name; });

TEST_F(AsyncToolLoopTest, does_not_run_calls_of_a_response_that_was_cut_short) {
  const auto outcome = run({completion(FinishReason::length, {call("a", "wait")})});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), "Not run: the response was cut short.");
}

TEST_F(AsyncToolLoopTest, keeps_the_conversation_when_a_later_call_fails) {
  const auto outcome = run(
      {calls({call("a")}), std::unexpected(make_error(ErrorCode::rate_limit_error, "slow down"))});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::rate_limit_error);
  EXPECT_THAT(request_.messages, SizeIs(3));
}

ChatResponse of_unknown_cost(ChatResponse response) {
  response.details.cost_usd.reset();
  return response;
}

struct Limited {
  std::string name;
  std::vector<Result<ChatResponse>> responses;  ///< Of 0.25 USD each.
  int max_steps;
  std::optional<double> max_cost_usd;
  std::string end;  ///< Or the code of the error.
  int requests;
};

class AsyncToolLoopLimit : public AsyncToolLoopTest,
                           public ::testing::WithParamInterface<Limited> {};

TEST_P(AsyncToolLoopLimit, ends_the_run_with_a_conversation_that_can_continue) {
  AsyncToolLoopOptions options;
  options.max_steps = GetParam().max_steps;
  options.max_cost_usd = GetParam().max_cost_usd;

  const auto outcome = run(GetParam().responses, std::move(options));

  const std::string end = !outcome ? std::string(to_string(outcome.error().code))
                          : outcome->end == ToolLoopEnd::completed  ? "completed"
                          : outcome->end == ToolLoopEnd::step_limit ? "step_limit"
                                                                    : "cost_limit";
  EXPECT_EQ(end, GetParam().end);
  EXPECT_THAT(model_->requests(), SizeIs(GetParam().requests));
  const Message& last = request_.messages.back();
  EXPECT_EQ(last.role, GetParam().end == "completed" ? Role::assistant : Role::tool);
}

INSTANTIATE_TEST_SUITE_P(
    All, AsyncToolLoopLimit,
    ::testing::Values(
        Limited{"steps", {calls({call("a")}), calls({call("b")})}, 2, {}, "step_limit", 2},
        Limited{"cost", {calls({call("a")}), calls({call("b")})}, 9, 0.5, "cost_limit", 2},
        Limited{"cost_passed", {calls({call("a")})}, 9, 0.1, "cost_limit", 1},
        Limited{"steps_before_cost", {calls({call("a")})}, 1, 0.1, "step_limit", 1},
        Limited{"cost_not_reached",
                {calls({call("a")}), text_completion("x")},
                9,
                0.26,
                "completed",
                2},
        Limited{
            "cost_reached_with_the_last_response", {text_completion("x")}, 9, 0.1, "completed", 1},
        Limited{"unknown_cost",
                {of_unknown_cost(calls({call("a")}))},
                9,
                100.0,
                "unsupported_feature",
                1},
        Limited{"unknown_cost_of_the_last_response",
                {of_unknown_cost(text_completion("x"))},
                9,
                100.0,
                "completed",
                1}),
    [](const auto& row) { return row.param.name; });

TEST_F(AsyncToolLoopTest, hands_out_the_events_of_every_stream) {
  std::vector<std::string> seen;
  const auto note = [&seen](const StreamEvent& event) {
    seen.emplace_back(event.is_delta() ? "delta" : event.is_done() ? "done" : "error");
  };

  const auto outcome = run(
      {
          calls({call("a")}),
          text_completion("Four."),
      },
      {.on_event = note});
  const auto failed =
      run({std::unexpected(make_error(ErrorCode::stream_error, "cut"))}, {.on_event = note});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->response.text(), "Four.");
  EXPECT_EQ(text_of(result_at(request_, 2, 0)), R"({"n":2})");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::stream_error);
  EXPECT_THAT(seen, ElementsAre("delta", "done", "delta", "done", "error"));
}

TEST_F(AsyncToolLoopTest, lets_through_what_the_callback_throws) {
  const auto fail = [](const StreamEvent&) { throw std::runtime_error("no screen"); };
  std::optional<Result<ToolLoopOutcome>> outcome;
  spawn(*loop_, keep(make({text_completion("Four.")}, {.on_event = fail}), outcome));

  EXPECT_THROW(turn(), std::runtime_error);
  turn();

  EXPECT_FALSE(outcome);
  EXPECT_EQ(model_->open_calls(), 0);
  EXPECT_THAT(request_.messages, SizeIs(1));
}

struct WrongUse {
  std::string name;
  std::function<void(AsyncToolLoopOptions&, ChatRequest&)> change;
};

class AsyncToolLoopWrongUse : public AsyncToolLoopTest,
                              public ::testing::WithParamInterface<WrongUse> {};

TEST_P(AsyncToolLoopWrongUse, is_refused_before_anything_is_sent) {
  AsyncToolLoopOptions options;
  GetParam().change(options, request_);

  const auto outcome = run({text_completion("x")}, std::move(options));

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::configuration_error);
  EXPECT_TRUE(model_->requests().empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, AsyncToolLoopWrongUse,
    ::testing::Values(
        WrongUse{"steps", [](auto& options, auto&) { options.max_steps = 0; }},
        WrongUse{"timeout", [](auto& options, auto&) { options.timeout = 0ms; }},
        WrongUse{"cost", [](auto& options, auto&) { options.max_cost_usd = 0; }},
        WrongUse{"cost_not_a_number",
                 [](auto& options, auto&) {
                   options.max_cost_usd = std::numeric_limits<double>::quiet_NaN();
                 }},
        WrongUse{"tools", [](auto&, auto& request) { request.tools.push_back({.name = "f"}); }}),
    [](const auto& row) { return row.param.name; });

TEST_F(AsyncToolLoopTest, refuses_to_register_what_it_could_not_call) {
  const auto code_of = [](const Result<void>& result) {
    return result ? std::string("none") : std::string(to_string(result.error().code));
  };
  const ToolFunction blocking = [](const Json&) { return ToolOutput::text("x"); };

  EXPECT_EQ(code_of(tools_.add({.name = "double"}, blocking)), "configuration_error");
  EXPECT_EQ(code_of(tools_.add({}, blocking)), "configuration_error");
  EXPECT_EQ(code_of(tools_.add({.name = "f"}, ToolFunction())), "configuration_error");
  EXPECT_EQ(code_of(tools_.add({.name = "f"}, AsyncToolFunction())), "configuration_error");
  EXPECT_EQ(code_of(tools_.add({.name = "f"}, blocking)), "none");
}

}  // namespace
}  // namespace llm
