#include <string>

#include <llm/request_json.hpp>
#include <llm/tool.hpp>

#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

void write_flag(std::optional<bool> flag, json::Writer& writer) {
  if (!flag) {
    writer.null();
    return;
  }
  writer.boolean(*flag);
}

void write_tools(const std::vector<Tool>& tools, json::Writer& writer) {
  writer.begin_array();
  for (const Tool& tool : tools) {
    writer.begin_object().member("name", tool.name);
    if (tool.system) {
      writer.key("system").boolean(true).end_object();
      continue;
    }
    write_text_or_null(tool.description, writer.key("description"));
    writer.key("parameters").raw(tool.parameters);
    write_flag(tool.strict, writer.key("strict"));
    writer.end_object();
  }
  writer.end_array();
}

std::string_view word_of(ToolChoice::Kind kind) {
  switch (kind) {
    case ToolChoice::Kind::unspecified:
      return "";
    case ToolChoice::Kind::automatic:
      return "auto";
    case ToolChoice::Kind::any:
      return "any";
    case ToolChoice::Kind::one:
      return "one";
    case ToolChoice::Kind::none:
      return "none";
  }
  return "";
}

void write_choice(const ToolChoice& choice, json::Writer& writer) {
  writer.begin_object();
  write_text_or_null(word_of(choice.kind), writer.key("kind"));
  write_text_or_null(choice.name, writer.key("name"));
  write_flag(choice.parallel_calls, writer.key("parallel_calls"));
  writer.end_object();
}

void write_format(const std::optional<ResponseFormat>& format, json::Writer& writer) {
  if (!format) {
    writer.null();
    return;
  }
  writer.begin_object().key("schema").raw(format->schema);
  write_text_or_null(format->name, writer.key("name"));
  write_text_or_null(format->description, writer.key("description"));
  writer.end_object();
}

void write_reasoning(const std::optional<Reasoning>& reasoning, json::Writer& writer) {
  if (!reasoning) {
    writer.null();
    return;
  }
  writer.begin_object();
  write_optional(reasoning->budget_tokens, writer.key("budget_tokens"));
  write_text_or_null(reasoning->effort, writer.key("effort"));
  writer.key("enabled").boolean(reasoning->enabled).end_object();
}

void write_guardrail(const std::optional<Guardrail>& guardrail, json::Writer& writer) {
  if (!guardrail) {
    writer.null();
    return;
  }
  writer.begin_object().member("id", guardrail->id).member("version", guardrail->version);
  write_text_or_null(guardrail->trace, writer.key("trace"));
  write_text_or_null(guardrail->stream_mode, writer.key("stream_mode"));
  writer.end_object();
}

void write_texts_by_name(const std::map<std::string, std::string>& texts, json::Writer& writer) {
  writer.begin_object();
  for (const auto& [name, text] : texts) writer.member(name, text);
  writer.end_object();
}

}  // namespace

std::string to_json(const ChatRequest& request) {
  json::Writer writer;
  writer.begin_object();
  write_text_or_null(request.model, writer.key("model"));
  writer.key("messages").begin_array();
  for (const Message& message : request.messages) write_message(message, writer);
  writer.end_array();
  write_optional(request.max_tokens, writer.key("max_tokens"));
  write_optional(request.temperature, writer.key("temperature"));
  write_optional(request.top_p, writer.key("top_p"));
  write_tools(request.tools, writer.key("tools"));
  write_choice(request.tool_choice, writer.key("tool_choice"));
  write_optional(request.top_k, writer.key("top_k"));
  write_strings(request.stop_sequences, writer.key("stop_sequences"));
  write_format(request.response_format, writer.key("response_format"));
  write_reasoning(request.reasoning, writer.key("reasoning"));
  write_guardrail(request.guardrail, writer.key("guardrail"));
  write_text_or_null(request.service_tier, writer.key("service_tier"));
  write_text_or_null(request.latency, writer.key("latency"));
  write_texts_by_name(request.metadata, writer.key("metadata"));
  write_texts_by_name(request.prompt_variables, writer.key("prompt_variables"));
  writer.key("extra_fields").raw(request.extra_fields);
  write_strings(request.extra_response_fields, writer.key("extra_response_fields"));
  write_text_or_null(request.project, writer.key("project"));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm
