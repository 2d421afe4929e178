#include <algorithm>
#include <string>
#include <utility>

#include <llm/tool_loop.hpp>

#include "base/errors.hpp"
#include "llm/tool_turn.hpp"

namespace llm {

/// One run of the loop.
class ToolLoop::Run {
 public:
  Run(const ToolLoop& loop, const Client& client, ChatRequest& request,
      const ToolLoopOptions& options)
      : loop_(loop), client_(client), options_(options), run_(request, loop.tools()) {}

  Result<ToolLoopOutcome> finish() && {
    for (;;) {
      Result<ChatResponse> response = request_completion();
      if (!response) return std::unexpected(std::move(response.error()));
      ToolTurn turn = run_.take(*response);
      const bool is_unfinished = turn.is_unfinished;
      const Result<void> handled = handle(std::move(turn));
      if (!handled) return std::unexpected(handled.error());
      if (!is_unfinished)
        return std::move(run_).finish(ToolLoopEnd::completed, *std::move(response));
      if (run_.so_far().steps == options_.max_steps) {
        return std::move(run_).finish(ToolLoopEnd::step_limit, *std::move(response));
      }
    }
  }

 private:
  Result<ChatResponse> request_completion() const {
    if (!options_.on_event) return client_.chat_completion(run_.request(), options_.call);
    ChatStream stream = client_.stream_chat_completion(run_.request(), options_.call);
    for (const StreamEvent& event : stream) options_.on_event(event);
    return stream.collect();
  }

  /// Appends the message of a turn and the results of its calls.
  Result<void> handle(ToolTurn turn) {
    std::string_view why_not = turn.may_run ? std::string_view() : kCutShort;
    std::vector<ToolResultContent> results;
    bool cancelled = false;
    for (const ToolCallContent& call : turn.calls) {
      cancelled = options_.call.stop.stop_requested();
      if (cancelled) why_not = "Not run: cancelled.";
      results.push_back(why_not.empty() ? run(call) : error_result(call, std::string(why_not)));
    }
    run_.append(std::move(turn), std::move(results));
    if (!cancelled) return {};
    Error error = base::cancelled("The tool loop");
    base::add_sentence("Not every function that the model called was run.", error);
    return std::unexpected(std::move(error));
  }

  [[nodiscard]] ToolResultContent run(const ToolCallContent& call) const {
    const Registered* const entry = loop_.find(call.name);
    if (entry == nullptr) return run_.unknown_name_result(call);
    return result_of(call, entry->function(call.arguments));
  }

  const ToolLoop& loop_;
  const Client& client_;
  const ToolLoopOptions& options_;
  ToolRun run_;
};

Result<void> ToolLoop::add(Tool tool, ToolFunction function) {
  const bool is_taken = find(tool.name) != nullptr;
  if (auto allowed = check_registration(tool, static_cast<bool>(function), is_taken); !allowed) {
    return allowed;
  }
  functions_.push_back({std::move(tool), std::move(function)});
  return {};
}

Result<ToolLoopOutcome> ToolLoop::run(const Client& client, ChatRequest& request,
                                      const ToolLoopOptions& options) const {
  if (auto allowed = check_run(request, options.max_steps); !allowed) {
    return std::unexpected(std::move(allowed.error()));
  }
  return Run(*this, client, request, options).finish();
}

std::vector<Tool> ToolLoop::tools() const {
  std::vector<Tool> tools;
  tools.reserve(functions_.size());
  for (const Registered& entry : functions_) tools.push_back(entry.tool);
  return tools;
}

const ToolLoop::Registered* ToolLoop::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      functions_, [name](const Registered& entry) { return entry.tool.name == name; });
  return found == functions_.end() ? nullptr : &*found;
}

}  // namespace llm
