#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <llm/error.hpp>
#include <llm/json.hpp>

namespace llm {

/// Who speaks. `tool` messages carry tool results only; Bedrock receives them as `user`.
enum class Role { system, user, assistant, tool };

[[nodiscard]] std::string_view to_string(Role role);

/// A file in Amazon S3 that the service reads itself.
struct S3Location {
  std::string uri{};           ///< `s3://bucket/key`
  std::string bucket_owner{};  ///< Twelve digits; empty when the caller owns the bucket.
  friend bool operator==(const S3Location&, const S3Location&) = default;
};

/// Bytes (as they are, not base64), or a place in S3.
using MediaSource = std::variant<std::string, S3Location>;

/// Members of a known block that this version does not know, as the wire form wrote them. Sent back
/// untouched by the form that wrote them; another one leaves them out with a warning.
struct UnknownMembers {
  std::string wire_format{};  ///< `converse` or `claude_messages`.
  Json members{};             ///< A JSON object; null: there are none.
  [[nodiscard]] bool empty() const { return members.is_null(); }
  friend bool operator==(const UnknownMembers&, const UnknownMembers&) = default;
};

/// Plain text, UTF-8.
struct TextContent {
  std::string text{};
  UnknownMembers unknown{};
  friend bool operator==(const TextContent&, const TextContent&) = default;
};

/// An image. `media_type` is `image/png`, `image/jpeg`, `image/gif` or `image/webp`; empty: found
/// from the bytes. A declared type that the bytes contradict is refused before the network.
struct ImageContent {
  MediaSource source{};
  std::string media_type{};
  friend bool operator==(const ImageContent&, const ImageContent&) = default;
};

/// A document. `media_type` as IANA writes it (`application/pdf`, `text/csv`, ...); empty: found
/// from the bytes or the name's ending. `name` is shown to the model; see docs/lint.md for what
/// it may hold.
struct DocumentContent {
  MediaSource source{};
  std::string media_type{};
  std::string name{};
  std::string context{};   ///< What the document is for; may be empty.
  bool citations = false;  ///< Ask the model to cite it.
  friend bool operator==(const DocumentContent&, const DocumentContent&) = default;
};

/// A video. `format` is the service's word: `mp4`, `mov`, `mkv`, `webm`, `flv`, `mpeg`, `mpg`,
/// `wmv`, `three_gp`.
struct VideoContent {
  MediaSource source{};
  std::string format{};
  friend bool operator==(const VideoContent&, const VideoContent&) = default;
};

/// Sound. `format` is the service's word: `mp3`, `wav`, `flac`, `ogg`, `opus`, `aac`, `m4a`, ...
struct AudioContent {
  MediaSource source{};
  std::string format{};
  friend bool operator==(const AudioContent&, const AudioContent&) = default;
};

/// The model asks for a tool. `arguments` is the JSON object the model wrote.
struct ToolCallContent {
  std::string id{};
  std::string name{};
  Json arguments = Json::empty_object();
  std::string type{};  ///< Empty for the caller's tools; the service's word for its own
                       ///< (`server_tool_use`).
  UnknownMembers unknown{};
  friend bool operator==(const ToolCallContent&, const ToolCallContent&) = default;
};

/// Whether a tool did what it was asked.
enum class ToolStatus { unspecified, success, error };

struct SearchResultContent;
/// One part of a tool's answer.
using ToolResultPart = std::variant<TextContent, Json, ImageContent, DocumentContent, VideoContent,
                                    SearchResultContent>;

/// Material to answer from, with where it comes from.
struct SearchResultContent {
  std::string source{};
  std::string title{};
  std::vector<std::string> content{};
  bool citations = false;
  friend bool operator==(const SearchResultContent&, const SearchResultContent&) = default;
};

/// What a tool answered. `tool_call_id` repeats `ToolCallContent::id`.
struct ToolResultContent {
  std::string tool_call_id{};
  std::vector<ToolResultPart> content{};
  ToolStatus status = ToolStatus::unspecified;
  std::string type{};  ///< Empty for the caller's tools; the service's word for its own.
  friend bool operator==(const ToolResultContent&, const ToolResultContent&) = default;
};

/// What the model thought. `signature` must go back unchanged, with the block, in the same place.
struct ReasoningContent {
  std::string text{};
  std::string signature{};
  UnknownMembers unknown{};
  friend bool operator==(const ReasoningContent&, const ReasoningContent&) = default;
};

/// Reasoning that the provider has encrypted; goes back unchanged. `data` as received (base64
/// text).
struct RedactedReasoningContent {
  std::string data{};
  friend bool operator==(const RedactedReasoningContent&,
                         const RedactedReasoningContent&) = default;
};

/// Generated text with what it rests on. Each citation is the service's JSON object, kept as it
/// came.
struct CitationsContent {
  std::string text{};
  std::vector<Json> citations{};
  UnknownMembers unknown{};
  friend bool operator==(const CitationsContent&, const CitationsContent&) = default;
};

/// Everything before this mark may be cached. `ttl` is empty (five minutes), `5m` or `1h`.
struct CachePoint {
  std::string ttl{};
  friend bool operator==(const CachePoint&, const CachePoint&) = default;
};

/// Text or an image that a guardrail looks at. `qualifiers`: `grounding_source`, `query`,
/// `guard_content`.
struct GuardContent {
  std::variant<TextContent, ImageContent> content{};
  std::vector<std::string> qualifiers{};
  friend bool operator==(const GuardContent&, const GuardContent&) = default;
};

/// A block of a kind this version does not know, as the wire form wrote it. Sent back untouched by
/// the wire form that produced it; another one refuses it.
struct UnknownContent {
  std::string wire_format{};  ///< `converse` or `claude_messages`.
  Json block{};
  friend bool operator==(const UnknownContent&, const UnknownContent&) = default;
};

using Content =
    std::variant<TextContent, ImageContent, DocumentContent, VideoContent, AudioContent,
                 ToolCallContent, ToolResultContent, ReasoningContent, RedactedReasoningContent,
                 CitationsContent, SearchResultContent, CachePoint, GuardContent, UnknownContent>;

/// One turn, or one part of it: neighbours with the same role are joined before they are sent.
struct Message {
  Role role = Role::user;
  std::vector<Content> content{};

  [[nodiscard]] static Message system(std::string text);
  [[nodiscard]] static Message user(std::string text);
  [[nodiscard]] static Message assistant(std::string text);
  /// A tool's plain-text answer. For other answers fill a ToolResultContent.
  [[nodiscard]] static Message tool_result(std::string tool_call_id, std::string text,
                                           ToolStatus status = ToolStatus::unspecified);

  /// All text of the message joined (text and cited text; not reasoning).
  [[nodiscard]] std::string text() const;
  /// The tool calls in order.
  [[nodiscard]] std::vector<ToolCallContent> tool_calls() const;

  friend bool operator==(const Message&, const Message&) = default;
};

/// A message with one block of text (the specification's NewTextMessage).
[[nodiscard]] Message text_message(Role role, std::string text);

/// Reads an image; its media type is found from its bytes.
/// Errors: configuration_error when the file cannot be read, is empty, is over 25,000,000 bytes, or
/// is not PNG, JPEG, GIF or WebP.
[[nodiscard]] Result<ImageContent> image_from_file(const std::filesystem::path& path);

/// Reads an image, document, video or sound, decided by its bytes and then by its name's ending. A
/// document is named after its file, with a hyphen in place of what Bedrock refuses in names.
/// Errors: configuration_error, as `image_from_file`, and for a file of no known kind.
[[nodiscard]] Result<Content> content_from_file(const std::filesystem::path& path);

}  // namespace llm
