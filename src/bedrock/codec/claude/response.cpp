// Anthropic Messages: the buffered response.
// Source: recorded responses; Anthropic's API reference for stop reasons and errors.
#include <string>
#include <utility>
#include <variant>

#include "bedrock/codec/block_table.hpp"
#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/error_types.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "llm/tool_arguments.hpp"

namespace llm::bedrock {
namespace {

// Text with citations is cited text; an empty list of them is plain text.
Result<Content> text_block(const json::Value& block) {
  const auto text = block["text"].string();
  if (!text)
    return std::unexpected(malformed_response(kClaudeMessagesFormat, "A text block has no text."));
  const json::Value citations = block["citations"];
  UnknownMembers unknown = unknown_in_text(block);
  if (citations.size() == 0) return TextContent{std::string(*text), std::move(unknown)};
  CitationsContent cited{.text = std::string(*text), .unknown = std::move(unknown)};
  for (const json::Value citation : citations.elements()) {
    cited.citations.push_back(json_of(citation));
  }
  return cited;
}

Result<Content> tool_block(const json::Value& block, std::string_view type) {
  const auto name = block["name"].string();
  if (!name || !block["input"].exists()) {
    return std::unexpected(
        malformed_response(kClaudeMessagesFormat, "A tool call has no name or no input."));
  }
  if (*name == kStructuredOutputTool) return TextContent{block["input"].to_text()};
  return ToolCallContent{.id = block["id"].text_or_empty(),
                         .name = std::string(*name),
                         .arguments = json_of(block["input"]),
                         .type = type == "tool_use" ? std::string() : std::string(type),
                         .unknown = unknown_in_tool_call(block)};
}

Result<Content> content_of(const json::Value& block) {
  const auto type = block["type"].string();
  if (!type)
    return std::unexpected(malformed_response(kClaudeMessagesFormat, "A block has no type."));
  if (*type == "text") return text_block(block);
  if (*type == "tool_use" || *type == "server_tool_use") return tool_block(block, *type);
  if (*type == "thinking") {
    return ReasoningContent{.text = block["thinking"].text_or_empty(),
                            .signature = block["signature"].text_or_empty(),
                            .unknown = unknown_in_thinking(block)};
  }
  if (*type == "redacted_thinking" && has_only(block, {"type", "data"})) {
    return RedactedReasoningContent{block["data"].text_or_empty()};
  }
  return UnknownContent{.wire_format = std::string(kClaudeMessagesFormat), .block = json_of(block)};
}

bool calls_structured_output(const json::Value& block) {
  return block["type"].string() == "tool_use" && block["name"].string() == kStructuredOutputTool;
}

Result<void> read_content(const json::Value& root, Choice& choice, ResponseDetails& details) {
  for (const json::Value block : root["content"].elements()) {
    auto content = content_of(block);
    if (!content) return std::unexpected(content.error());
    if (calls_structured_output(block)) details.structured_output = "tool";
    if (!is_empty_content(*content)) choice.message.content.push_back(std::move(*content));
  }
  return {};
}

Result<void> read_stop(const json::Value& root, const InvocationNotes& notes, Choice& choice) {
  const auto stop_reason = root["stop_reason"].string();
  if (!stop_reason && !notes.guardrail_intervened) {
    return std::unexpected(malformed_response(kClaudeMessagesFormat, "It has no stop reason."));
  }
  choice.stop_reason = stop_reason.value_or("");
  choice.finish_reason = notes.finish_reason(claude_finish_reason(choice.stop_reason));
  if (const auto sequence = root["stop_sequence"].string()) choice.stop_sequence = *sequence;
  return {};
}

}  // namespace

UnknownMembers unknown_in_text(const json::Value& block) {
  return unknown_members(kClaudeMessagesFormat, block, {"type", "text", "citations"});
}

UnknownMembers unknown_in_thinking(const json::Value& block) {
  return unknown_members(kClaudeMessagesFormat, block, {"type", "thinking", "signature"});
}

UnknownMembers unknown_in_tool_call(const json::Value& block) {
  return unknown_members(kClaudeMessagesFormat, block, {"type", "id", "name", "input"});
}

FinishReason claude_finish_reason(std::string_view stop_reason) {
  if (stop_reason == "end_turn" || stop_reason == "stop_sequence") return FinishReason::stop;
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") {
    return FinishReason::length;
  }
  if (stop_reason == "tool_use") return FinishReason::tool_calls;
  if (stop_reason == "refusal" || stop_reason == "guardrail_intervened") {
    return FinishReason::content_filter;
  }
  if (stop_reason == "pause_turn") return FinishReason::pause;
  return FinishReason::unknown;
}

void read_claude_usage(const json::Value& usage, Usage& into) {
  const auto take = [&](std::string_view name, std::optional<std::int64_t>& count) {
    if (const auto found = count_of(usage[name])) count = found;
  };
  take("input_tokens", into.prompt_tokens);
  take("output_tokens", into.completion_tokens);
  take("cache_read_input_tokens", into.cache_read_tokens);
  take("cache_creation_input_tokens", into.cache_write_tokens);
  // `ephemeral_5m_input_tokens`, `ephemeral_1h_input_tokens`
  constexpr std::string_view kBefore = "ephemeral_";
  constexpr std::string_view kAfter = "_input_tokens";
  for (auto [name, tokens] : usage["cache_creation"].members()) {
    const auto count = count_of(tokens);
    if (!count || !name.starts_with(kBefore) || !name.ends_with(kAfter)) continue;
    name.remove_prefix(kBefore.size());
    if (name.size() <= kAfter.size()) continue;
    name.remove_suffix(kAfter.size());
    into.cache_write_tokens_by_ttl.insert_or_assign(std::string(name), *count);
  }
}

void read_stop_details(const json::Value& details, std::vector<Warning>& warnings) {
  if (!details.is_object()) return;
  warnings.push_back(
      {"stop_details", "The model reported details of its stop: " + details.to_text()});
}

Result<ChatResponse> decode_claude_messages(const HttpResponseHead& head, std::string_view body) {
  json::Parser parser;
  const auto parsed = parser.parse(body, json::LoneSurrogates::replace);
  if (!parsed)
    return std::unexpected(malformed_response(
        kClaudeMessagesFormat, "The body cannot be parsed. " + parsed.error().message));
  const json::Value root = *parsed;
  if (root["type"].string() == "error") return std::unexpected(reported_error(root["error"]));
  if (!root["content"].is_array())
    return std::unexpected(malformed_response(kClaudeMessagesFormat, "It has no content."));
  if (root["content"].size() > kMaxContentBlocks) {
    return std::unexpected(
        malformed_response(kClaudeMessagesFormat, "It has more than 10000 content blocks."));
  }

  InvocationNotes notes;
  notes.read_head(head);
  notes.read_body(root);
  ChatResponse response{.id = root["id"].text_or_empty()};
  Choice& choice = response.choices.emplace_back();
  choice.message.role = Role::assistant;
  const auto content = read_content(root, choice, response.details);
  if (!content) return std::unexpected(content.error());
  const auto stop = read_stop(root, notes, choice);
  if (!stop) return std::unexpected(stop.error());
  choice.finish_reason = finish_reason_of(choice.finish_reason, response.details.structured_output,
                                          !choice.message.tool_calls().empty());
  read_stop_details(root["stop_details"], response.warnings);
  read_claude_usage(root["usage"], response.usage);
  notes.complete(response.usage);
  fill_details(head, notes, response);
  warn_of_arguments(choice.message, response.warnings);
  warn_of_replaced(parser.has_replaced(), response.warnings);
  return response;
}

}  // namespace llm::bedrock
