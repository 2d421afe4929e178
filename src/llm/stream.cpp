#include <llm/stream.hpp>

#include <utility>

#include "json/writer.hpp"
#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

// Each writes the members of one delta.

void write_content_of(const TextDelta& text, json::Writer& writer) {
  writer.member("type", "text").member("text", text.text);
}

void write_content_of(const ToolCallStart& start, json::Writer& writer) {
  writer.member("type", "tool_call_start").member("id", start.id).member("name", start.name);
  write_text_or_null(start.type, writer.key("tool_type"));
}

void write_content_of(const ToolCallDelta& call, json::Writer& writer) {
  writer.member("type", "tool_call_delta").member("arguments", call.arguments);
}

void write_content_of(const ReasoningDelta& reasoning, json::Writer& writer) {
  writer.member("type", "reasoning").member("reasoning", reasoning.text);
}

void write_content_of(const ReasoningSignatureDelta& reasoning, json::Writer& writer) {
  writer.member("type", "reasoning_signature").member("signature", reasoning.signature);
}

void write_content_of(const RedactedReasoningDelta& reasoning, json::Writer& writer) {
  writer.member("type", "redacted_reasoning").member("data", reasoning.data);
}

void write_content_of(const CitationDelta& cited, json::Writer& writer) {
  writer.member("type", "citation").key("citation").raw(cited.citation);
}

void write_content_of(const ToolResultStart& start, json::Writer& writer) {
  writer.member("type", "tool_result_start").member("tool_call_id", start.tool_call_id);
  write_tool_status(start.status, writer.key("status"));
  write_text_or_null(start.type, writer.key("tool_type"));
}

void write_content_of(const ToolResultDelta& result, json::Writer& writer) {
  writer.member("type", "tool_result_delta");
  write_tool_result_parts(result.content, writer.key("content"));
}

void write_content_of(const BlockDelta& block, json::Writer& writer) {
  writer.member("type", "block");
  write_content(block.content, writer.key("content"));
}

void write_content_of(const BlockStop&, json::Writer& writer) {
  writer.member("type", "block_stop");
}

// Each writes the members of one event.

void write_event(const Delta& delta, json::Writer& writer) {
  writer.member("type", "delta").key("index").integer(delta.index);
  writer.key("delta").begin_object();
  std::visit([&](const auto& content) { write_content_of(content, writer); }, delta.content);
  writer.end_object();
}

void write_event(const Done& done, json::Writer& writer) {
  writer.member("type", "done").member("finish_reason", to_string(done.finish_reason));
  write_text_or_null(done.stop_reason, writer.key("stop_reason"));
  write_text_or_null(done.stop_sequence.value_or(""), writer.key("stop_sequence"));
  write_text_or_null(done.id, writer.key("id"));
  writer.member("model", done.model);
  write_usage(done.usage, writer.key("usage"));
  write_warnings(done.warnings, writer.key("warnings"));
  write_details(done.details, writer.key("details"));
}

void write_event(const Error& error, json::Writer& writer) {
  writer.member("type", "error");
  write_error(error, writer.key("error"));
}

// Of a source that breaks its promise to end with Done or Error.
StreamEvent missing_end() {
  return make_error(ErrorCode::stream_error, "The stream ended before the response was complete.",
                    "Send the request again.");
}

}  // namespace

std::string_view Delta::text() const {
  const auto* delta = std::get_if<TextDelta>(&content);
  return delta == nullptr ? std::string_view() : delta->text;
}

std::string to_json(const StreamEvent& event) {
  json::Writer writer;
  writer.begin_object();
  if (event.is_delta()) write_event(event.delta(), writer);
  if (event.is_done()) write_event(event.done(), writer);
  if (event.is_error()) write_event(event.error(), writer);
  writer.end_object();
  return std::move(writer).take();
}

ChatStream::Iterator ChatStream::begin() {
  if (!std::exchange(begun_, true)) advance();
  return Iterator(this);
}

Result<ChatResponse> ChatStream::collect() {
  begin();
  while (current() != nullptr) advance();
  if (!end_) end_ = missing_end();
  if (end_->is_error()) return std::unexpected(end_->error());
  return accumulator_.finish(end_->done());
}

void ChatStream::advance() {
  at_end_ = false;
  delta_ = nullptr;
  if (source_ == nullptr) return;
  const StreamEvent* const event = source_->next();
  if (event != nullptr && event->is_delta()) {
    accumulator_.add(event->delta());
    delta_ = event;
    return;
  }
  end_ = event != nullptr ? *event : missing_end();
  at_end_ = true;
  source_.reset();  // closes the connection
}

}  // namespace llm
