#include <llm/message.hpp>

#include <utility>

namespace llm {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::system:
      return "system";
    case Role::user:
      return "user";
    case Role::assistant:
      return "assistant";
    case Role::tool:
      return "tool";
  }
  return "user";
}

Message text_message(Role role, std::string text) {
  Message message{.role = role};
  message.content.emplace_back(TextContent{std::move(text)});
  return message;
}

Message Message::system(std::string text) { return text_message(Role::system, std::move(text)); }

Message Message::user(std::string text) { return text_message(Role::user, std::move(text)); }

Message Message::assistant(std::string text) {
  return text_message(Role::assistant, std::move(text));
}

Message Message::tool_result(std::string tool_call_id, std::string text, ToolStatus status) {
  ToolResultContent result{.tool_call_id = std::move(tool_call_id), .status = status};
  result.content.emplace_back(TextContent{std::move(text)});
  Message message{.role = Role::tool};
  message.content.emplace_back(std::move(result));
  return message;
}

std::string Message::text() const {
  std::string joined;
  for (const Content& block : content) {
    if (const auto* plain = std::get_if<TextContent>(&block)) joined += plain->text;
    if (const auto* cited = std::get_if<CitationsContent>(&block)) joined += cited->text;
  }
  return joined;
}

std::vector<ToolCallContent> Message::tool_calls() const {
  std::vector<ToolCallContent> calls;
  for (const Content& block : content) {
    if (const auto* call = std::get_if<ToolCallContent>(&block)) calls.push_back(*call);
  }
  return calls;
}

}  // namespace llm
