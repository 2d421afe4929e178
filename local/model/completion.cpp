#include "local/model/completion.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "local/model/sample_json.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxQuoteBytes = 300;

/// `text` in quotation marks, cut at a character when it is long.
std::string quote(std::string_view text) {
  text = base::trim(text);
  if (text.size() <= kMaxQuoteBytes) return "\"" + std::string(text) + "\"";
  std::size_t end = kMaxQuoteBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "\"" + std::string(text.substr(0, end)) + "…\"";
}

std::string describe(const Picture& picture) {
  std::string text =
      std::string(picture.media_type) + ", " + std::to_string(picture.bytes) + " bytes";
  if (!picture.size) return text;
  return text + ", " + std::to_string(picture.size->width) + " x " +
         std::to_string(picture.size->height) + " pixels";
}

/// Whether the question names the tool, with blanks for `_` and `-` allowed and case ignored.
bool names(std::string_view question, std::string_view tool) {
  const std::string said = base::to_lower(question);
  std::string name = base::to_lower(tool);
  if (said.contains(name)) return true;
  std::ranges::replace_if(name, [](char c) { return c == '_' || c == '-'; }, ' ');
  return said.contains(name);
}

/// The tools to call, in the order offered.
std::vector<const OfferedTool*> tools_to_call(const Prompt& conversation) {
  std::vector<const OfferedTool*> called;
  if (conversation.tool_use == ToolUse::none) return called;
  // Whoever has just brought a reply wants an answer, not the same call again.
  if (!conversation.tool_replies.empty() && conversation.tool_use == ToolUse::automatic) {
    return called;
  }
  for (const OfferedTool& tool : conversation.tools) {
    const bool wanted = conversation.forced_tool.empty() ? names(conversation.question, tool.name)
                                                         : tool.name == conversation.forced_tool;
    if (wanted) called.push_back(&tool);
  }
  if (called.empty() && conversation.tool_use == ToolUse::required && !conversation.tools.empty()) {
    called.push_back(&conversation.tools.front());
  }
  if (called.size() > 1 && !conversation.parallel_tools) called.resize(1);
  return called;
}

std::string compose(const Prompt& conversation, std::string_view model_id) {
  std::string text(conversation.opening);
  text += "This is the local Bedrock, standing in for " + std::string(model_id) +
          ": no model has run, and nothing has left this machine.";
  for (const ToolReply& reply : conversation.tool_replies) {
    text += "\n\nThe tool " + (reply.tool.empty() ? std::string("you called") : reply.tool) +
            " replied: " + quote(reply.text);
  }
  if (!base::is_blank(conversation.question)) {
    text += "\n\nYou asked: " + quote(conversation.question);
  }
  for (const Picture& picture : conversation.pictures) {
    text += "\n\nYou sent an image: " + describe(picture);
  }
  if (!conversation.tools.empty() && conversation.tool_replies.empty()) {
    text += "\n\nYou offered the tool " + conversation.tools.front().name +
            ". Name it in your question, and I will call it.";
  }
  return text + "\n\nAmazon Bedrock would send a real answer in this same form.";
}

/// Cuts at the stop sequence that is met first. True when one is.
bool apply_stop_sequences(const std::vector<std::string>& sequences, std::string& text,
                          Completion& answer) {
  std::size_t first = std::string::npos;
  for (const std::string& sequence : sequences) {
    const std::size_t at = sequence.empty() ? std::string::npos : text.find(sequence);
    if (at >= first) continue;
    first = at;
    answer.stop_sequence = sequence;
  }
  if (first == std::string::npos) return false;
  text.resize(first);
  answer.stop_reason = StopReason::stop_sequence;
  return true;
}

/// Adds as much of the text as the budget allows. False when the answer ends here.
bool add_text(const Prompt& conversation, std::string text, Completion& answer) {
  const std::int64_t left = conversation.max_tokens - answer.completion_tokens;
  const bool cut = count_tokens(text) > left;
  if (cut) text = std::string(first_tokens(text, left));
  const bool stopped = apply_stop_sequences(conversation.stop_sequences, text, answer);
  answer.completion_tokens += count_tokens(text);
  if (!text.empty()) answer.blocks.push_back(TextBlock{std::move(text)});
  if (cut && !stopped) answer.stop_reason = StopReason::max_tokens;
  return !cut && !stopped;
}

/// Adds the reasoning when the budget allows all of it.
void add_reasoning(const Prompt& conversation, Completion& answer) {
  constexpr std::string_view kReasoning =
      "Reasoning was asked for. The local Bedrock has nothing to reason about: it says what it was "
      "asked and calls the tools that are named.";
  const std::int64_t cost = count_tokens(kReasoning);
  if (cost >= conversation.max_tokens) return;
  answer.reasoning = kReasoning;
  answer.completion_tokens += cost;
}

/// Adds as much of the call as the budget allows. False when the answer ends here.
bool add_call(const Prompt& conversation, const OfferedTool& tool, Completion& answer) {
  const std::int64_t left = conversation.max_tokens - answer.completion_tokens;
  CallBlock call{.tool = tool.name, .arguments = sample_arguments(tool.schema)};
  const std::int64_t cost = kCallOverheadTokens + count_tokens(call.arguments);
  if (cost <= left) {
    answer.completion_tokens += cost;
    answer.blocks.push_back(std::move(call));
    answer.stop_reason = StopReason::tool_use;
    return true;
  }
  answer.completion_tokens = conversation.max_tokens;
  answer.stop_reason = StopReason::max_tokens;
  if (left > kCallOverheadTokens) {
    call.arguments = std::string(first_tokens(call.arguments, left - kCallOverheadTokens));
    call.complete = false;
    answer.blocks.push_back(std::move(call));
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

Completion complete(const Prompt& conversation, std::string_view model_id) {
  Completion result{.prompt_tokens = conversation.prompt_tokens};
  if (conversation.thinking) add_reasoning(conversation, result);
  const std::vector<const OfferedTool*> called = tools_to_call(conversation);
  if (called.empty()) {
    (void)add_text(
        conversation,
        conversation.prescribed.empty() ? compose(conversation, model_id) : conversation.prescribed,
        result);
    return result;
  }

  // Claude says nothing before a call that it was made to make.
  const bool announced = conversation.tool_use == ToolUse::automatic;
  if (announced && !add_text(conversation, "I will call " + called.front()->name + ".", result)) {
    return result;
  }
  for (const OfferedTool* tool : called) {
    if (!add_call(conversation, *tool, result)) break;
  }
  return result;
}

}  // namespace llm::local
