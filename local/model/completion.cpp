#include "local/model/completion.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "local/model/sample_json.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxQuoteBytes = 300;

/// `text` in quotation marks; a long one is cut between two characters.
std::string quote(std::string_view text) {
  text = base::trim(text);
  if (text.size() <= kMaxQuoteBytes) return "\"" + std::string(text) + "\"";
  std::size_t end = kMaxQuoteBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "\"" + std::string(text.substr(0, end)) + "…\"";
}

std::string describe(const Image& image) {
  std::string text = std::string(image.media_type) + ", " + std::to_string(image.bytes) + " bytes";
  if (!image.size) return text;
  return text + ", " + std::to_string(image.size->width) + " x " +
         std::to_string(image.size->height) + " pixels";
}

/// Whether the user's text names the tool, ignoring case, with spaces for `_` and `-` allowed.
bool names(std::string_view user_text, std::string_view tool) {
  const std::string text = base::to_lower(user_text);
  std::string name = base::to_lower(tool);
  if (text.contains(name)) return true;
  std::ranges::replace_if(name, [](char c) { return c == '_' || c == '-'; }, ' ');
  return text.contains(name);
}

/// The tools to call, in the order offered.
std::vector<const OfferedTool*> tools_to_call(const Prompt& prompt) {
  std::vector<const OfferedTool*> called;
  if (prompt.tool_use == ToolUse::none) return called;
  // After the results of its calls a model writes text and does not repeat them.
  if (!prompt.tool_results.empty() && prompt.tool_use == ToolUse::automatic) {
    return called;
  }
  for (const OfferedTool& tool : prompt.tools) {
    const bool is_called = prompt.forced_tool.empty() ? names(prompt.user_text, tool.name)
                                                      : tool.name == prompt.forced_tool;
    if (is_called) called.push_back(&tool);
  }
  if (called.empty() && prompt.tool_use == ToolUse::required && !prompt.tools.empty()) {
    called.push_back(&prompt.tools.front());
  }
  if (called.size() > 1 && !prompt.parallel_tools) called.resize(1);
  return called;
}

std::string compose(const Prompt& prompt, std::string_view model_id) {
  std::string text(prompt.leading_space);
  text += "This is the local Bedrock, standing in for " + std::string(model_id) +
          ": no model has run, and nothing has left this machine.";
  for (const ToolResult& reply : prompt.tool_results) {
    text += "\n\nThe tool " + (reply.tool.empty() ? std::string("you called") : reply.tool) +
            " replied: " + quote(reply.text);
  }
  if (!base::is_blank(prompt.user_text)) {
    text += "\n\nYou asked: " + quote(prompt.user_text);
  }
  for (const Image& image : prompt.images) {
    text += "\n\nYou sent an image: " + describe(image);
  }
  if (!prompt.tools.empty() && prompt.tool_results.empty()) {
    text += "\n\nYou offered the tool " + prompt.tools.front().name +
            ". Name it in your question, and I will call it.";
  }
  return text + "\n\nAmazon Bedrock would return a real completion in the same format.";
}

/// Cuts at the first stop sequence. False when there is none.
bool apply_stop_sequences(const std::vector<std::string>& sequences, std::string& text,
                          Completion& completion) {
  std::size_t first = std::string::npos;
  for (const std::string& sequence : sequences) {
    const std::size_t at = sequence.empty() ? std::string::npos : text.find(sequence);
    if (at >= first) continue;
    first = at;
    completion.stop_sequence = sequence;
  }
  if (first == std::string::npos) return false;
  text.resize(first);
  completion.stop_reason = StopReason::stop_sequence;
  return true;
}

/// Adds as much of the text as the budget allows. False when the completion ends here.
bool add_text(const Prompt& prompt, std::string text, Completion& completion) {
  const std::int64_t left = prompt.max_tokens - completion.completion_tokens;
  const bool cut = count_tokens(text) > left;
  if (cut) text = std::string(first_tokens(text, left));
  const bool stopped = apply_stop_sequences(prompt.stop_sequences, text, completion);
  completion.completion_tokens += count_tokens(text);
  if (!text.empty()) completion.blocks.push_back(TextBlock{std::move(text)});
  if (cut && !stopped) completion.stop_reason = StopReason::max_tokens;
  return !cut && !stopped;
}

/// Adds the reasoning if the budget allows all of it.
void add_reasoning(const Prompt& prompt, Completion& completion) {
  constexpr std::string_view kReasoning =
      "Reasoning was requested. The local Bedrock has nothing to reason about: it repeats what it "
      "was asked and calls the tools that are named.";
  const std::int64_t cost = count_tokens(kReasoning);
  if (cost >= prompt.max_tokens) return;
  completion.reasoning = kReasoning;
  completion.completion_tokens += cost;
}

/// Adds as much of the call as the budget allows. False when the completion ends here.
bool add_call(const Prompt& prompt, const OfferedTool& tool, Completion& completion) {
  const std::int64_t left = prompt.max_tokens - completion.completion_tokens;
  ToolCallBlock call{.tool = tool.name, .arguments = sample_arguments(tool.schema)};
  const std::int64_t cost = kCallOverheadTokens + count_tokens(call.arguments);
  if (cost <= left) {
    completion.completion_tokens += cost;
    completion.blocks.push_back(std::move(call));
    completion.stop_reason = StopReason::tool_use;
    return true;
  }
  completion.completion_tokens = prompt.max_tokens;
  completion.stop_reason = StopReason::max_tokens;
  if (left > kCallOverheadTokens) {
    call.arguments = std::string(first_tokens(call.arguments, left - kCallOverheadTokens));
    call.complete = false;
    completion.blocks.push_back(std::move(call));
  }
  return false;
}

}  // namespace

std::string Completion::text() const {
  std::string all;
  for (const Block& block : blocks) {
    if (const auto* text = std::get_if<TextBlock>(&block)) all += text->text;
  }
  return all;
}

Completion complete(const Prompt& prompt, std::string_view model_id) {
  Completion result{.prompt_tokens = prompt.prompt_tokens};
  if (prompt.thinking) add_reasoning(prompt, result);
  const std::vector<const OfferedTool*> called = tools_to_call(prompt);
  if (called.empty()) {
    (void)add_text(
        prompt,
        prompt.structured_output.empty() ? compose(prompt, model_id) : prompt.structured_output,
        result);
    return result;
  }

  // Claude writes no text before a call that the request requires.
  const bool announced = prompt.tool_use == ToolUse::automatic;
  if (announced && !add_text(prompt, "I will call " + called.front()->name + ".", result)) {
    return result;
  }
  for (const OfferedTool* tool : called) {
    if (!add_call(prompt, *tool, result)) break;
  }
  return result;
}

}  // namespace llm::local
