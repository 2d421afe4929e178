// Chat Completions: the buffered response.
#include <string>
#include <utility>

#include "bedrock/codec/block_table.hpp"
#include "bedrock/codec/error_types.hpp"
#include "bedrock/codec/mantle/chat.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "llm/tool_arguments.hpp"

namespace llm::bedrock {
namespace {

Error malformed_chat(std::string_view detail) {
  return malformed_response(kChatCompletionsFormat, detail);
}

void add_text(const json::Value& text, std::vector<Content>& content) {
  if (const auto found = text.string(); found && !found->empty()) {
    content.emplace_back(TextContent{std::string(*found)});
  }
}

/// Arguments are a text that should be JSON.
Result<Content> chat_tool_call(const json::Value& call) {
  const json::Value function = call["function"];
  const auto name = function["name"].string();
  if (!name) return std::unexpected(malformed_chat("A tool call has no name."));
  const std::string text = function["arguments"].text_or_empty();
  json::Parser parser;
  const auto arguments = parser.parse(text.empty() ? "{}" : text, json::LoneSurrogates::replace);
  if (!arguments) {
    return std::unexpected(malformed_chat("The arguments of a tool call are not JSON."));
  }
  return ToolCallContent{.id = call["id"].text_or_empty(),
                         .name = std::string(*name),
                         .arguments = json_of(*arguments)};
}

Result<Choice> chat_choice(const json::Value& root, int index) {
  const json::Value message = root["message"];
  if (!message.is_object()) return std::unexpected(malformed_chat("A choice has no message."));
  if (message["tool_calls"].size() > kMaxContentBlocks) {
    return std::unexpected(malformed_chat("It has more than 10000 tool calls."));
  }
  Choice choice{.index = index};
  choice.message.role = Role::assistant;
  auto& content = choice.message.content;
  if (const auto reasoning = reasoning_of(message).string(); reasoning && !reasoning->empty()) {
    content.emplace_back(ReasoningContent{.text = std::string(*reasoning)});
  }
  add_text(message["content"], content);
  add_text(message["refusal"], content);
  for (const json::Value call : message["tool_calls"].elements()) {
    auto read = chat_tool_call(call);
    if (!read) return std::unexpected(std::move(read.error()));
    content.push_back(std::move(*read));
  }
  const auto reason = root["finish_reason"].string();
  if (!reason) return std::unexpected(malformed_chat("A choice has no finish reason."));
  choice.stop_reason = *reason;
  const bool is_refusal = message["refusal"].is_string();
  choice.finish_reason =
      is_refusal ? FinishReason::content_filter : chat_finish_reason(choice.stop_reason);
  return choice;
}

}  // namespace

Result<ChatResponse> decode_chat_completions(const HttpResponseHead& head, std::string_view body) {
  json::Parser parser;
  const auto parsed = parser.parse(body, json::LoneSurrogates::replace);
  if (!parsed) {
    return std::unexpected(malformed_chat("The body cannot be parsed. " + parsed.error().message));
  }
  const json::Value root = *parsed;
  if (root["error"].is_object()) return std::unexpected(reported_error(root["error"]));
  if (root["choices"].size() == 0) return std::unexpected(malformed_chat("It has no choices."));
  InvocationNotes notes;
  notes.read_head(head);
  ChatResponse response{.id = root["id"].text_or_empty()};
  for (const json::Value element : root["choices"].elements()) {
    auto choice = chat_choice(element, static_cast<int>(response.choices.size()));
    if (!choice) return std::unexpected(std::move(choice.error()));
    warn_of_arguments(choice->message, response.warnings);
    response.choices.push_back(std::move(*choice));
  }
  read_chat_usage(root["usage"], response.usage);
  notes.complete(response.usage);
  fill_details(head, notes, response);
  if (response.details.service_tier.empty()) {
    response.details.service_tier = root["service_tier"].text_or_empty();
  }
  warn_of_replaced(parser.has_replaced(), response.warnings);
  return response;
}

}  // namespace llm::bedrock
