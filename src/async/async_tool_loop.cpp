#include <algorithm>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <llm/async_tool_loop.hpp>

#include "async/blocking_calls.hpp"
#include "async/context.hpp"
#include "async/join.hpp"
#include "async/pending_call.hpp"
#include "base/errors.hpp"
#include "base/time.hpp"
#include "llm/tool_turn.hpp"

namespace llm {

struct AsyncToolLoop::Registered {
  Tool tool{};
  std::variant<ToolFunction, AsyncToolFunction> function{};
};

namespace {

using async_parts::Join;
using async_parts::JoinEnd;

/// Runs a function on a thread of the loop, unless nobody waits for it any more.
CallAwaitable<ToolOutput> run_on_thread(loop::Core& core,
                                        std::shared_ptr<const ToolFunction> function,
                                        Json arguments) {
  auto work = [function = std::move(function),
               arguments = std::move(arguments)](const std::stop_token& stop) {
    if (stop.stop_requested()) {
      return Result<ToolOutput>(std::unexpected(base::cancelled("The tool")));
    }
    try {
      return (*function)(arguments);
    } catch (...) {
      return Result<ToolOutput>(std::unexpected(base::thrown_by("The tool")));
    }
  };
  return CallAwaitable<ToolOutput>(
      [&core, work = std::move(work)](Callback<void(Result<ToolOutput>)> done) mutable {
        auto call = std::make_shared<async_parts::PendingCall<ToolOutput>>(core, std::move(done));
        call->start({}, [&](Callback<void(Result<ToolOutput>)> own) {
          return async_parts::run_blocking<ToolOutput>(core, std::move(work), std::move(own));
        });
        return CallHandle(call);
      });
}

/// Awaits a function on the loop.
Task<Result<ToolOutput>> run_on_loop(std::shared_ptr<const AsyncToolFunction> function,
                                     Json arguments) {
  try {
    Task<Result<ToolOutput>> task = (*function)(std::move(arguments));
    Result<ToolOutput> output = co_await task;
    co_return output;
  } catch (...) {
    co_return std::unexpected(base::thrown_by("The tool"));
  }
}

Result<void> check_options(const AsyncToolLoopOptions& options) {
  if (options.timeout && options.timeout->count() <= 0) {
    return base::configuration_error("The timeout of the tool loop must be greater than 0.");
  }
  if (options.max_cost_usd && !(*options.max_cost_usd > 0)) {
    return base::configuration_error("max_cost_usd must be greater than 0.");
  }
  return {};
}

}  // namespace

/// One run of the loop.
class AsyncToolLoop::Run {
 public:
  Run(Functions functions, AsyncClient client, ChatRequest& request, AsyncToolLoopOptions options)
      : functions_(std::move(functions)),
        client_(std::move(client)),
        core_(client_.context().loop),
        options_(std::move(options)),
        run_(request, tools_of(functions_)) {
    limits_.stop = std::exchange(options_.call.stop, {});
    if (options_.timeout) {
      limits_.until = base::deadline(core_.read_clock(), *options_.timeout);
    }
  }

  Task<Result<ToolLoopOutcome>> finish() {
    while (true) {
      Task<Result<ChatResponse>> request = request_completion();
      Result<ChatResponse> response = co_await request;
      if (!response) co_return std::unexpected(std::move(response.error()));
      ToolTurn turn = run_.take(*response);
      const bool is_unfinished = turn.is_unfinished;
      Task<Result<void>> handling = handle(std::move(turn));
      Result<void> handled = co_await handling;
      if (!handled) co_return std::unexpected(std::move(handled.error()));
      Result<std::optional<ToolLoopEnd>> end = end_after(is_unfinished);
      if (!end) co_return std::unexpected(std::move(end.error()));
      if (*end) co_return std::move(run_).finish(**end, *std::move(response));
    }
  }

 private:
  static std::vector<Tool> tools_of(const Functions& functions) {
    std::vector<Tool> tools;
    for (const auto& entry : functions) tools.push_back(entry->tool);
    return tools;
  }

  Task<Result<ChatResponse>> request_completion() {
    std::optional<Result<ChatResponse>> response;
    std::vector<Task<void>> tasks;
    tasks.push_back(options_.on_event ? stream_into(response) : call_into(response));
    Join join(core_, std::move(tasks), limits_);
    const JoinEnd end = co_await join;
    if (end != JoinEnd::finished) co_return std::unexpected(error_of(end));
    co_return *std::move(response);
  }

  Task<void> call_into(std::optional<Result<ChatResponse>>& response) {
    CallAwaitable<ChatResponse> call = client_.chat_completion(run_.request(), options_.call);
    Result<ChatResponse> own = co_await call;
    response = std::move(own);
  }

  Task<void> stream_into(std::optional<Result<ChatResponse>>& response) {
    AsyncChatStream stream = client_.stream_chat_completion(run_.request(), options_.call);
    Accumulator accumulator;
    while (!response) {
      AsyncChatStream::NextAwaitable next = stream.next();
      const StreamEvent* const event = co_await next;
      options_.on_event(*event);
      if (event->is_delta()) {
        accumulator.add(event->delta());
      } else if (event->is_done()) {
        response = accumulator.finish(event->done());
      } else {
        response = std::unexpected(event->error());
      }
    }
  }

  /// Runs the calls of a turn and appends its message and their results.
  Task<Result<void>> handle(ToolTurn turn) {
    std::vector<std::optional<ToolResultContent>> results(turn.calls.size());
    JoinEnd end = JoinEnd::finished;
    if (turn.may_run && !turn.calls.empty()) {
      Task<JoinEnd> running = run_calls(turn.calls, results);
      end = co_await running;
    }
    const std::string why_not(end == JoinEnd::finished ? kCutShort
                              : end == JoinEnd::stopped
                                  ? "Not finished: cancelled."
                                  : "Not finished: the time limit has passed.");
    std::vector<ToolResultContent> complete;
    bool is_complete = true;
    for (std::size_t i = 0; i < results.size(); ++i) {
      is_complete = is_complete && results[i];
      complete.push_back(results[i] ? *std::move(results[i])
                                    : error_result(turn.calls[i], why_not));
    }
    run_.append(std::move(turn), std::move(complete));
    if (end == JoinEnd::finished) co_return Result<void>();
    Error error = error_of(end);
    if (!is_complete) {
      base::add_sentence("Not every function that the model called has finished.", error);
    }
    co_return std::unexpected(std::move(error));
  }

  /// Sets the results of those that ended.
  Task<JoinEnd> run_calls(const std::vector<ToolCallContent>& calls,
                          std::vector<std::optional<ToolResultContent>>& results) {
    std::vector<Task<void>> tasks;
    tasks.reserve(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) tasks.push_back(run_call(calls[i], results[i]));
    Join join(core_, std::move(tasks), limits_);
    const JoinEnd end = co_await join;
    co_return end;
  }

  Task<void> run_call(const ToolCallContent& call, std::optional<ToolResultContent>& result) {
    const std::shared_ptr<const Registered> entry = find(call.name);
    if (entry == nullptr) {
      result = run_.unknown_name_result(call);
      co_return;
    }
    if (const auto* const blocking = std::get_if<ToolFunction>(&entry->function)) {
      CallAwaitable<ToolOutput> running = run_on_thread(core_, {entry, blocking}, call.arguments);
      Result<ToolOutput> output = co_await running;
      result = result_of(call, std::move(output));
      co_return;
    }
    Task<Result<ToolOutput>> running =
        run_on_loop({entry, &std::get<AsyncToolFunction>(entry->function)}, call.arguments);
    Result<ToolOutput> output = co_await running;
    result = result_of(call, std::move(output));
  }

  [[nodiscard]] std::shared_ptr<const Registered> find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        functions_, [name](const auto& entry) { return entry->tool.name == name; });
    return found == functions_.end() ? nullptr : *found;
  }

  /// How the run ends after a turn; nullopt: the model is called again.
  [[nodiscard]] Result<std::optional<ToolLoopEnd>> end_after(bool is_unfinished) const {
    if (!is_unfinished) return ToolLoopEnd::completed;
    if (run_.so_far().steps == options_.max_steps) return ToolLoopEnd::step_limit;
    if (!options_.max_cost_usd) return std::nullopt;
    const std::optional<double> cost = run_.so_far().cost_usd;
    if (!cost) {
      return std::unexpected(make_error(
          ErrorCode::unsupported_feature,
          "The cost limit of the tool loop cannot be kept: the cost of a response is unknown.",
          "Run without max_cost_usd, or give the catalogue a price for the model."));
    }
    if (*cost >= *options_.max_cost_usd) return ToolLoopEnd::cost_limit;
    return std::nullopt;
  }

  [[nodiscard]] Error error_of(JoinEnd end) const {
    if (end == JoinEnd::stopped) return base::cancelled("The tool loop");
    return base::time_limit_passed(base::TimeLimit::total, "The tool loop", *options_.timeout);
  }

  Functions functions_;
  AsyncClient client_;
  loop::Core& core_;
  AsyncToolLoopOptions options_;
  async_parts::Limits limits_;
  ToolRun run_;
};

template <typename Function>
Result<void> AsyncToolLoop::add_function(Tool tool, Function function) {
  const bool is_taken = std::ranges::any_of(
      functions_, [&tool](const auto& entry) { return entry->tool.name == tool.name; });
  if (auto allowed = check_registration(tool, static_cast<bool>(function), is_taken); !allowed) {
    return allowed;
  }
  functions_.push_back(std::make_shared<const Registered>(std::move(tool), std::move(function)));
  return {};
}

Result<void> AsyncToolLoop::add(Tool tool, ToolFunction function) {
  return add_function(std::move(tool), std::move(function));
}

Result<void> AsyncToolLoop::add(Tool tool, AsyncToolFunction function) {
  return add_function(std::move(tool), std::move(function));
}

Task<Result<ToolLoopOutcome>> AsyncToolLoop::run(AsyncClient client, ChatRequest& request,
                                                 AsyncToolLoopOptions options) const {
  return start(functions_, std::move(client), request, std::move(options));
}

Task<Result<ToolLoopOutcome>> AsyncToolLoop::start(Functions functions, AsyncClient client,
                                                   ChatRequest& request,
                                                   AsyncToolLoopOptions options) {
  Result<void> allowed = check_run(request, options.max_steps);
  if (allowed) allowed = check_options(options);
  if (!client.context().loop.is_of_this_process()) {
    allowed = std::unexpected(loop::foreign_loop_error());
  }
  if (!allowed) co_return std::unexpected(std::move(allowed.error()));
  Run run(std::move(functions), std::move(client), request, std::move(options));
  Task<Result<ToolLoopOutcome>> running = run.finish();
  Result<ToolLoopOutcome> outcome = co_await running;
  co_return outcome;
}

}  // namespace llm
