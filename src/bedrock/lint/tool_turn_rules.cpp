// Tool calls and their results.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxIdLength = 64;     // botocore, ToolUseId
constexpr std::size_t kMistralIdLength = 9;  // the service's own error, anomalyco/opencode#48843

using Ids = std::map<std::string_view, BlockPosition>;

// The ids of the caller's own tools in a turn, each with its first position.
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

// The positions of the ids that `others` lacks.
std::vector<BlockPosition> missing_from(const Ids& others, const Ids& ids) {
  std::vector<BlockPosition> missing;
  for (const auto& [id, position] : ids) {
    if (!others.contains(id)) missing.push_back(position);
  }
  return missing;
}

void check_result_missing(const RequestView& view, Report& report) {
  for (std::size_t index = 0; index < view.turns.size(); ++index) {
    const bool is_last = index + 1 == view.turns.size();
    const Ids results = is_last ? Ids() : results_of(view.turns[index + 1]);
    for (const BlockPosition position : missing_from(results, calls_of(view.turns[index]))) {
      report.add(to_string(position), "The tool call has no result in the next message.",
                 "Add a result, with status error if the tool did not run.");
    }
  }
}

void check_call_missing(const RequestView& view, Report& report) {
  for (std::size_t index = 0; index < view.turns.size(); ++index) {
    const Ids calls = index == 0 ? Ids() : calls_of(view.turns[index - 1]);
    for (const BlockPosition position : missing_from(calls, results_of(view.turns[index]))) {
      report.add(to_string(position),
                 "The tool result belongs to no tool call in the previous message.",
                 "Put the assistant message with the call before it.");
    }
  }
}

void check_place(const RequestView& view, Report& report) {
  // The encoder of the native format refuses other positions itself.
  if (!view.by_converse) return;
  for (const Turn& turn : view.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      if (!is_own_tool_block(*block.content)) continue;
      const bool is_call = std::holds_alternative<ToolCallContent>(*block.content);
      if (is_call == (turn.role == Role::assistant)) continue;
      report.add(to_string(block.position),
                 is_call ? "Only an assistant message can contain a tool call."
                         : "Only a tool or user message can contain a tool result.",
                 "Move it.");
    }
  }
}

void check_unique(const RequestView& view, Report& report) {
  std::set<std::string_view> ids;
  for (const Turn& turn : view.turns) {
    if (!view.is_claude) ids.clear();  // Converse compares the ids of one message only.
    for (const PlacedBlock& block : turn.blocks) {
      const auto* call = std::get_if<ToolCallContent>(block.content);
      if (call == nullptr || ids.insert(call->id).second) continue;
      report.add(to_string(block.position), "The tool call has the same id as an earlier one.",
                 "Give each tool call its own id.");
    }
  }
}

/// The form of tool call ids, by the catalogue.
enum class IdForm : std::uint8_t { converse, claude, mistral };

IdForm id_form_of(const RequestView& view) {
  if (view.facts.takes.tool_call_id == "claude") return IdForm::claude;
  return view.facts.takes.tool_call_id == "mistral" ? IdForm::mistral : IdForm::converse;
}

bool is_id_character(char c, IdForm form) {
  if (base::is_letter_or_digit(c)) return true;
  if (form == IdForm::mistral) return false;
  return c == '_' || c == '-' || (form == IdForm::converse && (c == '.' || c == ':'));
}

bool is_id(std::string_view id, IdForm form) {
  // Bedrock's own ids pass, whatever their length.
  if (form == IdForm::mistral && id.starts_with("tooluse_")) form = IdForm::claude;
  const bool has_length =
      form == IdForm::mistral ? id.size() == kMistralIdLength : id.size() <= kMaxIdLength;
  return !id.empty() && has_length &&
         std::ranges::all_of(id, [form](char c) { return is_id_character(c, form); });
}

std::string cleaned(const std::string& id, IdForm form) {
  std::string clean = id.empty() ? "call" : id.substr(0, kMaxIdLength);
  if (form == IdForm::mistral) {
    std::erase_if(clean, [form](char c) { return !is_id_character(c, form); });
    if (clean.size() > kMistralIdLength) clean.erase(0, clean.size() - kMistralIdLength);
    clean.append(kMistralIdLength - clean.size(), '0');
    return clean;
  }
  std::ranges::replace_if(clean, [form](char c) { return !is_id_character(c, form); }, '_');
  return clean;
}

// The id with a number at its end, as long as the form allows.
std::string numbered(const std::string& id, int number, IdForm form) {
  const bool is_mistral = form == IdForm::mistral;
  const std::string suffix = (is_mistral ? "" : "_") + std::to_string(number);
  const std::size_t most = is_mistral ? kMistralIdLength : kMaxIdLength;
  return id.substr(0, most - suffix.size()) + suffix;
}

std::string_view description_of(IdForm form) {
  switch (form) {
    case IdForm::claude:
      return "1 to 64 letters, digits, \"_\" and \"-\"";
    case IdForm::mistral:
      return "9 letters and digits, nor one of Bedrock's own";
    case IdForm::converse:
      break;
  }
  return "1 to 64 letters, digits, \"_\", \"-\", \".\" and \":\"";
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

void replace_id(ChatRequest& request, const std::string& id, IdForm form) {
  std::set<std::string> used;
  for_each_id(request.messages, [&](const std::string& other) { used.insert(other); });
  const std::string base = cleaned(id, form);
  std::string clean = base;
  for (int number = 2; used.contains(clean); ++number) clean = numbered(base, number, form);
  for_each_id(request.messages, [&](std::string& other) {
    if (other == id) other = clean;
  });
}

void check_id(const RequestView& view, Report& report) {
  const IdForm form = id_form_of(view);
  std::set<std::string> seen;
  for (const Turn& turn : view.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      if (!is_own_tool_block(*block.content)) continue;
      const auto* call = std::get_if<ToolCallContent>(block.content);
      const std::string& id =
          call != nullptr ? call->id : std::get<ToolResultContent>(*block.content).tool_call_id;
      if (is_id(id, form) || !seen.insert(id).second) continue;
      report.add(to_string(block.position),
                 "The tool call id is not " + std::string(description_of(form)) + ".",
                 "Change it in the call and its result.",
                 {"The tool call and its result were given another id.",
                  [id, form](RequestEditor& editor) { replace_id(editor.request(), id, form); }});
    }
  }
}

void check_status(const RequestView& view, const ToolResultContent& result, BlockPosition position,
                  Report& report) {
  if (result.status != ToolStatus::error || view.facts.takes.result_error != Support::no) return;
  report.add(to_string(position), "This model does not take the status of a tool result.",
             "Leave the status out, and say in the result that the tool failed.",
             {"The status of the tool result was left out because this model does not take it.",
              [position](RequestEditor& editor) {
                std::get<ToolResultContent>(editor.at(position)).status = ToolStatus::unspecified;
              }});
}

void check_part(const RequestView& view, const ToolResultPart& part, Place place, Report& report) {
  const Takes& takes = view.facts.takes;
  if (std::holds_alternative<ImageContent>(part) && takes.result_image == Support::no) {
    report.add(to_string(place), "This model does not take images in tool results.",
               "Put the image into the next user message.");
  }
  const auto* json = std::get_if<Json>(&part);
  const bool is_json = json != nullptr && view.by_converse && json->is_object();
  if (!is_json || takes.result_json != Support::no) return;
  report.add(to_string(place), "This model does not take JSON in tool results.", "Send it as text.",
             {"The JSON was sent as text because this model does not take JSON in tool results.",
              [place](RequestEditor& editor) {
                auto& content = std::get<ToolResultContent>(editor.at(place.block)).content;
                content[*place.part] = TextContent{std::get<Json>(content[*place.part]).text()};
              }});
}

void check_result_parts(const RequestView& view, Report& report) {
  for_each_of<ToolResultContent>(view, [&](const ToolResultContent& result, Place place, Role) {
    check_status(view, result, place.block, report);
    for (std::size_t part = 0; part < result.content.size(); ++part) {
      check_part(view, result.content[part], Place{place.block, part}, report);
    }
  });
}

constexpr auto kToolTurnRules = std::to_array<Rule>({
    {{.id = "tool_result_missing",
      .summary = "Each tool call has its result in the next message.",
      .refusal = "Expected toolResult blocks at messages.N.content for the following Ids: N",
      .source = "zeroclaw-labs/zeroclaw#1476"},
     check_result_missing},
    {{.id = "tool_result_unasked",
      .summary = "Each tool result belongs to a tool call in the previous message.",
      .refusal = "The number of toolResult blocks at messages.N.content exceeds the number of "
                 "toolUse blocks of previous turn.",
      .source = "OpenHands/OpenHands#4912"},
     check_call_missing},
    {{.id = "tool_block_role",
      .summary = "Assistant messages contain tool calls, user and tool messages their results "
                 "(Converse).",
      .refusal = "The model returned the following errors: messages.N.content.N: `tool_use` blocks "
                 "can only be in `assistant` messages",
      .source = "Anthropic, \"Tool use\""},
     check_place},
    {{.id = "tool_call_id",
      .summary = "A tool call's id is 1 to 64 letters, digits, \"_\", \"-\" (and \".\", \":\" "
                 "except for Claude), for Mistral 9 letters and digits.",
      .refusal = "messages.N.content.N.tool_use.id: String should match pattern "
                 "'^[a-zA-Z0-9_-]+$'",
      .source = "earendil-works/pi#781; anomalyco/opencode#48843; botocore, ToolUseId",
      .repair = "gives the call and its result another id"},
     check_id},
    {{.id = "tool_result_parts",
      .summary = "Tool results have only what the model takes: JSON, images, the status error.",
      .refusal = "This model doesn't support the toolResult.content.N field.",
      .source = "botocore, ToolResultBlock",
      .repair = "sends JSON as text, removes the status"},
     check_result_parts},
    {{.id = "tool_call_ids_unique",
      .summary = "Tool call ids are unique in a message, for Claude in a conversation.",
      .refusal = "The toolUse blocks at messages.N.content contain duplicate Ids: N",
      .source = "double16/Cyber-AutoAgent-ng#27; BerriAI/litellm#23510"},
     check_unique},
});

}  // namespace

std::span<const Rule> tool_turn_rules() { return kToolTurnRules; }

}  // namespace llm::bedrock::linter
