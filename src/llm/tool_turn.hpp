#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>
#include <llm/tool.hpp>
#include <llm/tool_loop.hpp>

namespace llm {

/// What a response asks a tool loop to do.
struct ToolTurn {
  Message message{};                     ///< The model's; empty: there is nothing to append.
  std::vector<ToolCallContent> calls{};  ///< Without those that the service runs itself.
  bool may_run = false;                  ///< false: the response was cut short, run none of them.
  bool is_unfinished = false;            ///< The model is to be called again.
};

/// What every run of a tool loop keeps: the request, the conversation and the sums. Neither calls
/// the model nor runs functions.
class ToolRun {
 public:
  /// Keeps a reference to `request.messages`, to which it appends. `tools`: those of the caller's
  /// functions.
  ToolRun(ChatRequest& request, std::vector<Tool> tools);

  /// For the next call of the model.
  [[nodiscard]] const ChatRequest& request() const { return request_; }
  /// Sums of the responses so far.
  [[nodiscard]] const ToolLoopOutcome& so_far() const { return outcome_; }

  /// Counts a response.
  [[nodiscard]] ToolTurn take(const ChatResponse& response);
  /// Appends the model's message and the results of its calls, which are in their order.
  void append(ToolTurn turn, std::vector<ToolResultContent> results);
  [[nodiscard]] ToolLoopOutcome finish(ToolLoopEnd end, ChatResponse response) &&;

  /// The result of a call of a name that has no function.
  [[nodiscard]] ToolResultContent unknown_name_result(const ToolCallContent& call) const;

 private:
  void add_message(Message message);

  std::vector<Message>& history_;
  ChatRequest request_;
  std::string names_;  ///< Of the caller's tools, separated by commas.
  ToolLoopOutcome outcome_;
};

/// Why the calls of a response that was cut short have no results.
inline constexpr std::string_view kCutShort = "Not run: the response was cut short.";

/// The result of a call that was not run to its end.
[[nodiscard]] ToolResultContent error_result(const ToolCallContent& call, std::string why);

/// The result of a call that was run.
[[nodiscard]] ToolResultContent result_of(const ToolCallContent& call, Result<ToolOutput> output);

/// Whether a function may be registered. Errors: configuration_error.
[[nodiscard]] Result<void> check_registration(const Tool& tool, bool has_function, bool is_taken);

/// Whether a run may begin. Errors: configuration_error.
[[nodiscard]] Result<void> check_run(const ChatRequest& request, int max_steps);

}  // namespace llm
