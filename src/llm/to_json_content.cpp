#include <variant>

#include "llm/to_json.hpp"

namespace llm::to_json_parts {
namespace {

// The members `data` or `s3`.
void write_source(const MediaSource& source, json::Writer& writer) {
  if (const auto* bytes = std::get_if<std::string>(&source)) {
    writer.key("data").base64(*bytes);
    return;
  }
  const S3Location& location = std::get<S3Location>(source);
  writer.key("s3").begin_object().member("uri", location.uri);
  write_text_or_null(location.bucket_owner, writer.key("bucket_owner"));
  writer.end_object();
}

// For the wire format that wrote them; `unknown` is written only if there are some.
void write_unknown(const UnknownMembers& unknown, json::Writer& writer) {
  if (unknown.empty()) return;
  writer.key("unknown").begin_object().member("wire_format", unknown.wire_format);
  writer.key("members").raw(unknown.members).end_object();
}

// The members of a tool call, which is written both in `content` and in `tool_calls`.
void write_tool_call_members(const ToolCallContent& call, json::Writer& writer) {
  writer.member("id", call.id).member("name", call.name);
  writer.key("arguments").raw(call.arguments);
  write_text_or_null(call.type, writer.key("tool_type"));
  write_unknown(call.unknown, writer);
}

// Each writes `type` and the other members of one block.

void write_members(const TextContent& text, json::Writer& writer) {
  writer.member("type", "text").member("text", text.text);
  write_unknown(text.unknown, writer);
}

void write_members(const ImageContent& image, json::Writer& writer) {
  writer.member("type", "image");
  write_text_or_null(image.media_type, writer.key("media_type"));
  write_source(image.source, writer);
}

void write_members(const DocumentContent& document, json::Writer& writer) {
  writer.member("type", "document");
  write_text_or_null(document.media_type, writer.key("media_type"));
  write_text_or_null(document.name, writer.key("name"));
  write_text_or_null(document.context, writer.key("context"));
  writer.key("citations").boolean(document.citations);
  writer.key("as_text").boolean(document.as_text);
  if (!document.passages.empty()) {
    write_strings(document.passages, writer.key("passages"));
    return;
  }
  write_source(document.source, writer);
}

void write_members(const VideoContent& video, json::Writer& writer) {
  writer.member("type", "video").member("format", video.format);
  write_source(video.source, writer);
}

void write_members(const AudioContent& audio, json::Writer& writer) {
  writer.member("type", "audio").member("format", audio.format);
  write_source(audio.source, writer);
}

void write_members(const ToolCallContent& call, json::Writer& writer) {
  writer.member("type", "tool_call");
  write_tool_call_members(call, writer);
}

void write_members(const ToolResultContent& result, json::Writer& writer) {
  writer.member("type", "tool_result").member("tool_call_id", result.tool_call_id);
  write_tool_status(result.status, writer.key("status"));
  write_tool_result_parts(result.content, writer.key("content"));
  write_text_or_null(result.type, writer.key("tool_type"));
}

void write_members(const ReasoningContent& reasoning, json::Writer& writer) {
  writer.member("type", "reasoning").member("reasoning", reasoning.text);
  write_text_or_null(reasoning.signature, writer.key("signature"));
  write_unknown(reasoning.unknown, writer);
}

void write_members(const RedactedReasoningContent& reasoning, json::Writer& writer) {
  writer.member("type", "redacted_reasoning").member("data", reasoning.data);
}

void write_members(const CitationsContent& cited, json::Writer& writer) {
  writer.member("type", "citations").member("text", cited.text);
  writer.key("citations").begin_array();
  for (const Json& citation : cited.citations) writer.raw(citation);
  writer.end_array();
  write_unknown(cited.unknown, writer);
}

void write_members(const SearchResultContent& result, json::Writer& writer) {
  writer.member("type", "search_result");
  writer.member("source", result.source).member("title", result.title);
  write_strings(result.content, writer.key("content"));
  writer.key("citations").boolean(result.citations);
}

void write_members(const CachePoint& point, json::Writer& writer) {
  writer.member("type", "cache_point");
  write_text_or_null(point.ttl, writer.key("ttl"));
}

void write_members(const GuardContent& guard, json::Writer& writer) {
  writer.member("type", "guard").key("content").begin_object();
  std::visit([&](const auto& content) { write_members(content, writer); }, guard.content);
  writer.end_object();
  write_strings(guard.qualifiers, writer.key("qualifiers"));
}

void write_tool_reference(const ToolReference& tool, json::Writer& writer) {
  writer.key("tool").begin_object();
  write_text_or_null(tool.type, writer.key("type"));
  write_text_or_null(tool.name, writer.key("name"));
  write_text_or_null(tool.server_name, writer.key("server_name"));
  writer.end_object();
}

void write_members(const ToolAdditionContent& addition, json::Writer& writer) {
  writer.member("type", "tool_addition");
  write_tool_reference(addition.tool, writer);
}

void write_members(const ToolRemovalContent& removal, json::Writer& writer) {
  writer.member("type", "tool_removal");
  write_tool_reference(removal.tool, writer);
}

void write_members(const UnknownContent& unknown, json::Writer& writer) {
  writer.member("type", "unknown").member("wire_format", unknown.wire_format);
  writer.key("block").raw(unknown.block);
  writer.key("incomplete").boolean(unknown.incomplete);
}

// Only in a tool result.
void write_members(const Json& json, json::Writer& writer) {
  writer.member("type", "json").key("json").raw(json);
}

// Content and ToolResultPart are such variants.
template <typename Variant>
void write_block(const Variant& block, json::Writer& writer) {
  writer.begin_object();
  std::visit([&](const auto& content) { write_members(content, writer); }, block);
  writer.end_object();
}

}  // namespace

void write_content(const Content& content, json::Writer& writer) { write_block(content, writer); }

void write_tool_result_parts(const std::vector<ToolResultPart>& parts, json::Writer& writer) {
  writer.begin_array();
  for (const ToolResultPart& part : parts) write_block(part, writer);
  writer.end_array();
}

void write_tool_status(ToolStatus status, json::Writer& writer) {
  if (status == ToolStatus::unspecified) {
    writer.null();
    return;
  }
  writer.string(status == ToolStatus::success ? "success" : "error");
}

void write_message(const Message& message, json::Writer& writer) {
  writer.begin_object().member("role", to_string(message.role));
  writer.key("content").begin_array();
  for (const Content& content : message.content) write_content(content, writer);
  writer.end_array();
  writer.key("tool_calls").begin_array();
  for (const Content& content : message.content) {
    const auto* call = std::get_if<ToolCallContent>(&content);
    if (call == nullptr) continue;
    writer.begin_object();
    write_tool_call_members(*call, writer);
    writer.end_object();
  }
  writer.end_array().end_object();
}

}  // namespace llm::to_json_parts
