#include <algorithm>
#include <string>
#include <utility>

#include <llm/tool_loop.hpp>

#include "base/errors.hpp"

namespace llm {
namespace {

template <typename Number>
void add_known(const std::optional<Number>& number, std::optional<Number>& sum) {
  sum = sum && number ? std::optional(*sum + *number) : std::nullopt;
}

void add_usage(const Usage& usage, Usage& sum) {
  add_known(usage.prompt_tokens, sum.prompt_tokens);
  add_known(usage.completion_tokens, sum.completion_tokens);
  add_known(usage.total_tokens, sum.total_tokens);
  add_known(usage.cache_read_tokens, sum.cache_read_tokens);
  add_known(usage.cache_write_tokens, sum.cache_write_tokens);
  for (const auto& [ttl, tokens] : usage.cache_write_tokens_by_ttl) {
    sum.cache_write_tokens_by_ttl[ttl] += tokens;
  }
}

bool forces_a_call(const ToolChoice& choice) {
  return choice.kind == ToolChoice::Kind::any || choice.kind == ToolChoice::Kind::one;
}

// A response that was cut short may have calls with incomplete arguments.
bool may_run_calls_of(FinishReason reason) {
  return reason == FinishReason::tool_calls || reason == FinishReason::stop;
}

ToolResultContent error_result(const ToolCallContent& call, std::string why) {
  ToolResultContent result{.tool_call_id = call.id, .status = ToolStatus::error};
  result.content.emplace_back(TextContent{std::move(why)});
  return result;
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

/// One run of the loop.
class ToolLoop::Run {
 public:
  Run(const ToolLoop& loop, const Client& client, ChatRequest& request,
      const ToolLoopOptions& options)
      : loop_(loop),
        client_(client),
        options_(options),
        history_(request.messages),
        request_(request) {
    for (const Registered& entry : loop.functions_) request_.tools.push_back(entry.tool);
  }

  Result<ToolLoopOutcome> finish() && {
    for (;;) {
      Result<ChatResponse> response = request_completion();
      if (!response) return std::unexpected(std::move(response.error()));
      count(*response);
      Result<bool> is_unfinished = handle(*response);
      if (!is_unfinished) return std::unexpected(std::move(is_unfinished.error()));
      const bool is_last = outcome_.steps == options_.max_steps;
      if (*is_unfinished && !is_last) continue;
      outcome_.end = *is_unfinished ? ToolLoopEnd::step_limit : ToolLoopEnd::completed;
      outcome_.response = std::move(*response);
      return std::move(outcome_);
    }
  }

 private:
  Result<ChatResponse> request_completion() const {
    if (!options_.on_event) return client_.chat_completion(request_, options_.call);
    ChatStream stream = client_.stream_chat_completion(request_, options_.call);
    for (const StreamEvent& event : stream) options_.on_event(event);
    return stream.collect();
  }

  void count(const ChatResponse& response) {
    if (outcome_.steps++ == 0) {
      outcome_.usage = response.usage;
      outcome_.cost_usd = response.details.cost_usd;
      return;
    }
    add_usage(response.usage, outcome_.usage);
    add_known(response.details.cost_usd, outcome_.cost_usd);
  }

  /// Appends a response and the results of its calls. True when the model is to be called again.
  Result<bool> handle(const ChatResponse& response) {
    if (response.choices.empty() || response.choices.front().message.content.empty()) return false;
    const Choice& choice = response.choices.front();
    const std::vector<ToolCallContent> calls = calls_of(choice.message);
    const bool may_run = may_run_calls_of(choice.finish_reason);
    Message results{.role = Role::tool};
    std::string why_not = may_run ? "" : "Not run: the response was cut short.";
    bool cancelled = false;
    for (const ToolCallContent& call : calls) {
      cancelled = options_.call.stop.stop_requested();
      if (cancelled) why_not = "Not run: cancelled.";
      results.content.emplace_back(why_not.empty() ? run(call) : error_result(call, why_not));
    }
    append(choice.message);
    if (!calls.empty()) append(std::move(results));
    if (cancelled) {
      Error error = base::cancelled("The tool loop");
      base::add_sentence("Not every function that the model called was run.", error);
      return std::unexpected(std::move(error));
    }
    if (forces_a_call(request_.tool_choice)) {
      request_.tool_choice = {.parallel_calls = request_.tool_choice.parallel_calls};
    }
    return choice.finish_reason == FinishReason::pause || (may_run && !calls.empty());
  }

  ToolResultContent run(const ToolCallContent& call) const {
    const Registered* const entry = loop_.find(call.name);
    if (entry == nullptr) return error_result(call, unknown_name(call.name));
    Result<ToolOutput> output = entry->function(call.arguments);
    if (!output) return error_result(call, reason_of(output.error()));
    return {.tool_call_id = call.id,
            .content = std::move(output->content),
            .status = ToolStatus::success};
  }

  [[nodiscard]] std::string unknown_name(std::string_view name) const {
    std::string names;
    for (const Registered& entry : loop_.functions_) {
      names += (names.empty() ? "" : ", ") + entry.tool.name;
    }
    return "There is no tool \"" + std::string(name) + "\". The tools are: " + names + ".";
  }

  void append(Message message) {
    history_.push_back(message);
    request_.messages.push_back(std::move(message));
  }

  const ToolLoop& loop_;
  const Client& client_;
  const ToolLoopOptions& options_;
  std::vector<Message>& history_;
  ChatRequest request_;
  ToolLoopOutcome outcome_;
};

Result<void> ToolLoop::add(Tool tool, ToolFunction function) {
  if (tool.name.empty()) return base::configuration_error("The tool has no name.");
  if (!function) {
    return base::configuration_error("Tool \"" + tool.name + "\" has no function.");
  }
  if (find(tool.name) != nullptr) {
    return base::configuration_error("Tool \"" + tool.name + "\" is already registered.");
  }
  functions_.push_back({std::move(tool), std::move(function)});
  return {};
}

Result<ToolLoopOutcome> ToolLoop::run(const Client& client, ChatRequest& request,
                                      const ToolLoopOptions& options) const {
  if (!std::ranges::all_of(request.tools, &Tool::system)) {
    return base::configuration_error("The request has tools that are not registered.",
                                     "Register them with `add`. The request itself may have "
                                     "system tools only.");
  }
  if (options.max_steps < 1) return base::configuration_error("max_steps must be at least 1.");
  return Run(*this, client, request, options).finish();
}

const ToolLoop::Registered* ToolLoop::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      functions_, [name](const Registered& entry) { return entry.tool.name == name; });
  return found == functions_.end() ? nullptr : &*found;
}

}  // namespace llm
