#include "bedrock/codec/converse/blocks.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "base/text.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/format.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

bool cannot(const ModelId& model, Support ModelFacts::* fact) {
  return model.facts != nullptr && model.facts->*fact == Support::no;
}

// Claude's native citations have a type, and Converse would refuse them.
bool is_converse_citation(const Json& citation) {
  json::Parser parser;
  const auto root = parser.parse(citation.text());
  return root && root->is_object() && !(*root)["type"].exists();
}

void write_enabled_citations(json::Writer& writer) {
  writer.key("citations").begin_object().key("enabled").boolean(true).end_object();
}

}  // namespace

void write_media_source(const MediaSource& source, json::Writer& writer) {
  writer.begin_object();
  if (const auto* bytes = std::get_if<std::string>(&source)) {
    writer.key("bytes").base64(*bytes);
  } else {
    const auto& location = std::get<S3Location>(source);
    writer.key("s3Location").begin_object().member("uri", location.uri);
    if (!location.bucket_owner.empty()) writer.member("bucketOwner", location.bucket_owner);
    writer.end_object();
  }
  writer.end_object();
}

void write_cache_point_value(const CachePoint& point, json::Writer& writer) {
  writer.begin_object().member("type", "default");
  if (!point.ttl.empty()) writer.member("ttl", point.ttl);
  writer.end_object();
}

struct ConverseBlockWriter::Visitor {
  ConverseBlockWriter& out;

  Result<void> operator()(const TextContent& block) const {
    out.writer_.begin_object().member("text", block.text);
    out.write_unknown(block.unknown);
    out.writer_.end_object();
    return {};
  }
  Result<void> operator()(const ImageContent& block) const { return out.write_image(block); }
  Result<void> operator()(const DocumentContent& block) const { return out.write_document(block); }
  Result<void> operator()(const VideoContent& block) const { return out.write_video(block); }
  Result<void> operator()(const AudioContent& block) const { return out.write_audio(block); }
  Result<void> operator()(const ToolCallContent& block) const { return out.write_tool_call(block); }
  Result<void> operator()(const ToolResultContent& block) const {
    return out.write_tool_result(block);
  }
  Result<void> operator()(const ReasoningContent& block) const {
    json::Writer& writer = out.writer_;
    writer.begin_object().key("reasoningContent").begin_object();
    writer.key("reasoningText").begin_object().member("text", block.text);
    if (!block.signature.empty()) writer.member("signature", block.signature);
    out.write_unknown(block.unknown);
    writer.end_object().end_object().end_object();
    return {};
  }
  Result<void> operator()(const RedactedReasoningContent& block) const {
    out.writer_.begin_object().key("reasoningContent").begin_object();
    out.writer_.member("redactedContent", block.data).end_object().end_object();
    return {};
  }
  Result<void> operator()(const CitationsContent& block) const { return out.write_cited(block); }
  Result<void> operator()(const SearchResultContent& block) const {
    out.write_search_result(block);
    return {};
  }
  Result<void> operator()(const CachePoint& block) const { return out.write_cache_point(block); }
  Result<void> operator()(const GuardContent& block) const { return out.write_guarded(block); }
  Result<void> operator()(const ToolAdditionContent& block) const {
    out.write_tool_change("toolAddition", block.tool);
    return {};
  }
  Result<void> operator()(const ToolRemovalContent& block) const {
    out.write_tool_change("toolRemoval", block.tool);
    return {};
  }
  Result<void> operator()(const UnknownContent& block) const {
    if (block.wire_format != kConverseFormat) {
      return std::unexpected(out.refused("did not return this block through Converse"));
    }
    if (block.incomplete) return std::unexpected(incomplete_block(out.block_, out.model_));
    out.writer_.raw(block.block);
    return {};
  }
};

Result<void> ConverseBlockWriter::write(const PlacedBlock& block) {
  block_ = block;
  return std::visit(Visitor{*this}, *block.content);
}

Error ConverseBlockWriter::refused(std::string_view reason, std::string_view advice) const {
  return unsupported_block(block_, model_, {reason, advice});
}

void ConverseBlockWriter::write_unknown(const UnknownMembers& unknown) {
  write_unknown_members(kConverseFormat, unknown, block_.position, writer_, warnings_);
}

Result<void> ConverseBlockWriter::check_vision(std::string_view media) const {
  if (!cannot(model_, &ModelFacts::vision)) return {};
  return std::unexpected(refused("does not accept " + std::string(media)));
}

Result<void> ConverseBlockWriter::check_tools() const {
  if (!cannot(model_, &ModelFacts::tools)) return {};
  return std::unexpected(refused("does not support tools"));
}

Result<void> ConverseBlockWriter::write_image(const ImageContent& image) {
  if (const auto vision = check_vision("images"); !vision) return vision;
  const auto format = image_format(image, block_.position);
  if (!format) return std::unexpected(format.error());
  writer_.begin_object().key("image").begin_object().member("format", *format);
  write_media_source(image.source, writer_.key("source"));
  writer_.end_object().end_object();
  return {};
}

// Converse requires a name.
std::string ConverseBlockWriter::document_name(const DocumentContent& document) {
  ++documents_;
  return document.name.empty() ? "Document " + std::to_string(documents_) : document.name;
}

void ConverseBlockWriter::write_tool_change(std::string_view kind, const ToolReference& tool) {
  writer_.begin_object().key(kind).begin_object().key("tool").begin_object();
  if (!tool.type.empty()) writer_.member("type", tool.type);
  if (!tool.name.empty()) writer_.member("name", tool.name);
  if (!tool.server_name.empty()) writer_.member("serverName", tool.server_name);
  writer_.end_object().end_object().end_object();
}

void ConverseBlockWriter::write_document_source(const DocumentContent& document, bool as_text) {
  if (!document.passages.empty()) {
    writer_.key("source").begin_object().key("content").begin_array();
    for (const std::string& text : document.passages) {
      writer_.begin_object().member("text", text).end_object();
    }
    writer_.end_array().end_object();
  } else if (as_text) {
    const auto& text = std::get<std::string>(document.source);
    writer_.key("source").begin_object().member("text", text).end_object();
  } else {
    write_media_source(document.source, writer_.key("source"));
  }
}

Result<void> ConverseBlockWriter::write_document(const DocumentContent& document) {
  const auto format = document_format(document, block_.position, warnings_);
  if (!format) return std::unexpected(format.error());
  const auto* bytes = std::get_if<std::string>(&document.source);
  if (bytes != nullptr && *format == "txt" && !base::is_valid_utf8(*bytes)) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        "The document at " + to_string(block_.position) + " is text, but not valid UTF-8."));
  }
  writer_.begin_object().key("document").begin_object();
  const bool has_format = document.passages.empty() || !document.media_type.empty();
  if (has_format) writer_.member("format", *format);
  writer_.member("name", document_name(document));
  // Citations refer to characters only if the text is sent as text (recorded).
  const bool as_text =
      bytes != nullptr && *format == "txt" && (document.citations || document.as_text);
  write_document_source(document, as_text);
  if (!document.context.empty()) writer_.member("context", document.context);
  if (document.citations) write_enabled_citations(writer_);
  writer_.end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_video(const VideoContent& video) {
  if (const auto vision = check_vision("videos"); !vision) return vision;
  const auto format = video_format(video, block_.position);
  if (!format) return std::unexpected(format.error());
  writer_.begin_object().key("video").begin_object().member("format", *format);
  write_media_source(video.source, writer_.key("source"));
  writer_.end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_audio(const AudioContent& audio) {
  const auto format = audio_format(audio, block_.position);
  if (!format) return std::unexpected(format.error());
  writer_.begin_object().key("audio").begin_object().member("format", *format);
  write_media_source(audio.source, writer_.key("source"));
  writer_.end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_tool_call(const ToolCallContent& call) {
  if (const auto checked = check_tools(); !checked) return checked;
  writer_.begin_object().key("toolUse").begin_object();
  writer_.member("toolUseId", call.id).member("name", call.name);
  writer_.key("input").raw(call.arguments);
  if (!call.type.empty()) writer_.member("type", call.type);
  write_unknown(call.unknown);
  writer_.end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_tool_result(const ToolResultContent& result) {
  if (const auto checked = check_tools(); !checked) return checked;
  writer_.begin_object().key("toolResult").begin_object();
  writer_.member("toolUseId", result.tool_call_id).key("content").begin_array();
  for (const ToolResultPart& part : result.content) {
    const auto written = write_part(part);
    if (!written) return written;
  }
  writer_.end_array();
  if (result.status != ToolStatus::unspecified) {
    writer_.member("status", result.status == ToolStatus::error ? "error" : "success");
  }
  if (!result.type.empty()) writer_.member("type", result.type);
  writer_.end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_part(const ToolResultPart& part) {
  if (const auto* json = std::get_if<Json>(&part)) {
    // Converse takes objects only (deepset-ai/haystack-core-integrations#3766).
    if (json->is_object()) {
      writer_.begin_object().key("json").raw(*json).end_object();
    } else {
      writer_.begin_object().member("text", json->text()).end_object();
    }
    return {};
  }
  if (const auto* text = std::get_if<TextContent>(&part)) return Visitor{*this}(*text);
  if (const auto* image = std::get_if<ImageContent>(&part)) return write_image(*image);
  if (const auto* document = std::get_if<DocumentContent>(&part)) return write_document(*document);
  if (const auto* video = std::get_if<VideoContent>(&part)) return write_video(*video);
  write_search_result(std::get<SearchResultContent>(part));
  return {};
}

Result<void> ConverseBlockWriter::write_cited(const CitationsContent& cited) {
  if (cited.citations.empty() && cited.unknown.empty()) {
    return Visitor{*this}(TextContent{cited.text});
  }
  if (!std::ranges::all_of(cited.citations, is_converse_citation)) {
    return std::unexpected(refused("did not return its citations through Converse"));
  }
  writer_.begin_object().key("citationsContent").begin_object();
  writer_.key("content").begin_array();
  writer_.begin_object().member("text", cited.text).end_object().end_array();
  writer_.key("citations").begin_array();
  for (const Json& citation : cited.citations) writer_.raw(citation);
  writer_.end_array();
  write_unknown(cited.unknown);
  writer_.end_object().end_object();
  return {};
}

void ConverseBlockWriter::write_search_result(const SearchResultContent& result) {
  writer_.begin_object().key("searchResult").begin_object();
  writer_.member("source", result.source).member("title", result.title);
  writer_.key("content").begin_array();
  for (const std::string& text : result.content) {
    writer_.begin_object().member("text", text).end_object();
  }
  writer_.end_array();
  if (result.citations) write_enabled_citations(writer_);
  writer_.end_object().end_object();
}

Result<void> ConverseBlockWriter::write_guarded(const GuardContent& guarded) {
  if (const auto* text = std::get_if<TextContent>(&guarded.content)) {
    writer_.begin_object().key("guardContent").begin_object().key("text").begin_object();
    writer_.member("text", text->text);
    if (!guarded.qualifiers.empty()) {
      writer_.key("qualifiers").begin_array();
      for (const std::string& qualifier : guarded.qualifiers) writer_.string(qualifier);
      writer_.end_array();
    }
    write_unknown(text->unknown);
    writer_.end_object().end_object().end_object();
    return {};
  }
  const auto& image = std::get<ImageContent>(guarded.content);
  if (const auto vision = check_vision("images"); !vision) return vision;
  const auto format = image_format(image, block_.position);
  if (!format) return std::unexpected(format.error());
  const bool is_inline = std::holds_alternative<std::string>(image.source);
  if (!is_inline || (*format != "png" && *format != "jpeg") || !guarded.qualifiers.empty()) {
    return std::unexpected(
        refused("accepts guardrail images only as bytes, in PNG or JPEG, and without qualifiers"));
  }
  writer_.begin_object().key("guardContent").begin_object().key("image").begin_object();
  writer_.member("format", *format);
  write_media_source(image.source, writer_.key("source"));
  writer_.end_object().end_object().end_object();
  return {};
}

Result<void> ConverseBlockWriter::write_cache_point(const CachePoint& point) {
  if (!point.ttl.empty() && point.ttl != "5m" && point.ttl != "1h") {
    return std::unexpected(
        make_error(ErrorCode::configuration_error,
                   "The cache point at " + to_string(block_.position) + " has an unknown ttl.",
                   "Use \"5m\", \"1h\" or none."));
  }
  writer_.begin_object().key("cachePoint");
  write_cache_point_value(point, writer_);
  writer_.end_object();
  return {};
}

}  // namespace llm::bedrock
