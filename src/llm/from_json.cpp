#include "llm/from_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <llm/request_json.hpp>
#include <llm/tool.hpp>

#include "llm/json_members.hpp"

namespace llm {
namespace {

using from_json_parts::element_path;
using json::Value;
using ToolKind = ToolChoice::Kind;

constexpr std::array<std::pair<std::string_view, ToolKind>, 4> kToolChoices{
    {{"auto", ToolKind::automatic},
     {"any", ToolKind::any},
     {"one", ToolKind::one},
     {"none", ToolKind::none}}};

constexpr std::array<std::pair<std::string_view, Role>, 4> kRoles{{{"system", Role::system},
                                                                   {"user", Role::user},
                                                                   {"assistant", Role::assistant},
                                                                   {"tool", Role::tool}}};

template <typename Enum, std::size_t Size>
void read_word(JsonMembers& members, std::string_view key,
               const std::array<std::pair<std::string_view, Enum>, Size>& words, Enum& out) {
  std::string text;
  members.text(key, text);
  if (text.empty()) return;
  for (const auto& [word, value] : words) {
    if (word != text) continue;
    out = value;
    return;
  }
  std::string names;
  for (const auto& [word, value] : words) {
    names += (names.empty() ? "\"" : ", \"") + std::string(word) + '"';
  }
  members.refuse(key, "must be one of " + names);
}

// Reads a member that is an object, if it is set.
template <typename Read>
void read_object(JsonMembers& members, std::string_view key, Read read) {
  const Value value = members.take(key);
  if (!value.exists()) return;
  JsonMembers inner(value, members.path_of(key));
  read(inner);
  if (auto done = inner.finish(); !done) members.fail(std::move(done.error()));
}

void read_messages(JsonMembers& members, ChatRequest& request) {
  const Value messages = members.take("messages");
  if (messages.exists() && !messages.is_array()) members.refuse("messages", "must be an array");
  for (const Value value : messages.elements()) {
    auto message = from_json_parts::read_message(
        value, element_path(members.path_of("messages"), request.messages.size()));
    if (!message) return members.fail(std::move(message.error()));
    request.messages.push_back(std::move(*message));
  }
}

void read_tools(JsonMembers& members, ChatRequest& request) {
  const Value value = members.take("tools");
  if (!value.exists()) return;
  auto tools = tools_from_json(value.to_text());
  if (!tools) return members.fail(std::move(tools.error()));
  request.tools = std::move(*tools);
}

void read_options(JsonMembers& members, ChatRequest& request) {
  read_object(members, "response_format", [&](JsonMembers& inner) {
    ResponseFormat& format = request.response_format.emplace();
    inner.object("schema", format.schema).text("name", format.name);
    inner.text("description", format.description);
  });
  read_object(members, "reasoning", [&](JsonMembers& inner) {
    Reasoning& reasoning = request.reasoning.emplace();
    inner.integer("budget_tokens", reasoning.budget_tokens).text("effort", reasoning.effort);
    inner.flag("enabled", reasoning.enabled);
  });
  read_object(members, "guardrail", [&](JsonMembers& inner) {
    Guardrail& guardrail = request.guardrail.emplace();
    inner.text("id", guardrail.id).text("version", guardrail.version);
    inner.text("trace", guardrail.trace).text("stream_mode", guardrail.stream_mode);
  });
}

}  // namespace

Result<Message> from_json_parts::read_message(const Value& value, const std::string& path) {
  JsonMembers members(value, path);
  Message message;
  read_word(members, "role", kRoles, message.role);
  if (value.is_object() && !value["role"].is_string()) members.refuse("role", "is missing");
  const Value content = members.take("content");
  const Value calls = members.take("tool_calls");
  if (const auto text = content.string()) {
    message.content.emplace_back(TextContent{std::string(*text)});
  } else if (!content.is_array()) {
    members.refuse("content", "must be a string or an array of content blocks");
  }
  for (const Value block : content.elements()) {
    auto read =
        read_content(block, element_path(members.path_of("content"), message.content.size()));
    if (!read) return std::unexpected(std::move(read.error()));
    message.content.push_back(std::move(*read));
  }
  if (calls.size() > message.tool_calls().size()) {
    members.refuse("tool_calls", "has calls that content lacks",
                   "Add them to content as blocks of type tool_call.");
  }
  if (auto done = members.finish(); !done) return std::unexpected(std::move(done.error()));
  return message;
}

Result<ChatRequest> chat_request_from_json(std::string_view text) {
  json::Parser parser;
  const auto root = parser.parse(text);
  if (!root) return std::unexpected(unparsable("The request", root.error()));
  JsonMembers members(*root, {});
  ChatRequest request;
  members.text("model", request.model);
  read_messages(members, request);
  members.integer("max_tokens", request.max_tokens).number("temperature", request.temperature);
  members.number("top_p", request.top_p);
  read_tools(members, request);
  read_object(members, "tool_choice", [&](JsonMembers& inner) {
    read_word(inner, "kind", kToolChoices, request.tool_choice.kind);
    inner.text("name", request.tool_choice.name);
    inner.flag("parallel_calls", request.tool_choice.parallel_calls);
  });
  members.integer("top_k", request.top_k).texts("stop_sequences", request.stop_sequences);
  read_options(members, request);
  members.text("service_tier", request.service_tier).text("latency", request.latency);
  members.texts_by_name("metadata", request.metadata);
  members.texts_by_name("prompt_variables", request.prompt_variables);
  members.object("extra_fields", request.extra_fields);
  members.texts("extra_response_fields", request.extra_response_fields);
  members.text("project", request.project);
  if (auto done = members.finish(); !done) return std::unexpected(std::move(done.error()));
  return request;
}

}  // namespace llm
