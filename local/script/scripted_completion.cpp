#include "local/script/scripted_completion.hpp"

#include "local/model/tokens.hpp"

namespace llm::local {

std::string prompt_of(const Prompt& conversation) {
  std::string prompt = conversation.question;
  for (const ToolReply& reply : conversation.tool_replies) prompt += "\n" + reply.text;
  return prompt;
}

Completion scripted_completion(const ScriptedCompletion& script, const Prompt& conversation) {
  Completion answer{.reasoning = script.reasoning, .prompt_tokens = conversation.prompt_tokens};
  answer.completion_tokens = count_tokens(script.reasoning) + count_tokens(script.text);
  if (!script.text.empty()) answer.blocks.push_back(TextBlock{script.text});
  for (const ScriptedToolCall& call : script.tool_calls) {
    answer.completion_tokens += kCallOverheadTokens + count_tokens(call.arguments.text());
    answer.blocks.push_back(CallBlock{.tool = call.name, .arguments = call.arguments.text()});
  }
  const StopReason natural =
      script.tool_calls.empty() ? StopReason::end_turn : StopReason::tool_use;
  answer.stop_reason = script.stop_reason.value_or(natural);
  if (answer.stop_reason == StopReason::stop_sequence && !conversation.stop_sequences.empty()) {
    answer.stop_sequence = conversation.stop_sequences.front();
  }
  return answer;
}

}  // namespace llm::local
