#include "local/script/scripted_completion.hpp"

#include "local/model/tokens.hpp"

namespace llm::local {

std::string text_to_match(const Prompt& prompt) {
  std::string text = prompt.user_text;
  for (const ToolResult& result : prompt.tool_results) text += "\n" + result.text;
  return text;
}

Completion scripted_completion(const ScriptedCompletion& script, const Prompt& prompt) {
  Completion completion{.reasoning = script.reasoning, .prompt_tokens = prompt.prompt_tokens};
  completion.completion_tokens = count_tokens(script.reasoning) + count_tokens(script.text);
  if (!script.text.empty()) {
    completion.blocks.push_back(TextBlock{.text = script.text, .citations = script.citations});
  }
  for (const ScriptedToolCall& call : script.tool_calls) {
    completion.completion_tokens += kCallOverheadTokens + count_tokens(call.arguments.text());
    completion.blocks.push_back(
        ToolCallBlock{.tool = call.name, .arguments = call.arguments.text()});
  }
  const StopReason natural =
      script.tool_calls.empty() ? StopReason::end_turn : StopReason::tool_use;
  completion.stop_reason = script.stop_reason.value_or(natural);
  if (completion.stop_reason == StopReason::stop_sequence && !prompt.stop_sequences.empty()) {
    completion.stop_sequence = prompt.stop_sequences.front();
  }
  completion.latency = script.latency;
  if (script.trace) completion.trace = script.trace->text();
  return completion;
}

void apply_usage(const ScriptedUsage& usage, Completion& completion) {
  completion.prompt_tokens = usage.input_tokens.value_or(completion.prompt_tokens);
  completion.completion_tokens = usage.output_tokens.value_or(completion.completion_tokens);
  CacheUsage& cache = completion.cache;
  cache.read = usage.cache_read_tokens.value_or(cache.read);
  if (usage.cache_write_tokens) {
    cache.written = *usage.cache_write_tokens;
    cache.written_for_an_hour = 0;
  }
  cache.reported = cache.reported || usage.cache_read_tokens || usage.cache_write_tokens;
}

}  // namespace llm::local
