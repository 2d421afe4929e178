// The roles of the turns, and texts that are blank.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool has_text(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    const auto* cited = std::get_if<CitationsContent>(block.content);
    return is_nonblank_text(*block.content) || (cited != nullptr && !base::is_blank(cited->text));
  });
}

// Whether the turn has content besides its texts.
bool has_other_content(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    return !std::holds_alternative<TextContent>(*block.content) &&
           !std::holds_alternative<CachePoint>(*block.content);
  });
}

const PlacedBlock* trailing_text(const RequestView& view) {
  if (view.turns.empty() || view.turns.back().role != Role::assistant) return nullptr;
  const PlacedBlock& last = view.turns.back().blocks.back();
  return std::holds_alternative<TextContent>(*last.content) ? &last : nullptr;
}

void check_first_role(const RequestView& view, Report& report) {
  if (view.turns.empty() || view.turns.front().role != Role::assistant) return;
  report.add(to_string(view.turns.front().blocks.front().position), "The assistant speaks first.",
             "Start the conversation with a user message.");
}

// A paused turn of the service's own tools is sent back so that the service can resume it.
bool is_paused(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    const auto* call = std::get_if<ToolCallContent>(block.content);
    return call != nullptr && !call->type.empty();
  });
}

void check_last_role(const RequestView& view, Report& report) {
  if (view.facts.takes.prefill != Support::no || view.turns.empty()) return;
  const Turn& last = view.turns.back();
  if (last.role != Role::assistant || is_paused(last)) return;
  report.add(to_string(last.blocks.front().position),
             "The conversation ends with an assistant message, but this model does not support "
             "prefill.",
             "End with a user message.");
}

// Messages that change the tools stay. Cache points are removed: the text that they marked has
// moved.
void fold_system(RequestEditor& editor, std::size_t into) {
  std::vector<Content> folded;
  const std::vector<Message>& messages = editor.request().messages;
  for (std::size_t index = 0; index < messages.size(); ++index) {
    if (messages[index].role != Role::system || changes_tools(messages[index])) continue;
    for (std::size_t at = 0; at < messages[index].content.size(); ++at) {
      const Content& content = messages[index].content[at];
      if (!std::holds_alternative<CachePoint>(content)) folded.push_back(content);
      editor.remove({index, at});
    }
  }
  editor.prepend(into, std::move(folded));
}

void check_system(const RequestView& view, Report& report) {
  // The codecs of the native formats fold the system text themselves.
  if (!view.by_converse || !view.facts.quirks.no_system || view.system.empty()) return;
  const std::string position = to_string(view.system.front().position);
  const std::string message = "This model does not support system messages.";
  const std::string advice = "Put the text into the first user message.";
  if (view.turns.empty() || view.turns.front().role != Role::user) {
    report.add(position, message, advice);
    return;
  }
  const std::size_t into = view.turns.front().blocks.front().position.message;
  report.add(position, message, advice,
             {"The system text was put before the first user message.",
              [into](RequestEditor& editor) { fold_system(editor, into); }});
}

void check_blank_text(const RequestView& view, Report& report) {
  for (const Turn& turn : view.turns) {
    // White space is accepted beside other text (recorded).
    if (has_text(turn)) continue;
    const bool is_repairable = has_other_content(turn);
    for (const PlacedBlock& block : turn.blocks) {
      if (!std::holds_alternative<TextContent>(*block.content)) continue;
      const BlockPosition position = block.position;
      Fix fix;
      if (is_repairable) fix = [position](RequestEditor& editor) { editor.remove(position); };
      report.add(to_string(position), "The text is blank.", "Add text, or remove the block.",
                 {"The blank text was removed.", std::move(fix)});
    }
  }
}

void check_trailing_space(const RequestView& view, Report& report) {
  const PlacedBlock* last = view.is_claude ? trailing_text(view) : nullptr;
  if (last == nullptr || !is_nonblank_text(*last->content)) return;
  if (!kSpace.contains(std::get<TextContent>(*last->content).text.back())) return;
  const BlockPosition position = last->position;
  report.add(
      to_string(position), "The prefill ends with white space, which Claude does not accept.",
      "Trim the end of the text.",
      {"White space at the end of the prefill was removed.", [position](RequestEditor& editor) {
         std::string& text = std::get<TextContent>(editor.at(position)).text;
         text.erase(text.find_last_not_of(kSpace) + 1);
       }});
}

constexpr auto kRoleRules = std::to_array<Rule>({
    {{.id = "first_message_role",
      .summary = "A conversation starts with a user message.",
      .refusal = "A conversation must start with a user message. Try again with a conversation "
                 "that starts with a user message.",
      .source = "langgenius/dify#12340"},
     check_first_role},
    {{.id = "last_message_role",
      .summary =
          "Claude 4.6 and later do not support prefill: the last message must be the user's.",
      .refusal = "This model does not support assistant message prefill. The conversation must end "
                 "with a user message.",
      .source = "XiaomiMiMo/MiMo-Code#1703"},
     check_last_role},
    {{.id = "system_messages",
      .summary = "Some models do not support system messages.",
      .refusal = "This model doesn't support system messages. Try again without a system message "
                 "or use a model that supports system messages.",
      .source = "Bedrock User Guide, \"Supported models and model features\"",
      .repair = "moves the system text before the first user message"},
     check_system},
    {{.id = "blank_text",
      .summary = "The text of a message is not blank.",
      .refusal = "The text field in the ContentBlock object at messages.N.content.N is blank. Add "
                 "text to the text field, and try again.",
      .source = "aws-samples/bedrock-engineer#8",
      .repair = "removes blank text if its turn has other content"},
     check_blank_text},
    {{.id = "trailing_space",
      .summary = "A prefill for Claude does not end with white space.",
      .refusal = "messages: final assistant content cannot end with trailing whitespace",
      .source = "langchain-ai/langchain-aws#532",
      .repair = "trims the prefill"},
     check_trailing_space},
});

}  // namespace

std::span<const Rule> role_rules() { return kRoleRules; }

}  // namespace llm::bedrock::linter
