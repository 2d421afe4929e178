// Calls of tools and their results, which belong together.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxIdLength = 64;  // botocore, ToolUseId

using Ids = std::map<std::string_view, BlockPosition>;

// The ids of the caller's own tools in a turn, each where it first stands.
template <typename Block>
Ids own_ids(const Turn& turn, std::string Block::* id) {
  Ids ids;
  for (const PlacedBlock& block : turn.blocks) {
    const auto* found = std::get_if<Block>(block.content);
    if (found != nullptr && is_own_tool_block(*block.content)) {
      ids.emplace(found->*id, block.position);
    }
  }
  return ids;
}

Ids calls_of(const Turn& turn) {
  return turn.role == Role::assistant ? own_ids(turn, &ToolCallContent::id) : Ids();
}

Ids results_of(const Turn& turn) {
  return turn.role == Role::user ? own_ids(turn, &ToolResultContent::tool_call_id) : Ids();
}

// Where the ids stand that `others` do not have.
std::vector<BlockPosition> missing_from(const Ids& others, const Ids& ids) {
  std::vector<BlockPosition> missing;
  for (const auto& [id, position] : ids) {
    if (!others.contains(id)) missing.push_back(position);
  }
  return missing;
}

void check_unanswered(const Subject& subject, Report& report) {
  for (std::size_t index = 0; index < subject.turns.size(); ++index) {
    const bool is_last = index + 1 == subject.turns.size();
    const Ids results = is_last ? Ids() : results_of(subject.turns[index + 1]);
    for (const BlockPosition position : missing_from(results, calls_of(subject.turns[index]))) {
      report.add(to_string(position),
                 "is a tool call without a result in the message after it; add one, with status "
                 "error when the tool did not run");
    }
  }
}

void check_unasked(const Subject& subject, Report& report) {
  for (std::size_t index = 0; index < subject.turns.size(); ++index) {
    const Ids calls = index == 0 ? Ids() : calls_of(subject.turns[index - 1]);
    for (const BlockPosition position : missing_from(calls, results_of(subject.turns[index]))) {
      report.add(to_string(position),
                 "is the result of a tool call that is not in the message before it; put the "
                 "assistant's message with the call there");
    }
  }
}

void check_place(const Subject& subject, Report& report) {
  // The native form cannot write them elsewhere.
  if (!subject.by_converse) return;
  for (const Turn& turn : subject.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      if (!is_own_tool_block(*block.content)) continue;
      const bool is_call = std::holds_alternative<ToolCallContent>(*block.content);
      if (is_call == (turn.role == Role::assistant)) continue;
      report.add(to_string(block.position),
                 is_call ? "is a tool call, which only an assistant message can have"
                         : "is a tool result, which only a tool or user message can have");
    }
  }
}

void check_unique(const Subject& subject, Report& report) {
  std::set<std::string_view> ids;
  for (const Turn& turn : subject.turns) {
    if (!subject.is_claude) ids.clear();  // Converse looks at one message at a time.
    for (const PlacedBlock& block : turn.blocks) {
      const auto* call = std::get_if<ToolCallContent>(block.content);
      if (call == nullptr || ids.insert(call->id).second) continue;
      report.add(to_string(block.position),
                 "has the id of a tool call before it; give each call its own");
    }
  }
}

bool is_id_character(char c, bool is_claude) {
  const bool is_common = is_letter_or_digit(c) || c == '_' || c == '-';
  return is_common || (!is_claude && (c == '.' || c == ':'));
}

bool is_id(std::string_view id, bool is_claude) {
  return !id.empty() && id.size() <= kMaxIdLength &&
         std::ranges::all_of(id, [=](char c) { return is_id_character(c, is_claude); });
}

// Calls `visit` with each id of a call or a result.
template <typename Visit>
void for_each_id(std::vector<Message>& messages, Visit visit) {
  for (Message& message : messages) {
    for (Content& content : message.content) {
      if (auto* call = std::get_if<ToolCallContent>(&content)) visit(call->id);
      if (auto* result = std::get_if<ToolResultContent>(&content)) visit(result->tool_call_id);
    }
  }
}

void give_other_id(ChatRequest& request, const std::string& id, bool is_claude) {
  std::set<std::string> used;
  for_each_id(request.messages, [&](const std::string& other) { used.insert(other); });
  std::string clean = id.empty() ? "call" : id.substr(0, kMaxIdLength);
  std::ranges::replace_if(clean, [=](char c) { return !is_id_character(c, is_claude); }, '_');
  for (int number = 2; used.contains(clean); ++number) {
    const std::string ending = "_" + std::to_string(number);
    clean = clean.substr(0, kMaxIdLength - ending.size()) + ending;
  }
  for_each_id(request.messages, [&](std::string& other) {
    if (other == id) other = clean;
  });
}

void check_id(const Subject& subject, Report& report) {
  std::set<std::string> seen;
  for (const Turn& turn : subject.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      if (!is_own_tool_block(*block.content)) continue;
      const auto* call = std::get_if<ToolCallContent>(block.content);
      const std::string& id =
          call != nullptr ? call->id : std::get<ToolResultContent>(*block.content).tool_call_id;
      if (is_id(id, subject.is_claude) || !seen.insert(id).second) continue;
      report.add(to_string(block.position),
                 subject.is_claude
                     ? "has an id that is not 1 to 64 letters, digits, \"_\" and \"-\"; change it "
                       "in the call and its result"
                     : "has an id that is not 1 to 64 letters, digits, \"_\", \"-\", \".\" and "
                       "\":\"; change it in the call and its result",
                 "got another id, and so did what belongs to it",
                 [id, is_claude = subject.is_claude](RequestEditor& mending) {
                   give_other_id(mending.request(), id, is_claude);
                 });
    }
  }
}

constexpr auto kToolTurnRules = std::to_array<Rule>({
    {{.id = "tool_result_missing",
      .summary = "Each tool call has its result in the message after it.",
      .refusal = "Expected toolResult blocks at messages.N.content for the following Ids: N",
      .source = "zeroclaw-labs/zeroclaw#1476"},
     check_unanswered},
    {{.id = "tool_result_unasked",
      .summary = "Each tool result answers a call in the message before it.",
      .refusal = "The number of toolResult blocks at messages.N.content exceeds the number of "
                 "toolUse blocks of previous turn.",
      .source = "OpenHands/OpenHands#4912"},
     check_unasked},
    {{.id = "tool_block_role",
      .summary = "The assistant calls tools, and the user's side answers (Converse).",
      .refusal = "The model returned the following errors: messages.N.content.N: `tool_use` blocks "
                 "can only be in `assistant` messages",
      .source = "Anthropic, \"Tool use\""},
     check_place},
    {{.id = "tool_call_id",
      .summary = "A tool call's id is 1 to 64 letters, digits, \"_\", \"-\" (and \".\", \":\" but "
                 "for Claude).",
      .refusal = "messages.N.content.N.tool_use.id: String should match pattern "
                 "'^[a-zA-Z0-9_-]+$'",
      .source = "earendil-works/pi#781; botocore, ToolUseId",
      .repair = "gives the call and its result another id"},
     check_id},
    {{.id = "tool_call_ids_unique",
      .summary = "No two tool calls of a message have one id, for Claude of a conversation.",
      .refusal = "The toolUse blocks at messages.N.content contain duplicate Ids: N",
      .source = "double16/Cyber-AutoAgent-ng#27; BerriAI/litellm#23510"},
     check_unique},
});

}  // namespace

std::span<const Rule> tool_turn_rules() { return kToolTurnRules; }

}  // namespace llm::bedrock::linter
