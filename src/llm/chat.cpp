#include <llm/chat.hpp>

#include "json/writer.hpp"
#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

void write_choice(const Choice& choice, json::Writer& writer) {
  writer.begin_object().key("index").integer(choice.index);
  write_message(choice.message, writer.key("message"));
  writer.member("finish_reason", to_string(choice.finish_reason));
  write_text_or_null(choice.stop_reason, writer.key("stop_reason"));
  write_text_or_null(choice.stop_sequence.value_or(""), writer.key("stop_sequence"));
  writer.end_object();
}

}  // namespace

std::string_view to_string(FinishReason reason) {
  switch (reason) {
    case FinishReason::stop:
      return "stop";
    case FinishReason::length:
      return "length";
    case FinishReason::tool_calls:
      return "tool_calls";
    case FinishReason::content_filter:
      return "content_filter";
    case FinishReason::pause:
      return "pause";
    case FinishReason::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string ChatResponse::text() const {
  return choices.empty() ? std::string() : choices.front().message.text();
}

std::string to_json(const ChatResponse& response) {
  json::Writer writer;
  writer.begin_object();
  write_text_or_null(response.id, writer.key("id"));
  writer.member("model", response.model).member("text", response.text());
  writer.key("choices").begin_array();
  for (const Choice& choice : response.choices) write_choice(choice, writer);
  writer.end_array();
  write_usage(response.usage, writer.key("usage"));
  write_warnings(response.warnings, writer.key("warnings"));
  write_details(response.details, writer.key("details"));
  writer.end_object();
  return std::move(writer).take();
}

std::string to_json(const Content& content) {
  json::Writer writer;
  to_json_parts::write_content(content, writer);
  return std::move(writer).take();
}

std::string to_json(const Error& error) {
  json::Writer writer;
  writer.begin_object();
  write_error(error, writer.key("error"));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm
