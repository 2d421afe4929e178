#include "llm/tool_turn.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/errors.hpp"

namespace llm {
namespace {

template <typename Number>
void add_known(const std::optional<Number>& number, std::optional<Number>& sum) {
  sum = sum && number ? std::optional(*sum + *number) : std::nullopt;
}

// Whether tokens may have been written to the cache for a time that was not reported.
bool has_unknown_cache_time(const Usage& usage) {
  return usage.cache_write_tokens_by_ttl.empty() && usage.cache_write_tokens != 0;
}

// Requires: the sum of `cache_write_tokens` is not updated yet.
void add_cache_writes_by_ttl(const Usage& usage, Usage& sum) {
  auto& by_ttl = sum.cache_write_tokens_by_ttl;
  if (has_unknown_cache_time(usage) || has_unknown_cache_time(sum)) {
    by_ttl.clear();
    return;
  }
  for (const auto& [ttl, tokens] : usage.cache_write_tokens_by_ttl) by_ttl[ttl] += tokens;
}

void add_usage(const Usage& usage, Usage& sum) {
  add_cache_writes_by_ttl(usage, sum);
  add_known(usage.prompt_tokens, sum.prompt_tokens);
  add_known(usage.completion_tokens, sum.completion_tokens);
  add_known(usage.total_tokens, sum.total_tokens);
  add_known(usage.cache_read_tokens, sum.cache_read_tokens);
  add_known(usage.cache_write_tokens, sum.cache_write_tokens);
}

void add_step(const ChatResponse& response, ToolLoopOutcome& outcome) {
  if (outcome.steps++ == 0) {
    outcome.usage = response.usage;
    outcome.cost_usd = response.details.cost_usd;
    return;
  }
  add_usage(response.usage, outcome.usage);
  add_known(response.details.cost_usd, outcome.cost_usd);
}

bool forces_a_call(const ToolChoice& choice) {
  return choice.kind == ToolChoice::Kind::any || choice.kind == ToolChoice::Kind::one;
}

// A response that was cut short may have calls with incomplete arguments.
bool may_run_calls_of(FinishReason reason) {
  return reason == FinishReason::tool_calls || reason == FinishReason::stop;
}

// Never empty: the service refuses blank text.
std::string reason_of(const Error& error) {
  if (error.message.empty()) return std::string(to_string(error.code));
  return error.advice.empty() ? error.message : error.message + ' ' + error.advice;
}

// Without the calls of system tools, which the service runs itself.
std::vector<ToolCallContent> calls_of(const Message& message) {
  std::vector<ToolCallContent> calls = message.tool_calls();
  std::erase_if(calls, [](const ToolCallContent& call) { return !call.type.empty(); });
  return calls;
}

}  // namespace

ToolOutput ToolOutput::text(std::string text) {
  ToolOutput output;
  output.content.emplace_back(TextContent{std::move(text)});
  return output;
}

ToolOutput ToolOutput::json(Json json) {
  ToolOutput output;
  output.content.emplace_back(std::move(json));
  return output;
}

ToolResultContent error_result(const ToolCallContent& call, std::string why) {
  ToolResultContent result{.tool_call_id = call.id, .status = ToolStatus::error};
  result.content.emplace_back(TextContent{std::move(why)});
  return result;
}

ToolResultContent result_of(const ToolCallContent& call, Result<ToolOutput> output) {
  if (!output) return error_result(call, reason_of(output.error()));
  return {.tool_call_id = call.id,
          .content = std::move(output->content),
          .status = ToolStatus::success};
}

Result<void> check_registration(const Tool& tool, bool has_function, bool is_taken) {
  if (tool.name.empty()) return base::configuration_error("The tool has no name.");
  if (!has_function) {
    return base::configuration_error("Tool \"" + tool.name + "\" has no function.");
  }
  if (is_taken) {
    return base::configuration_error("Tool \"" + tool.name + "\" is already registered.");
  }
  return {};
}

Result<void> check_run(const ChatRequest& request, int max_steps) {
  if (!std::ranges::all_of(request.tools, &Tool::system)) {
    return base::configuration_error("The request has tools that are not registered.",
                                     "Register them with `add`. The request itself may have "
                                     "system tools only.");
  }
  if (max_steps < 1) return base::configuration_error("max_steps must be at least 1.");
  return {};
}

ToolRun::ToolRun(ChatRequest& request, std::vector<Tool> tools)
    : history_(request.messages), request_(request) {
  for (const Tool& tool : tools) names_ += (names_.empty() ? "" : ", ") + tool.name;
  std::ranges::move(tools, std::back_inserter(request_.tools));
}

ToolTurn ToolRun::take(const ChatResponse& response) {
  add_step(response, outcome_);
  if (response.choices.empty() || response.choices.front().message.content.empty()) return {};
  const Choice& choice = response.choices.front();
  ToolTurn turn{.message = choice.message,
                .calls = calls_of(choice.message),
                .may_run = may_run_calls_of(choice.finish_reason)};
  turn.is_unfinished =
      choice.finish_reason == FinishReason::pause || (turn.may_run && !turn.calls.empty());
  return turn;
}

void ToolRun::append(ToolTurn turn, std::vector<ToolResultContent> results) {
  if (turn.message.content.empty()) return;
  add_message(std::move(turn.message));
  if (!results.empty()) {
    Message message{.role = Role::tool};
    std::ranges::move(results, std::back_inserter(message.content));
    add_message(std::move(message));
  }
  if (forces_a_call(request_.tool_choice)) {
    request_.tool_choice = {.parallel_calls = request_.tool_choice.parallel_calls};
  }
}

ToolLoopOutcome ToolRun::finish(ToolLoopEnd end, ChatResponse response) && {
  outcome_.end = end;
  outcome_.response = std::move(response);
  return std::move(outcome_);
}

ToolResultContent ToolRun::unknown_name_result(const ToolCallContent& call) const {
  return error_result(call,
                      "No tool is named \"" + call.name + "\". The tools are: " + names_ + ".");
}

void ToolRun::add_message(Message message) {
  history_.push_back(message);
  request_.messages.push_back(std::move(message));
}

}  // namespace llm
