#pragma once

#include <functional>
#include <optional>
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

/// What a function answers to the model.
struct ToolOutput {
  std::vector<ToolResultPart> content{};

  [[nodiscard]] static ToolOutput text(std::string text);
  [[nodiscard]] static ToolOutput json(Json json);
};

/// A function that a model may call, with the JSON object that it wrote as arguments: check them,
/// the model may have got them wrong. An error goes back to the model, its message as the tool's
/// answer; it does not end the loop. An exception passes through `run`, which then has appended
/// nothing of that answer.
using ToolFunction = std::function<Result<ToolOutput>(const Json& arguments)>;

/// How to run a tool loop.
struct ToolLoopOptions {
  int max_steps = 10;  ///< Most answers of the model in one run, at least 1.
  CallOptions call{};  ///< Of each call; `stop` ends the loop between functions too.
  /// Not empty: answers are streamed, and every event of each is handed out, on the thread of
  /// `run`.
  std::function<void(const StreamEvent&)> on_event{};
};

/// How a tool loop ended.
enum class ToolLoopEnd {
  answered,    ///< The model calls no more; its finish reason says why it stopped.
  step_limit,  ///< `max_steps` answers came and the last one called; run again to go on.
};

/// What a tool loop came to.
struct ToolLoopOutcome {
  ToolLoopEnd end = ToolLoopEnd::answered;
  ChatResponse response{};           ///< The model's last answer.
  int steps = 0;                     ///< Answers of the model.
  Usage usage{};                     ///< Of all answers; unset where one of them did not say.
  std::optional<double> cost_usd{};  ///< Of all answers; unset: that of one is unknown.
};

/// Functions that a model may call, and the loop that runs them until it calls no more. `run` is
/// safe from many threads when the functions are.
class ToolLoop {
 public:
  /// Registers a function.
  /// Errors: configuration_error for an empty function, or a name that is empty or taken.
  [[nodiscard]] Result<void> add(Tool tool, ToolFunction function);

  /// Asks; while the model calls, runs the functions one after another on this thread, sends back
  /// what they answer and asks again. Answers and results are appended to `request.messages` as
  /// they come, also before an error or the step limit, so that the conversation can go on from
  /// there: a call and its result always together. A call by an unknown name gets an error result;
  /// so does, without being run, each call in an answer that was cut short or after a stop. A tool
  /// choice that forces a call counts for the first answer only.
  /// Errors: configuration_error when `request.tools` has others than the service's own
  /// (`Tool::system`; the caller's are the registered ones), or `max_steps` is below 1; cancelled;
  /// any of the client's.
  [[nodiscard]] Result<ToolLoopOutcome> run(const Client& client, ChatRequest& request,
                                            const ToolLoopOptions& options = {}) const;

 private:
  struct Registered {
    Tool tool{};
    ToolFunction function{};
  };
  class Run;

  [[nodiscard]] const Registered* find(std::string_view name) const;

  std::vector<Registered> functions_;
};

}  // namespace llm
