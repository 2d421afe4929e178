#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include <llm/async_client.hpp>
#include <llm/callback.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/json.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>
#include <llm/task.hpp>
#include <llm/tool.hpp>
#include <llm/tool_loop.hpp>

namespace llm {

/// A function that a model may call and that waits on the loop instead of blocking, as a rule a
/// coroutine. Called on the loop's thread. `arguments` is the JSON that the model wrote,
/// usually an object: validate it. An error, or what it throws, is sent to the model as the tool's
/// result. The function object, and with it what a lambda captured, lives as long as a run may use
/// it.
using AsyncToolFunction = std::function<Task<Result<ToolOutput>>(Json arguments)>;

/// How to run an asynchronous tool loop.
struct AsyncToolLoopOptions {
  int max_steps = 10;  ///< Maximum number of model calls in one run, at least 1.
  /// For the whole run, its functions included; above 0. `call.timeout` is for each model call.
  std::optional<std::chrono::milliseconds> timeout{};
  /// No further model call begins once the responses so far have cost this much; above 0. One call
  /// may go beyond it.
  std::optional<double> max_cost_usd{};
  CallOptions call{};  ///< For each model call; `stop` ends the whole run, from any thread.
  /// If set, responses are streamed, and it is called on the loop's thread with the events of all
  /// of them. What it throws leaves the task.
  Callback<void(const StreamEvent&)> on_event{};
};

/// The tool loop of ToolLoop on an event loop: the calls of one response run at the same time, and
/// their results are sent in the order of the calls. Any number of runs may be open at once, on any
/// number of loops; `add` must not be called meanwhile from another thread.
class AsyncToolLoop {
 public:
  /// Registers a function that blocks. It runs on a thread of the loop, many at once, up to
  /// `EventLoopOptions::blocking_threads`. What it throws is sent to the model as its result. It
  /// cannot be ended: when its run is over it goes on, and its result is dropped.
  /// Errors: configuration_error for an empty function, or a name that is empty or taken.
  [[nodiscard]] Result<void> add(Tool tool, ToolFunction function);
  /// Registers a function that is awaited on the loop. When its run ends early it is destroyed
  /// where it waits. Errors: as above.
  [[nodiscard]] Result<void> add(Tool tool, AsyncToolFunction function);

  /// Sends the request with the client, on its loop. `request.messages` grows by the rules of
  /// `ToolLoop::run`: each message of the model together with the results of its calls, also if an
  /// error or a limit follows, so that the conversation can be continued. A call that was not run
  /// to its end gets an error result. What the task throws, and destroying it, leaves out the
  /// messages of the step that it was in.
  ///
  /// Destroying the task closes the model call, destroys awaited functions, and drops what blocking
  /// ones still return; one that waits for a thread may still begin until the loop's next turn.
  /// Requires: `request` outlives the task; this need not. Functions that are added later are for
  /// later runs. Errors: configuration_error for options out of range, or if `request.tools`
  /// contains any but the service's own tools; cancelled, also when the loop is destroyed;
  /// timeout_error; unsupported_feature if `max_cost_usd` is set and the model is to be called
  /// again after a response of unknown cost; any error of the client.
  [[nodiscard]] Task<Result<ToolLoopOutcome>> run(AsyncClient client, ChatRequest& request,
                                                  AsyncToolLoopOptions options = {}) const;

 private:
  struct Registered;
  using Functions = std::vector<std::shared_ptr<const Registered>>;
  class Run;

  [[nodiscard]] static Task<Result<ToolLoopOutcome>> start(Functions functions, AsyncClient client,
                                                           ChatRequest& request,
                                                           AsyncToolLoopOptions options);
  template <typename Function>
  [[nodiscard]] Result<void> add_function(Tool tool, Function function);

  Functions functions_;
};

}  // namespace llm
