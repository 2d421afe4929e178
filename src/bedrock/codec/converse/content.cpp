#include "bedrock/codec/converse/content.hpp"

#include <optional>
#include <string>
#include <utility>

#include "base/base64.hpp"
#include "bedrock/codec/block_table.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/format.hpp"
#include "bedrock/codec/converse/response.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "bedrock/codec/unknown_members.hpp"

namespace llm::bedrock {
namespace {

UnknownMembers unknown_in(const json::Value& object,
                          std::initializer_list<std::string_view> known) {
  return unknown_members(kConverseFormat, object, known);
}

bool has_citations(const json::Value& block) {
  return block["citations"]["enabled"].boolean().value_or(false);
}

// The texts of a list of `{"text":...}`; nullopt when one is something else.
std::optional<std::vector<std::string>> texts_of(const json::Value& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const json::Value part : list.elements()) {
    const auto text = part["text"].string();
    if (!text || part.size() != 1) return std::nullopt;
    texts.emplace_back(*text);
  }
  return texts;
}

std::optional<ImageContent> read_image(const json::Value& image) {
  ImageContent content{.media_type =
                           std::string(image_type_of(image["format"].string().value_or("")))};
  const bool is_complete = !content.media_type.empty() && has_only(image, {"format", "source"}) &&
                           read_source(image["source"], content.source);
  return is_complete ? std::optional(std::move(content)) : std::nullopt;
}

std::optional<DocumentContent> read_document(const json::Value& document) {
  if (!has_only(document, {"format", "name", "source", "context", "citations"})) {
    return std::nullopt;
  }
  DocumentContent content{.name = document["name"].text_or_empty(),
                          .context = document["context"].text_or_empty(),
                          .citations = has_citations(document)};
  const json::Value source = document["source"];
  if (auto passages = texts_of(source["content"])) {
    content.passages = std::move(*passages);
    const auto format = document["format"].string();
    if (format) content.media_type = document_type_of(*format);
    return format && content.media_type.empty() ? std::nullopt : std::optional(std::move(content));
  }
  if (const auto text = source["text"].string()) {
    content.source = std::string(*text);
    content.media_type = "text/plain";
    content.as_text = !content.citations;  // cited text always is
    return content;
  }
  content.media_type = document_type_of(document["format"].string().value_or(""));
  const bool is_complete =
      !content.media_type.empty() && read_source(document["source"], content.source);
  return is_complete ? std::optional(std::move(content)) : std::nullopt;
}

template <typename Media>
std::optional<Media> read_media(const json::Value& media) {
  Media content{.format = media["format"].text_or_empty()};
  const bool is_complete = !content.format.empty() && has_only(media, {"format", "source"}) &&
                           read_source(media["source"], content.source);
  return is_complete ? std::optional(std::move(content)) : std::nullopt;
}

std::optional<SearchResultContent> read_search_result(const json::Value& result) {
  auto texts = texts_of(result["content"]);
  if (!texts || !has_only(result, {"source", "title", "content", "citations"})) {
    return std::nullopt;
  }
  return SearchResultContent{.source = result["source"].text_or_empty(),
                             .title = result["title"].text_or_empty(),
                             .content = std::move(*texts),
                             .citations = has_citations(result)};
}

std::optional<ToolResultPart> read_part(const json::Value& part) {
  const auto as_part = [](auto&& content) {
    return content ? std::optional<ToolResultPart>(std::move(*content)) : std::nullopt;
  };
  if (const auto text = part["text"].string()) return TextContent{std::string(*text)};
  if (part["json"].exists()) return json_of(part["json"]);
  if (part["image"].exists()) return as_part(read_image(part["image"]));
  if (part["document"].exists()) return as_part(read_document(part["document"]));
  if (part["video"].exists()) return as_part(read_media<VideoContent>(part["video"]));
  if (part["searchResult"].exists()) return as_part(read_search_result(part["searchResult"]));
  return std::nullopt;
}

Result<Content> read_tool_call(const json::Value& call) {
  const auto id = call["toolUseId"].string();
  const auto name = call["name"].string();
  if (!id || !name || !call["input"].exists()) {
    return std::unexpected(
        malformed_converse_response("A tool call has no id, name or arguments."));
  }
  if (is_structured_output(call)) return TextContent{call["input"].to_text()};
  return ToolCallContent{.id = std::string(*id),
                         .name = std::string(*name),
                         .arguments = json_of(call["input"]),
                         .type = tool_type_of(call),
                         .unknown = unknown_in(call, {"toolUseId", "name", "input", "type"})};
}

std::optional<Content> read_tool_result(const json::Value& result) {
  if (!has_only(result, {"toolUseId", "content", "status", "type"})) return std::nullopt;
  ToolResultContent content{.tool_call_id = result["toolUseId"].text_or_empty(),
                            .status = tool_status_of(result),
                            .type = result["type"].text_or_empty()};
  if (!read_tool_result_parts(result["content"], content.content)) return std::nullopt;
  return content;
}

std::optional<Content> read_reasoning(const json::Value& reasoning) {
  if (reasoning.size() != 1) return std::nullopt;
  if (const auto data = reasoning["redactedContent"].string()) {
    return RedactedReasoningContent{std::string(*data)};
  }
  const json::Value text = reasoning["reasoningText"];
  if (!text.is_object()) return std::nullopt;
  return ReasoningContent{.text = text["text"].text_or_empty(),
                          .signature = text["signature"].text_or_empty(),
                          .unknown = unknown_in(text, {"text", "signature"})};
}

// Text without citations is plain text.
std::optional<Content> read_cited(const json::Value& cited) {
  const auto texts = texts_of(cited["content"]);
  if (!texts) return std::nullopt;
  CitationsContent content{.unknown = unknown_in(cited, {"content", "citations"})};
  for (const std::string& text : *texts) content.text += text;
  for (const json::Value citation : cited["citations"].elements()) {
    content.citations.push_back(json_of(citation));
  }
  if (content.citations.empty() && content.unknown.empty()) {
    return TextContent{std::move(content.text)};
  }
  return content;
}

std::optional<Content> read_guarded(const json::Value& guarded) {
  if (const auto text = guarded["text"]["text"].string()) {
    if (!has_only(guarded["text"], {"text", "qualifiers"})) return std::nullopt;
    GuardContent content{.content = TextContent{std::string(*text)}};
    for (const json::Value qualifier : guarded["text"]["qualifiers"].elements()) {
      content.qualifiers.push_back(qualifier.text_or_empty());
    }
    return content;
  }
  auto image = read_image(guarded["image"]);
  if (!image) return std::nullopt;
  return GuardContent{.content = std::move(*image)};
}

template <typename Block>
std::optional<Content> as_content(std::optional<Block>&& block) {
  return block ? std::optional<Content>(std::move(*block)) : std::nullopt;
}

template <typename Change>
std::optional<Content> read_tool_change(const json::Value& change) {
  const json::Value tool = change["tool"];
  if (!tool.is_object() || change.size() != 1 || !has_only(tool, {"type", "name", "serverName"})) {
    return std::nullopt;
  }
  return Change{.tool = {.type = tool["type"].text_or_empty(),
                         .name = tool["name"].text_or_empty(),
                         .server_name = tool["serverName"].text_or_empty()}};
}

// Every kind but text and tool calls.
std::optional<Content> read_known(const json::Value& block) {
  if (const auto part = block["reasoningContent"]; part.exists()) return read_reasoning(part);
  if (const auto part = block["citationsContent"]; part.exists()) return read_cited(part);
  if (const auto part = block["toolResult"]; part.exists()) return read_tool_result(part);
  if (const auto part = block["image"]; part.exists()) return as_content(read_image(part));
  if (const auto part = block["document"]; part.exists()) return as_content(read_document(part));
  if (const auto part = block["video"]; part.exists()) {
    return as_content(read_media<VideoContent>(part));
  }
  if (const auto part = block["audio"]; part.exists()) {
    return as_content(read_media<AudioContent>(part));
  }
  if (const auto part = block["searchResult"]; part.exists()) {
    return as_content(read_search_result(part));
  }
  if (const auto part = block["guardContent"]; part.exists()) return read_guarded(part);
  if (const auto part = block["toolAddition"]; part.exists()) {
    return read_tool_change<ToolAdditionContent>(part);
  }
  if (const auto part = block["toolRemoval"]; part.exists()) {
    return read_tool_change<ToolRemovalContent>(part);
  }
  if (const auto part = block["cachePoint"]; part.exists() && has_only(part, {"type", "ttl"})) {
    return CachePoint{.ttl = part["ttl"].text_or_empty()};
  }
  return std::nullopt;
}

}  // namespace

Result<Content> read_content_block(const json::Value& block) {
  // A block has one member; with more, it can only be preserved as it was received.
  if (block.size() != 1) return unknown_block(block);
  if (const auto text = block["text"].string()) return TextContent{std::string(*text)};
  if (const auto call = block["toolUse"]; call.exists()) return read_tool_call(call);
  auto known = read_known(block);
  if (known) return std::move(*known);
  return unknown_block(block);
}

UnknownContent unknown_block(const json::Value& block) {
  return {.wire_format = std::string(kConverseFormat), .block = json_of(block)};
}

bool is_structured_output(const json::Value& tool_use) {
  return tool_use["name"].string() == kStructuredOutputTool;
}

std::string tool_type_of(const json::Value& tool_use) {
  const std::string type = tool_use["type"].text_or_empty();
  return type == "tool_use" ? std::string() : type;
}

ToolStatus tool_status_of(const json::Value& tool_result) {
  const auto status = tool_result["status"].string();
  if (status == "success") return ToolStatus::success;
  if (status == "error") return ToolStatus::error;
  return ToolStatus::unspecified;
}

bool read_tool_result_parts(const json::Value& list, std::vector<ToolResultPart>& parts) {
  if (!list.is_array() || list.size() > kMaxContentBlocks) return false;
  for (const json::Value element : list.elements()) {
    auto part = read_part(element);
    if (!part) return false;
    parts.push_back(std::move(*part));
  }
  return true;
}

bool read_source(const json::Value& source, MediaSource& into) {
  if (const auto bytes = source["bytes"].string()) {
    auto* bytes_so_far = std::get_if<std::string>(&into);
    return base::append_base64_decoded(
        *bytes, bytes_so_far == nullptr ? into.emplace<std::string>() : *bytes_so_far);
  }
  const json::Value location = source["s3Location"];
  const auto uri = location["uri"].string();
  if (!uri) return false;
  into =
      S3Location{.uri = std::string(*uri), .bucket_owner = location["bucketOwner"].text_or_empty()};
  return true;
}

}  // namespace llm::bedrock
