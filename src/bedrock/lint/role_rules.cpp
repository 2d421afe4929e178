// Who speaks when, and that something is said.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool says_something(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    const auto* cited = std::get_if<CitationsContent>(block.content);
    return is_speaking_text(*block.content) || (cited != nullptr && !base::is_blank(cited->text));
  });
}

// Whether something worth sending is left without the blank texts.
bool has_more_than_blank_texts(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    return !std::holds_alternative<TextContent>(*block.content) &&
           !std::holds_alternative<CachePoint>(*block.content);
  });
}

const PlacedBlock* trailing_text(const Subject& subject) {
  if (subject.turns.empty() || subject.turns.back().role != Role::assistant) return nullptr;
  const PlacedBlock& last = subject.turns.back().blocks.back();
  return std::holds_alternative<TextContent>(*last.content) ? &last : nullptr;
}

void check_first_role(const Subject& subject, Report& report) {
  if (subject.turns.empty() || subject.turns.front().role == Role::user) return;
  report.add(to_string(subject.turns.front().blocks.front().position),
             "is the assistant's, but a conversation must start with a user message; put one in "
             "front of it");
}

// A turn of the service's own tools that it has paused goes back to be gone on with.
bool is_paused(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
    const auto* call = std::get_if<ToolCallContent>(block.content);
    return call != nullptr && !call->type.empty();
  });
}

void check_last_role(const Subject& subject, Report& report) {
  if (!subject.facts.quirks.no_prefill || subject.turns.empty()) return;
  const Turn& last = subject.turns.back();
  if (last.role == Role::user || is_paused(last)) return;
  report.add(to_string(last.blocks.front().position),
             "lets the conversation end with the assistant, but this model does not go on with an "
             "answer that was begun for it; end with a user message");
}

// Cache points are left out: what they marked is in another place.
void fold_system(RequestEditor& mending, std::size_t into) {
  std::vector<Content> folded;
  const std::vector<Message>& messages = mending.request().messages;
  for (std::size_t index = 0; index < messages.size(); ++index) {
    if (messages[index].role != Role::system) continue;
    for (std::size_t at = 0; at < messages[index].content.size(); ++at) {
      const Content& content = messages[index].content[at];
      if (!std::holds_alternative<CachePoint>(content)) folded.push_back(content);
      mending.remove({index, at});
    }
  }
  mending.put_in_front(into, std::move(folded));
}

void check_system(const Subject& subject, Report& report) {
  // The native forms fold the system text themselves.
  if (!subject.by_converse || !subject.facts.quirks.no_system || subject.system.empty()) return;
  const std::string position = to_string(subject.system.front().position);
  const std::string message =
      "is a system message, which this model does not take; say it in the first user message";
  if (subject.turns.empty() || subject.turns.front().role != Role::user) {
    report.add(position, message);
    return;
  }
  const std::size_t into = subject.turns.front().blocks.front().position.message;
  report.add(position, message, "was put in front of the first user message",
             [into](RequestEditor& mending) { fold_system(mending, into); });
}

void check_blank_text(const Subject& subject, Report& report) {
  for (const Turn& turn : subject.turns) {
    // Recorded: white space is taken beside other text.
    if (says_something(turn)) continue;
    const bool is_repairable = has_more_than_blank_texts(turn);
    for (const PlacedBlock& block : turn.blocks) {
      if (!std::holds_alternative<TextContent>(*block.content)) continue;
      const BlockPosition position = block.position;
      Fix fix;
      if (is_repairable) fix = [position](RequestEditor& mending) { mending.remove(position); };
      report.add(to_string(position), "is blank; give it text, or leave it out", "was left out",
                 std::move(fix));
    }
  }
}

void check_trailing_space(const Subject& subject, Report& report) {
  const PlacedBlock* last = subject.is_claude ? trailing_text(subject) : nullptr;
  if (last == nullptr || !is_speaking_text(*last->content)) return;
  if (!kSpace.contains(std::get<TextContent>(*last->content).text.back())) return;
  const BlockPosition position = last->position;
  report.add(to_string(position),
             "begins the answer and ends with white space, which Claude does not take; trim it",
             "lost its white space at the end", [position](RequestEditor& mending) {
               std::string& text = std::get<TextContent>(mending.at(position)).text;
               text.erase(text.find_last_not_of(kSpace) + 1);
             });
}

constexpr auto kRoleRules = std::to_array<Rule>({
    {{.id = "first_message_role",
      .summary = "A conversation starts with a user message.",
      .refusal = "A conversation must start with a user message. Try again with a conversation "
                 "that starts with a user message.",
      .source = "langgenius/dify#12340"},
     check_first_role},
    {{.id = "last_message_role",
      .summary = "Claude 4.6 and later take no begun answer: the last message is the user's.",
      .refusal = "This model does not support assistant message prefill. The conversation must end "
                 "with a user message.",
      .source = "XiaomiMiMo/MiMo-Code#1703"},
     check_last_role},
    {{.id = "system_messages",
      .summary = "Some models take no system messages.",
      .refusal = "This model doesn't support system messages. Try again without a system message "
                 "or use a model that supports system messages.",
      .source = "Bedrock User Guide, \"Supported models and model features\"",
      .repair = "puts the system text in front of the first user message"},
     check_system},
    {{.id = "blank_text",
      .summary = "A message's text is more than white space.",
      .refusal = "The text field in the ContentBlock object at messages.N.content.N is blank. Add "
                 "text to the text field, and try again.",
      .source = "aws-samples/bedrock-engineer#8",
      .repair = "leaves blank text out where its turn has other content"},
     check_blank_text},
    {{.id = "trailing_space",
      .summary = "An answer that is begun for Claude does not end with white space.",
      .refusal = "messages: final assistant content cannot end with trailing whitespace",
      .source = "langchain-ai/langchain-aws#532",
      .repair = "trims its end"},
     check_trailing_space},
});

}  // namespace

std::span<const Rule> role_rules() { return kRoleRules; }

}  // namespace llm::bedrock::linter
