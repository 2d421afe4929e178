#include <llm/stream.hpp>

#include <utility>

#include "json/writer.hpp"
#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

// Each writes the members of one delta behind `delta`.

void write_piece(const TextDelta& piece, json::Writer& writer) {
  writer.member("type", "text").member("text", piece.text);
}

void write_piece(const ToolCallStart& start, json::Writer& writer) {
  writer.member("type", "tool_call_start").member("id", start.id).member("name", start.name);
  write_text_or_null(start.type, writer.key("tool_type"));
}

void write_piece(const ToolCallDelta& piece, json::Writer& writer) {
  writer.member("type", "tool_call_delta").member("arguments", piece.arguments);
}

void write_piece(const ReasoningDelta& piece, json::Writer& writer) {
  writer.member("type", "reasoning").member("reasoning", piece.text);
}

void write_piece(const ReasoningSignatureDelta& piece, json::Writer& writer) {
  writer.member("type", "reasoning_signature").member("signature", piece.signature);
}

void write_piece(const RedactedReasoningDelta& piece, json::Writer& writer) {
  writer.member("type", "redacted_reasoning").member("data", piece.data);
}

void write_piece(const CitationDelta& piece, json::Writer& writer) {
  writer.member("type", "citation").key("citation").raw(piece.citation);
}

void write_piece(const ToolResultStart& start, json::Writer& writer) {
  writer.member("type", "tool_result_start").member("tool_call_id", start.tool_call_id);
  write_tool_status(start.status, writer.key("status"));
  write_text_or_null(start.type, writer.key("tool_type"));
}

void write_piece(const ToolResultDelta& piece, json::Writer& writer) {
  writer.member("type", "tool_result_delta");
  write_tool_result_parts(piece.content, writer.key("content"));
}

void write_piece(const BlockDelta& block, json::Writer& writer) {
  writer.member("type", "block");
  write_content(block.content, writer.key("content"));
}

void write_piece(const BlockStop&, json::Writer& writer) { writer.member("type", "block_stop"); }

// Each writes the members of one event.

void write_event(const Delta& delta, json::Writer& writer) {
  writer.member("type", "delta").key("index").integer(delta.index);
  writer.key("delta").begin_object();
  std::visit([&](const auto& piece) { write_piece(piece, writer); }, delta.content);
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

StreamEvent end_without_word() {
  return make_error(ErrorCode::stream_error,
                    "the stream ended without saying that it was complete; ask again");
}

}  // namespace

std::string_view Delta::text() const {
  const auto* piece = std::get_if<TextDelta>(&content);
  return piece == nullptr ? std::string_view() : piece->text;
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
  if (!end_) end_ = end_without_word();
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
  end_ = event != nullptr ? *event : end_without_word();
  at_end_ = true;
  source_.reset();  // closes the connection
}

}  // namespace llm
