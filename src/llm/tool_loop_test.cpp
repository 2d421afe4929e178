#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/tool_loop.hpp>

#include "tests/support/prepared_model.hpp"

namespace llm {
namespace {

using test_support::a_request;
using test_support::call;
using test_support::calls;
using test_support::completion;
using test_support::PreparedModel;
using test_support::result_at;
using test_support::text_completion;
using test_support::text_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ToolLoopTest : public ::testing::Test {
 protected:
  ToolLoopTest() {
    EXPECT_TRUE(
        loop_.add({.name = "double", .description = "Doubles n"}, [this](const Json& arguments) {
          arguments_.push_back(arguments.text());
          return output_;
        }));
  }

  Client client(std::vector<Result<ChatResponse>> responses) {
    model_ = std::make_shared<PreparedModel>(std::move(responses));
    return Client(model_);
  }

  ToolLoop loop_;
  Result<ToolOutput> output_ = ToolOutput::text("4");
  std::vector<std::string> arguments_;
  std::shared_ptr<PreparedModel> model_;
};

TEST_F(ToolLoopTest, runs_functions_until_the_model_calls_no_more) {
  const Client model =
      client({calls({TextContent{"Let me see."}, call("a")}), text_completion("Four.")});
  ChatRequest request = a_request();

  const auto outcome = loop_.run(model, request);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
  EXPECT_EQ(outcome->response.text(), "Four.");
  EXPECT_EQ(outcome->steps, 2);
  EXPECT_THAT(arguments_, ElementsAre(R"({"n":2})"));
  ASSERT_THAT(request.messages, SizeIs(4));
  const ToolResultContent result = result_at(request, 2, 0);
  EXPECT_EQ(result.tool_call_id, "a");
  EXPECT_EQ(result.status, ToolStatus::success);
  EXPECT_EQ(text_of(result), "4");
  EXPECT_EQ(request.messages.at(3).text(), "Four.");
  EXPECT_TRUE(request.tools.empty());
  ASSERT_THAT(model_->requests(), SizeIs(2));
  EXPECT_EQ(model_->requests().at(0).tools.at(0).name, "double");
  EXPECT_THAT(model_->requests().at(1).messages, SizeIs(3));
}

TEST_F(ToolLoopTest, sums_usage_and_cost_and_leaves_unset_what_one_response_did_not_report) {
  ChatRequest request = a_request();
  const auto both = loop_.run(client({calls({call("a")}), text_completion("Four.")}), request);
  ChatResponse silent = text_completion("Four.");
  silent.usage.completion_tokens.reset();
  silent.details.cost_usd.reset();
  request = a_request();
  const auto one = loop_.run(client({calls({call("a")}), silent}), request);

  ASSERT_TRUE(both && one);
  EXPECT_EQ(both->usage, (Usage{.prompt_tokens = 20, .completion_tokens = 4, .total_tokens = 24}));
  EXPECT_EQ(both->cost_usd, 0.5);
  EXPECT_EQ(one->usage, (Usage{.prompt_tokens = 20, .total_tokens = 24}));
  EXPECT_FALSE(one->cost_usd);
}

struct CacheWrites {
  std::string name;
  std::vector<Usage> steps;
  std::map<std::string, std::int64_t> sum;
};

class ToolLoopCacheWrites : public ToolLoopTest,
                            public ::testing::WithParamInterface<CacheWrites> {};

TEST_P(ToolLoopCacheWrites, are_summed_by_lifetime_if_every_step_reported_it) {
  std::vector<Result<ChatResponse>> responses;
  for (const Usage& usage : GetParam().steps) {
    const bool is_last = responses.size() + 1 == GetParam().steps.size();
    ChatResponse response = is_last ? text_completion("Four.") : calls({call("a")});
    response.usage = usage;
    responses.emplace_back(std::move(response));
  }
  ChatRequest request = a_request();

  const auto outcome = loop_.run(client(std::move(responses)), request);

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->usage.cache_write_tokens_by_ttl, GetParam().sum);
}

const Usage kFive{.cache_write_tokens = 5, .cache_write_tokens_by_ttl = {{"5m", 5}}};
const Usage kHour{.cache_write_tokens = 7, .cache_write_tokens_by_ttl = {{"1h", 7}}};
const Usage kNothing{.cache_write_tokens = 0};
const Usage kUnknown{.cache_write_tokens = 3};

INSTANTIATE_TEST_SUITE_P(
    All, ToolLoopCacheWrites,
    ::testing::Values(CacheWrites{"known", {kFive, kHour, kFive}, {{"5m", 10}, {"1h", 7}}},
                      CacheWrites{"nothing_written", {kNothing, kFive, kNothing}, {{"5m", 5}}},
                      CacheWrites{"unknown_first", {kUnknown, kFive}, {}},
                      CacheWrites{"unknown_between", {kFive, kUnknown, kFive}, {}},
                      CacheWrites{"not_reported", {kFive, {}, kFive}, {}}),
    [](const auto& row) { return row.param.name; });

TEST_F(ToolLoopTest, sends_the_results_of_all_calls_of_a_response_in_one_message) {
  ChatRequest request = a_request();

  const auto outcome = loop_.run(
      client({calls({call("a"), call("b", "halve")}), text_completion("Done.")}), request);

  ASSERT_TRUE(outcome);
  ASSERT_THAT(request.messages.at(2).content, SizeIs(2));
  EXPECT_EQ(result_at(request, 2, 0).status, ToolStatus::success);
  const ToolResultContent unknown = result_at(request, 2, 1);
  EXPECT_EQ(unknown.tool_call_id, "b");
  EXPECT_EQ(unknown.status, ToolStatus::error);
  EXPECT_EQ(text_of(unknown), "No tool is named \"halve\". The tools are: double.");
}

TEST_F(ToolLoopTest, sends_the_error_of_a_function_back_to_the_model) {
  output_ = std::unexpected(
      make_error(ErrorCode::invalid_request_error, "The number is even.", "Pass an odd one."));
  ChatRequest request = a_request();

  const auto outcome = loop_.run(client({calls({call("a")}), text_completion("Sorry.")}), request);

  ASSERT_TRUE(outcome);
  EXPECT_EQ(result_at(request, 2, 0).status, ToolStatus::error);
  EXPECT_EQ(text_of(result_at(request, 2, 0)), "The number is even. Pass an odd one.");
}

TEST_F(ToolLoopTest, stops_at_the_step_limit_with_a_conversation_that_can_continue) {
  ChatRequest request = a_request();

  const auto outcome =
      loop_.run(client({calls({call("a")}), calls({call("b")}), text_completion("Four.")}), request,
                {.max_steps = 2});

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, ToolLoopEnd::step_limit);
  EXPECT_EQ(outcome->steps, 2);
  ASSERT_THAT(request.messages, SizeIs(5));
  EXPECT_EQ(result_at(request, 4, 0).tool_call_id, "b");
  const auto rest = loop_.run(client({text_completion("Four.")}), request);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->end, ToolLoopEnd::completed);
  EXPECT_THAT(request.messages, SizeIs(6));
}

TEST_F(ToolLoopTest, keeps_the_conversation_when_a_later_call_fails) {
  ChatRequest request = a_request();

  const auto outcome =
      loop_.run(client({calls({call("a")}),
                        std::unexpected(make_error(ErrorCode::rate_limit_error, "slow down"))}),
                request);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::rate_limit_error);
  EXPECT_THAT(request.messages, SizeIs(3));
}

TEST_F(ToolLoopTest, does_not_run_calls_of_a_response_that_was_cut_short) {
  ChatRequest request = a_request();

  const auto outcome = loop_.run(client({completion(FinishReason::length, {call("a")})}), request);

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
  EXPECT_EQ(outcome->response.choices.at(0).finish_reason, FinishReason::length);
  EXPECT_TRUE(arguments_.empty());
  EXPECT_EQ(result_at(request, 2, 0).status, ToolStatus::error);
}

TEST_F(ToolLoopTest, continues_a_paused_turn_and_leaves_calls_of_system_tools_alone) {
  ToolCallContent server_call = call("s", "web_search");
  server_call.type = "server_tool_use";
  ChatRequest request = a_request();

  const auto outcome = loop_.run(
      client({completion(FinishReason::pause, {server_call}), text_completion("Found.")}), request);

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->response.text(), "Found.");
  EXPECT_THAT(request.messages, SizeIs(3));
}

TEST_F(ToolLoopTest, forces_a_call_in_the_first_response_only) {
  ChatRequest request = a_request();
  request.tool_choice = {.kind = ToolChoice::Kind::one, .name = "double", .parallel_calls = false};

  ASSERT_TRUE(loop_.run(client({calls({call("a")}), text_completion("Four.")}), request));

  EXPECT_EQ(model_->requests().at(0).tool_choice.kind, ToolChoice::Kind::one);
  EXPECT_EQ(model_->requests().at(1).tool_choice, (ToolChoice{.parallel_calls = false}));
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::one);
}

TEST_F(ToolLoopTest, hands_out_the_events_of_every_stream) {
  ChatRequest request = a_request();
  std::vector<std::string> seen;
  const auto note = [&seen](const StreamEvent& event) {
    seen.emplace_back(event.is_delta() ? "delta" : event.is_done() ? "done" : "error");
  };

  const auto outcome = loop_.run(client({calls({call("a")}), text_completion("Four.")}), request,
                                 {.on_event = note});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->response.text(), "Four.");
  EXPECT_THAT(arguments_, ElementsAre(R"({"n":2})"));
  EXPECT_THAT(seen, ElementsAre("delta", "done", "delta", "done"));
}

TEST_F(ToolLoopTest, returns_the_error_that_ends_a_stream) {
  ChatRequest request = a_request();
  int errors = 0;

  const auto outcome = loop_.run(
      client({std::unexpected(make_error(ErrorCode::stream_error, "cut"))}), request,
      {.on_event = [&errors](const StreamEvent& event) { errors += event.is_error() ? 1 : 0; }});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::stream_error);
  EXPECT_EQ(errors, 1);
}

TEST_F(ToolLoopTest, runs_no_function_after_it_was_cancelled) {
  std::stop_source source;
  ASSERT_TRUE(loop_.add({.name = "stop"}, [&source](const Json&) -> Result<ToolOutput> {
    source.request_stop();
    return ToolOutput::text("stopping");
  }));
  ChatRequest request = a_request();

  const auto outcome =
      loop_.run(client({calls({call("a", "stop"), call("b")}), text_completion("x")}), request,
                {.call = {.stop = source.get_token()}});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  EXPECT_EQ(outcome.error().message,
            "The tool loop was cancelled. Not every function that the model called was run.");
  EXPECT_TRUE(arguments_.empty());
  ASSERT_THAT(request.messages, SizeIs(3)) << "what has been run is not forgotten";
  const auto& results = request.messages.back().content;
  ASSERT_THAT(results, SizeIs(2));
  EXPECT_EQ(std::get<ToolResultContent>(results.at(0)).status, ToolStatus::success);
  EXPECT_EQ(std::get<ToolResultContent>(results.at(1)).status, ToolStatus::error);
}

TEST_F(ToolLoopTest, offers_system_tools_too) {
  ChatRequest request = a_request();
  request.tools = {{.name = "nova_code_interpreter", .system = true}};

  const auto outcome = loop_.run(client({text_completion("Four.")}), request);

  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_THAT(model_->requests().at(0).tools, SizeIs(2));
  EXPECT_EQ(model_->requests().at(0).tools.at(0).name, "nova_code_interpreter");
}

TEST_F(ToolLoopTest, refuses_wrong_use) {
  const auto code_of = [](const auto& result) {
    return result ? std::string("none") : std::string(to_string(result.error().code));
  };
  ChatRequest with_tools = a_request();
  with_tools.tools.push_back({.name = "other"});
  ChatRequest request = a_request();
  const ToolFunction function = [](const Json&) { return ToolOutput::text("x"); };

  EXPECT_EQ(code_of(loop_.add({.name = "double"}, function)), "configuration_error");
  EXPECT_EQ(code_of(loop_.add({}, function)), "configuration_error");
  EXPECT_EQ(code_of(loop_.add({.name = "f"}, {})), "configuration_error");
  EXPECT_EQ(code_of(loop_.run(client({}), with_tools)), "configuration_error");
  EXPECT_EQ(code_of(loop_.run(client({}), request, {.max_steps = 0})), "configuration_error");
}

}  // namespace
}  // namespace llm
