#include "local/script/scripted_completion.hpp"

#include "local/model/tokens.hpp"

namespace llm::local {

std::string prompt_of(const Conversation& conversation) {
  std::string prompt = conversation.question;
  for (const ToolReply& reply : conversation.tool_replies) prompt += "\n" + reply.text;
  return prompt;
}

Answer scripted_answer(const ScriptedAnswer& script, const Conversation& conversation) {
  Answer answer{.reasoning = script.reasoning, .prompt_tokens = conversation.prompt_tokens};
  answer.answer_tokens = count_tokens(script.reasoning) + count_tokens(script.text);
  if (!script.text.empty()) answer.blocks.push_back(TextBlock{script.text});
  for (const ScriptedCall& call : script.tool_calls) {
    answer.answer_tokens += kCallOverheadTokens + count_tokens(call.arguments.text());
    answer.blocks.push_back(CallBlock{.tool = call.name, .arguments = call.arguments.text()});
  }
  const Ending natural = script.tool_calls.empty() ? Ending::finished : Ending::tool_calls;
  answer.ending = script.ending.value_or(natural);
  if (answer.ending == Ending::stop_sequence && !conversation.stop_sequences.empty()) {
    answer.stop_sequence = conversation.stop_sequences.front();
  }
  return answer;
}

}  // namespace llm::local
