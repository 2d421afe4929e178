#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/client.hpp>
#include <llm/error.hpp>
#include <llm/json.hpp>
#include <llm/message.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>
#include <llm/tool.hpp>

namespace llm {

/// What a function returns to the model.
struct ToolOutput {
  std::vector<ToolResultPart> content{};

  [[nodiscard]] static ToolOutput text(std::string text);
  [[nodiscard]] static ToolOutput json(Json json);
};

/// A function that a model may call. `arguments` is the JSON that the model wrote, usually an
/// object: validate it. An error is sent to the model as the tool's result and does not end the
/// loop. An exception propagates out of `run`, which then has appended nothing of that step.
using ToolFunction = std::function<Result<ToolOutput>(const Json& arguments)>;

/// How to run a tool loop.
struct ToolLoopOptions {
  int max_steps = 10;  ///< Maximum number of model calls in one run, at least 1.
  CallOptions call{};  ///< For each call; `stop` also ends the loop between functions.
  /// If set, responses are streamed, and it is called with every event, on the thread of `run`.
  std::function<void(const StreamEvent&)> on_event{};
};

/// How a tool loop ended.
enum class ToolLoopEnd {
  completed,   ///< The model calls no more tools; see the finish reason of its last response.
  step_limit,  ///< `max_steps` is reached and the model wants to go on; run again to continue.
  /// `AsyncToolLoopOptions::max_cost_usd` is reached and the model wants to go on; only
  /// AsyncToolLoop.
  cost_limit,
};

/// The outcome of a tool loop.
struct ToolLoopOutcome {
  ToolLoopEnd end = ToolLoopEnd::completed;
  ChatResponse response{};           ///< The model's last response.
  int steps = 0;                     ///< Number of model calls.
  Usage usage{};                     ///< Sum over all steps; unset where a step did not report it.
  std::optional<double> cost_usd{};  ///< Sum over all steps; unset if one is unknown.
};

/// Functions that a model may call, and the loop that runs them until it calls no more. `run` may
/// be called from many threads at once if the functions may be.
class ToolLoop {
 public:
  /// Registers a function.
  /// Errors: configuration_error for an empty function, or a name that is empty or taken.
  [[nodiscard]] Result<void> add(Tool tool, ToolFunction function);

  /// Sends the request. As long as the model calls tools, runs the functions one after another on
  /// this thread, sends their results and calls the model again. Each message of the model and the
  /// results of its calls are appended to `request.messages` together as they arrive, even if an
  /// error or the step limit follows, so that the conversation can be continued. The model gets an
  /// error result, and no function runs, for a call of an unknown name, in a truncated message, or
  /// after a stop. A tool choice that forces a call applies to the first step only.
  /// Errors: configuration_error if `request.tools` contains any but the service's own tools
  /// (`Tool::system`; the caller's are registered with `add`) or `max_steps` is below 1; cancelled;
  /// any error of the client.
  [[nodiscard]] Result<ToolLoopOutcome> run(const Client& client, ChatRequest& request,
                                            const ToolLoopOptions& options = {}) const;

 private:
  struct Registered {
    Tool tool{};
    ToolFunction function{};
  };
  class Run;

  [[nodiscard]] std::vector<Tool> tools() const;
  [[nodiscard]] const Registered* find(std::string_view name) const;

  std::vector<Registered> functions_;
};

}  // namespace llm
