#include <algorithm>
#include <array>
#include <utility>

#include "base/base64.hpp"
#include "llm/from_json.hpp"
#include "llm/json_members.hpp"

namespace llm::from_json_parts {
namespace {

using json::Value;

// The block, after its members have been read.
template <typename Block>
Result<Content> finished(JsonMembers& members, Block&& block) {
  if (auto done = members.finish(); !done) return std::unexpected(std::move(done.error()));
  return Content(std::forward<Block>(block));
}

// The members `data` or `s3`.
void read_source(JsonMembers& members, MediaSource& source) {
  const Value data = members.take("data");
  const Value s3 = members.take("s3");
  if (data.exists() == s3.exists()) {
    members.refuse("data", data.exists() ? "and s3 exclude each other" : "is missing",
                   "Set either data or s3.");
    return;
  }
  if (s3.exists()) {
    S3Location location;
    JsonMembers inner(s3, members.path_of("s3"));
    inner.text("uri", location.uri).text("bucket_owner", location.bucket_owner);
    if (auto done = inner.finish(); !done) members.fail(std::move(done.error()));
    source = std::move(location);
    return;
  }
  std::string bytes;
  const auto text = data.string();
  if (!text || !base::append_base64_decoded(*text, bytes)) {
    members.refuse("data", "must be base64 with padding");
  }
  source = std::move(bytes);
}

void read_unknown_members(JsonMembers& members, UnknownMembers& unknown) {
  const Value value = members.take("unknown");
  if (!value.exists()) return;
  JsonMembers inner(value, members.path_of("unknown"));
  inner.text("wire_format", unknown.wire_format).object("members", unknown.members);
  if (auto done = inner.finish(); !done) members.fail(std::move(done.error()));
}

Result<Content> read_text(JsonMembers& members) {
  TextContent text;
  members.text("text", text.text);
  read_unknown_members(members, text.unknown);
  return finished(members, std::move(text));
}

Result<Content> read_image(JsonMembers& members) {
  ImageContent image;
  members.text("media_type", image.media_type);
  read_source(members, image.source);
  return finished(members, std::move(image));
}

Result<Content> read_document(JsonMembers& members) {
  DocumentContent document;
  members.text("media_type", document.media_type).text("name", document.name);
  members.text("context", document.context).flag("citations", document.citations);
  members.texts("passages", document.passages).flag("as_text", document.as_text);
  if (document.passages.empty()) read_source(members, document.source);
  return finished(members, std::move(document));
}

template <typename Media>
Result<Content> read_clip(JsonMembers& members) {
  Media media;
  members.text("format", media.format);
  read_source(members, media.source);
  return finished(members, std::move(media));
}

Result<Content> read_tool_call(JsonMembers& members) {
  ToolCallContent call;
  members.text("id", call.id).text("name", call.name);
  // Any JSON: what a model wrote can be sent back.
  if (const Value arguments = members.take_value("arguments"); arguments.exists()) {
    call.arguments = Json::from_valid_text(arguments.to_text());
  }
  members.text("tool_type", call.type);
  read_unknown_members(members, call.unknown);
  return finished(members, std::move(call));
}

Result<ToolResultPart> read_part(const Value& value, const std::string& path) {
  if (value["type"].string() == "json") {
    JsonMembers members(value, path);
    (void)members.take("type");
    Json json = Json::from_valid_text(members.take("json").to_text());
    if (auto done = members.finish(); !done) return std::unexpected(std::move(done.error()));
    return ToolResultPart(std::move(json));
  }
  Result<Content> content = read_content(value, path);
  if (!content) return std::unexpected(std::move(content.error()));
  if (auto* text = std::get_if<TextContent>(&*content)) return std::move(*text);
  if (auto* image = std::get_if<ImageContent>(&*content)) return std::move(*image);
  if (auto* document = std::get_if<DocumentContent>(&*content)) return std::move(*document);
  if (auto* video = std::get_if<VideoContent>(&*content)) return std::move(*video);
  if (auto* found = std::get_if<SearchResultContent>(&*content)) return std::move(*found);
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    path + ".type is not supported in a tool result.",
                                    "Use text, json, image, document, video or search_result."));
}

Result<Content> read_tool_result(JsonMembers& members) {
  ToolResultContent result;
  std::string status;
  members.text("tool_call_id", result.tool_call_id).text("status", status);
  members.text("tool_type", result.type);
  if (status == "success") result.status = ToolStatus::success;
  if (status == "error") result.status = ToolStatus::error;
  if (!status.empty() && result.status == ToolStatus::unspecified) {
    members.refuse("status", "must be \"success\" or \"error\"");
  }
  const Value parts = members.take("content");
  if (parts.exists() && !parts.is_array()) members.refuse("content", "must be an array");
  for (const Value value : parts.elements()) {
    auto part = read_part(value, element_path(members.path_of("content"), result.content.size()));
    if (!part) return std::unexpected(std::move(part.error()));
    result.content.push_back(std::move(*part));
  }
  return finished(members, std::move(result));
}

Result<Content> read_reasoning(JsonMembers& members) {
  ReasoningContent reasoning;
  members.text("reasoning", reasoning.text).text("signature", reasoning.signature);
  read_unknown_members(members, reasoning.unknown);
  return finished(members, std::move(reasoning));
}

Result<Content> read_redacted(JsonMembers& members) {
  RedactedReasoningContent redacted;
  members.text("data", redacted.data);
  return finished(members, std::move(redacted));
}

Result<Content> read_citations(JsonMembers& members) {
  CitationsContent cited;
  members.text("text", cited.text);
  for (const Value citation : members.take("citations").elements()) {
    cited.citations.push_back(Json::from_valid_text(citation.to_text()));
  }
  read_unknown_members(members, cited.unknown);
  return finished(members, std::move(cited));
}

Result<Content> read_search_result(JsonMembers& members) {
  SearchResultContent found;
  members.text("source", found.source).text("title", found.title);
  members.texts("content", found.content).flag("citations", found.citations);
  return finished(members, std::move(found));
}

Result<Content> read_cache_point(JsonMembers& members) {
  CachePoint point;
  members.text("ttl", point.ttl);
  return finished(members, std::move(point));
}

Result<Content> read_guard(JsonMembers& members) {
  GuardContent guard;
  members.texts("qualifiers", guard.qualifiers);
  Result<Content> content = read_content(members.take("content"), members.path_of("content"));
  if (!content) return content;
  if (auto* text = std::get_if<TextContent>(&*content)) {
    guard.content = std::move(*text);
  } else if (auto* image = std::get_if<ImageContent>(&*content)) {
    guard.content = std::move(*image);
  } else {
    members.refuse("content", "must be of type text or image");
  }
  return finished(members, std::move(guard));
}

Result<Content> read_unknown(JsonMembers& members) {
  UnknownContent unknown;
  members.text("wire_format", unknown.wire_format);
  unknown.block = Json::from_valid_text(members.take("block").to_text());
  members.flag("incomplete", unknown.incomplete);
  return finished(members, std::move(unknown));
}

template <typename Change>
Result<Content> read_tool_change(JsonMembers& members) {
  Change change;
  JsonMembers inner(members.take("tool"), members.path_of("tool"));
  inner.text("type", change.tool.type).text("name", change.tool.name);
  inner.text("server_name", change.tool.server_name);
  if (auto done = inner.finish(); !done) members.fail(std::move(done.error()));
  return finished(members, std::move(change));
}

struct Kind {
  std::string_view type;
  Result<Content> (*read)(JsonMembers& members);
};
constexpr auto kKinds = std::to_array<Kind>({
    {"text", read_text},
    {"image", read_image},
    {"document", read_document},
    {"video", read_clip<VideoContent>},
    {"audio", read_clip<AudioContent>},
    {"tool_call", read_tool_call},
    {"tool_result", read_tool_result},
    {"reasoning", read_reasoning},
    {"redacted_reasoning", read_redacted},
    {"citations", read_citations},
    {"search_result", read_search_result},
    {"cache_point", read_cache_point},
    {"guard", read_guard},
    {"tool_addition", read_tool_change<ToolAdditionContent>},
    {"tool_removal", read_tool_change<ToolRemovalContent>},
    {"unknown", read_unknown},
});

Error unknown_kind(const std::string& path) {
  std::string names;
  for (const Kind& kind : kKinds) {
    names += (names.empty() ? "\"" : ", \"") + std::string(kind.type) + '"';
  }
  return make_error(ErrorCode::configuration_error, path + ".type must be one of " + names + ".");
}

}  // namespace

std::string element_path(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

Result<Content> read_content(const Value& block, const std::string& path) {
  JsonMembers members(block, path);
  std::string type;
  members.text("type", type);
  const auto* const kind = std::ranges::find(kKinds, std::string_view(type), &Kind::type);
  if (kind != kKinds.end()) return kind->read(members);
  if (!block.is_object()) return std::unexpected(members.finish().error());
  return std::unexpected(unknown_kind(path));
}

}  // namespace llm::from_json_parts
