#include "bedrock/codec/claude/blocks.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

bool is_of_user(const Content& content) {
  return std::holds_alternative<ImageContent>(content) ||
         std::holds_alternative<DocumentContent>(content) ||
         std::holds_alternative<SearchResultContent>(content) ||
         std::holds_alternative<ToolResultContent>(content);
}

bool is_of_assistant(const Content& content) {
  return std::holds_alternative<ToolCallContent>(content) ||
         std::holds_alternative<ReasoningContent>(content) ||
         std::holds_alternative<RedactedReasoningContent>(content);
}

// Claude's citations have a type. Those of Converse do not, and Claude would refuse them.
bool is_claude_citation(const Json& citation) {
  json::Parser parser;
  const auto root = parser.parse(citation.text());
  return root && (*root)["type"].is_string();
}

}  // namespace

void write_cache_control(const CachePoint* cache, json::Writer& writer) {
  if (cache == nullptr) return;
  writer.key("cache_control").begin_object().member("type", "ephemeral");
  if (!cache->ttl.empty()) writer.member("ttl", cache->ttl);
  writer.end_object();
}

struct ClaudeBlockWriter::Visitor {
  ClaudeBlockWriter& out;

  Result<void> operator()(const TextContent& block) const {
    out.begin("text");
    out.writer_.member("text", block.text);
    out.write_unknown(block.unknown);
    out.end();
    return {};
  }
  Result<void> operator()(const ImageContent& block) const { return out.write_image(block); }
  Result<void> operator()(const DocumentContent& block) const { return out.write_document(block); }
  Result<void> operator()(const VideoContent&) const { return std::unexpected(out.refused()); }
  Result<void> operator()(const AudioContent&) const { return std::unexpected(out.refused()); }
  Result<void> operator()(const ToolCallContent& block) const { return out.write_tool_call(block); }
  Result<void> operator()(const ToolResultContent& block) const {
    return out.write_tool_result(block);
  }
  Result<void> operator()(const ReasoningContent& block) const {
    if (block.signature.empty()) {
      return std::unexpected(
          out.refused("accepts reasoning only with its signature",
                      "Send the message as it was received, or leave out the reasoning."));
    }
    out.begin("thinking");
    out.writer_.member("thinking", block.text).member("signature", block.signature);
    out.write_unknown(block.unknown);
    out.end();
    return {};
  }
  Result<void> operator()(const RedactedReasoningContent& block) const {
    out.begin("redacted_thinking");
    out.writer_.member("data", block.data);
    out.end();
    return {};
  }
  Result<void> operator()(const CitationsContent& block) const { return out.write_cited(block); }
  Result<void> operator()(const SearchResultContent& block) const {
    out.write_search_result(block);
    return {};
  }
  // Cache points have become marks (mark_cache_points).
  Result<void> operator()(const CachePoint&) const { return std::unexpected(out.refused()); }
  Result<void> operator()(const GuardContent&) const {
    return std::unexpected(out.refused("accepts guard content only through Converse"));
  }
  Result<void> operator()(const ToolAdditionContent&) const {
    return std::unexpected(out.refused("changes its tools only through Converse"));
  }
  Result<void> operator()(const ToolRemovalContent&) const {
    return std::unexpected(out.refused("changes its tools only through Converse"));
  }
  Result<void> operator()(const UnknownContent& block) const {
    if (block.wire_format != kClaudeMessagesFormat) {
      return std::unexpected(out.refused("did not return this block in its native format"));
    }
    if (block.incomplete) return std::unexpected(incomplete_block(out.block_, out.model_));
    out.writer_.raw(block.block);
    return {};
  }
};

Result<void> ClaudeBlockWriter::write(const MarkedBlock& block, Role role) {
  block_ = block.block;
  role_ = role;
  cache_ = block.cache;
  const Content& content = *block_.content;
  if (role == Role::assistant && is_of_user(content)) {
    return std::unexpected(refused("accepts it in user messages only"));
  }
  if (role == Role::user && is_of_assistant(content)) {
    return std::unexpected(refused("accepts it in assistant messages only"));
  }
  return std::visit(Visitor{*this}, content);
}

Error ClaudeBlockWriter::refused(std::string_view reason, std::string_view advice) const {
  return unsupported_block(block_, model_, {reason, advice});
}

void ClaudeBlockWriter::write_unknown(const UnknownMembers& unknown) {
  write_unknown_members(kClaudeMessagesFormat, unknown, block_.position, writer_, warnings_);
}

void ClaudeBlockWriter::begin(std::string_view type) {
  writer_.begin_object().member("type", type);
}

void ClaudeBlockWriter::end() {
  write_cache_control(cache_, writer_);
  writer_.end_object();
}

Result<void> ClaudeBlockWriter::write_image(const ImageContent& image) {
  if (model_.facts != nullptr && model_.facts->vision == Support::no) {
    return std::unexpected(refused("does not accept images"));
  }
  const auto inline_image = read_image(image, block_.position, model_);
  if (!inline_image) return std::unexpected(inline_image.error());
  begin("image");
  writer_.key("source").begin_object().member("type", "base64");
  writer_.member("media_type", inline_image->media_type).key("data").base64(inline_image->bytes);
  writer_.end_object();
  end();
  return {};
}

// Source: Anthropic's API reference, "Citations": custom content documents.
void ClaudeBlockWriter::write_passages(const std::vector<std::string>& passages) {
  writer_.member("type", "content").key("content").begin_array();
  for (const std::string& text : passages) {
    writer_.begin_object().member("type", "text").member("text", text).end_object();
  }
  writer_.end_array();
}

Result<void> ClaudeBlockWriter::write_document_source(const DocumentContent& document) {
  if (!document.passages.empty()) {
    write_passages(document.passages);
    return {};
  }
  const auto read = read_document(document, block_.position, model_);
  if (!read) return std::unexpected(read.error());
  if (!read->is_pdf && read->media_type != "text/plain") {
    warnings_.push_back({"document_as_text", "The document at " + to_string(block_.position) +
                                                 " is " + std::string(read->media_type) +
                                                 " and was sent as plain text."});
  }
  if (read->is_pdf) {
    writer_.member("type", "base64").member("media_type", "application/pdf");
    writer_.key("data").base64(read->bytes);
  } else {
    writer_.member("type", "text").member("media_type", "text/plain");
    writer_.member("data", read->bytes);
  }
  return {};
}

Result<void> ClaudeBlockWriter::write_document(const DocumentContent& document) {
  begin("document");
  writer_.key("source").begin_object();
  if (auto written = write_document_source(document); !written) return written;
  writer_.end_object();
  if (!document.name.empty()) writer_.member("title", document.name);
  if (!document.context.empty()) writer_.member("context", document.context);
  if (document.citations) {
    writer_.key("citations").begin_object().key("enabled").boolean(true).end_object();
  }
  end();
  return {};
}

void ClaudeBlockWriter::write_search_result(const SearchResultContent& result) {
  begin("search_result");
  writer_.member("source", result.source).member("title", result.title);
  writer_.key("content").begin_array();
  for (const std::string& text : result.content) {
    writer_.begin_object().member("type", "text").member("text", text).end_object();
  }
  writer_.end_array();
  if (result.citations) {
    writer_.key("citations").begin_object().key("enabled").boolean(true).end_object();
  }
  end();
}

Result<void> ClaudeBlockWriter::write_tool_call(const ToolCallContent& call) {
  if (model_.facts != nullptr && model_.facts->tools == Support::no) {
    return std::unexpected(refused("does not support tools"));
  }
  begin(call.type.empty() ? std::string_view("tool_use") : call.type);
  writer_.member("id", call.id).member("name", call.name);
  writer_.key("input").raw(call.arguments);
  write_unknown(call.unknown);
  end();
  return {};
}

Result<void> ClaudeBlockWriter::write_tool_result(const ToolResultContent& result) {
  if (model_.facts != nullptr && model_.facts->tools == Support::no) {
    return std::unexpected(refused("does not support tools"));
  }
  if (!result.type.empty()) {
    return std::unexpected(refused("accepts results of the caller's own tools only"));
  }
  const CachePoint* cache = std::exchange(cache_, nullptr);  // for the result, not for its parts
  begin("tool_result");
  writer_.member("tool_use_id", result.tool_call_id);
  if (!result.content.empty()) {
    writer_.key("content").begin_array();
    for (const ToolResultPart& part : result.content) {
      const auto written = write_part(part);
      if (!written) return written;
    }
    writer_.end_array();
  }
  if (result.status != ToolStatus::unspecified) {
    writer_.key("is_error").boolean(result.status == ToolStatus::error);
  }
  cache_ = cache;
  end();
  return {};
}

Result<void> ClaudeBlockWriter::write_part(const ToolResultPart& part) {
  if (const auto* json = std::get_if<Json>(&part)) {
    // Anthropic's tool results have no JSON part; as text the model reads the same characters.
    writer_.begin_object().member("type", "text").member("text", json->text()).end_object();
    return {};
  }
  if (const auto* text = std::get_if<TextContent>(&part)) return Visitor{*this}(*text);
  if (const auto* image = std::get_if<ImageContent>(&part)) return write_image(*image);
  if (const auto* document = std::get_if<DocumentContent>(&part)) return write_document(*document);
  if (const auto* found = std::get_if<SearchResultContent>(&part)) return Visitor{*this}(*found);
  return std::unexpected(refused("does not accept video in a tool result"));
}

Result<void> ClaudeBlockWriter::write_cited(const CitationsContent& cited) {
  if (!std::ranges::all_of(cited.citations, is_claude_citation)) {
    return std::unexpected(refused("did not return its citations in its native format"));
  }
  begin("text");
  writer_.member("text", cited.text);
  if (!cited.citations.empty()) {
    writer_.key("citations").begin_array();
    for (const Json& citation : cited.citations) writer_.raw(citation);
    writer_.end_array();
  }
  write_unknown(cited.unknown);
  end();
  return {};
}

}  // namespace llm::bedrock
