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

/// The author of a message. `tool` messages carry only tool results; Bedrock receives them as
/// `user` messages.
enum class Role { system, user, assistant, tool };

[[nodiscard]] std::string_view to_string(Role role);

/// A file in Amazon S3, read by the service.
struct S3Location {
  std::string uri{};           ///< `s3://bucket/key`
  std::string bucket_owner{};  ///< Account id, twelve digits; empty if the caller owns the bucket.
  friend bool operator==(const S3Location&, const S3Location&) = default;
};

/// Raw bytes (not base64), or a location in S3.
using MediaSource = std::variant<std::string, S3Location>;

/// Members of a known block that this version does not know, as received. Sent back unchanged in
/// the same wire format; any other leaves them out with a warning.
struct UnknownMembers {
  std::string wire_format{};  ///< `converse` or `claude_messages`.
  Json members{};             ///< A JSON object; null: none.
  [[nodiscard]] bool empty() const { return members.is_null(); }
  friend bool operator==(const UnknownMembers&, const UnknownMembers&) = default;
};

/// Plain text, UTF-8.
struct TextContent {
  std::string text{};
  UnknownMembers unknown{};
  friend bool operator==(const TextContent&, const TextContent&) = default;
};

/// An image. `media_type` is `image/png`, `image/jpeg`, `image/gif` or `image/webp`; empty:
/// detected from the bytes. A declared type that contradicts the bytes is refused before anything
/// is sent.
struct ImageContent {
  MediaSource source{};
  std::string media_type{};
  friend bool operator==(const ImageContent&, const ImageContent&) = default;
};

/// A document. `media_type` is an IANA media type (`application/pdf`, `text/csv`, ...); empty:
/// detected from the bytes or the file extension in `name`. `name` is shown to the model;
/// docs/lint.md lists the characters it may contain.
struct DocumentContent {
  MediaSource source{};
  std::string media_type{};
  std::string name{};
  std::string context{};   ///< What the document is for; may be empty.
  bool citations = false;  ///< Asks the model to cite it.
  /// The text of the document in passages, which the model cites as a whole. Replaces `source`.
  std::vector<std::string> passages{};
  bool as_text = false;  ///< Sends plain text as text, not as a file; cited text always is.
  friend bool operator==(const DocumentContent&, const DocumentContent&) = default;
};

/// A video. `format` is the service's name: `mp4`, `mov`, `mkv`, `webm`, `flv`, `mpeg`, `mpg`,
/// `wmv` or `three_gp`.
struct VideoContent {
  MediaSource source{};
  std::string format{};
  friend bool operator==(const VideoContent&, const VideoContent&) = default;
};

/// Audio. `format` is the service's name: `mp3`, `wav`, `flac`, `ogg`, `opus`, `aac`, `m4a`, ...
struct AudioContent {
  MediaSource source{};
  std::string format{};
  friend bool operator==(const AudioContent&, const AudioContent&) = default;
};

/// A call of a tool by the model. `arguments` is the JSON object that the model wrote; a model that
/// wrote something else (a string, a list) is taken at its word, with the warning
/// `arguments_not_object`.
struct ToolCallContent {
  std::string id{};
  std::string name{};
  Json arguments = Json::empty_object();
  std::string type{};  ///< Empty for the caller's tools; for the service's own, its name for
                       ///< them (`server_tool_use`).
  UnknownMembers unknown{};
  friend bool operator==(const ToolCallContent&, const ToolCallContent&) = default;
};

/// Whether a tool call succeeded.
enum class ToolStatus { unspecified, success, error };

struct SearchResultContent;
/// One part of a tool's result.
using ToolResultPart = std::variant<TextContent, Json, ImageContent, DocumentContent, VideoContent,
                                    SearchResultContent>;

/// A search result for the model to use, with its source.
struct SearchResultContent {
  std::string source{};
  std::string title{};
  std::vector<std::string> content{};
  bool citations = false;
  friend bool operator==(const SearchResultContent&, const SearchResultContent&) = default;
};

/// The result of a tool call. `tool_call_id` is the `ToolCallContent::id` of the call.
struct ToolResultContent {
  std::string tool_call_id{};
  std::vector<ToolResultPart> content{};
  ToolStatus status = ToolStatus::unspecified;
  std::string type{};  ///< As ToolCallContent::type.
  friend bool operator==(const ToolResultContent&, const ToolResultContent&) = default;
};

/// The model's reasoning. Send the block back unchanged, with its `signature`, in the same place.
struct ReasoningContent {
  std::string text{};
  std::string signature{};
  UnknownMembers unknown{};
  friend bool operator==(const ReasoningContent&, const ReasoningContent&) = default;
};

/// Reasoning encrypted by the provider; send it back unchanged. `data` is base64 text, as received.
struct RedactedReasoningContent {
  std::string data{};
  friend bool operator==(const RedactedReasoningContent&,
                         const RedactedReasoningContent&) = default;
};

/// Generated text with its citations. Each citation is the service's JSON object, as received.
struct CitationsContent {
  std::string text{};
  std::vector<Json> citations{};
  UnknownMembers unknown{};
  friend bool operator==(const CitationsContent&, const CitationsContent&) = default;
};

/// Marks the end of a cacheable prefix. `ttl` is empty (five minutes), `5m` or `1h`.
struct CachePoint {
  std::string ttl{};
  friend bool operator==(const CachePoint&, const CachePoint&) = default;
};

/// Text or an image for a guardrail to assess. `qualifiers`: `grounding_source`, `query`,
/// `guard_content`.
struct GuardContent {
  std::variant<TextContent, ImageContent> content{};
  std::vector<std::string> qualifiers{};
  friend bool operator==(const GuardContent&, const GuardContent&) = default;
};

/// Names a tool in a ToolAdditionContent or ToolRemovalContent.
struct ToolReference {
  std::string type{};         ///< The service's word for the kind of tool; may be empty.
  std::string name{};         ///< Empty: all tools of the server.
  std::string server_name{};  ///< Of a tool that a server offers; may be empty.
  friend bool operator==(const ToolReference&, const ToolReference&) = default;
};

/// From here on the model may call the tool. In a `system` message, and only through Converse.
struct ToolAdditionContent {
  ToolReference tool{};
  friend bool operator==(const ToolAdditionContent&, const ToolAdditionContent&) = default;
};

/// From here on the model may not call the tool any more. As ToolAdditionContent.
struct ToolRemovalContent {
  ToolReference tool{};
  friend bool operator==(const ToolRemovalContent&, const ToolRemovalContent&) = default;
};

/// A block of a kind that this version does not know, as received. Sent back unchanged in the same
/// wire format; any other refuses it.
struct UnknownContent {
  std::string wire_format{};  ///< `converse` or `claude_messages`.
  Json block{};
  /// Its deltas could not be joined, so that `block` lacks something. It cannot be sent back.
  bool incomplete = false;
  friend bool operator==(const UnknownContent&, const UnknownContent&) = default;
};

using Content =
    std::variant<TextContent, ImageContent, DocumentContent, VideoContent, AudioContent,
                 ToolCallContent, ToolResultContent, ReasoningContent, RedactedReasoningContent,
                 CitationsContent, SearchResultContent, CachePoint, GuardContent,
                 ToolAdditionContent, ToolRemovalContent, UnknownContent>;

/// One turn, or part of one: adjacent messages with the same role are merged when they are sent.
struct Message {
  Role role = Role::user;
  std::vector<Content> content{};

  [[nodiscard]] static Message system(std::string text);
  [[nodiscard]] static Message user(std::string text);
  [[nodiscard]] static Message assistant(std::string text);
  /// A tool's result as plain text. For any other result use ToolResultContent.
  [[nodiscard]] static Message tool_result(std::string tool_call_id, std::string text,
                                           ToolStatus status = ToolStatus::unspecified);

  /// All text of the message, concatenated (text and cited text, not reasoning).
  [[nodiscard]] std::string text() const;
  /// The tool calls, in order.
  [[nodiscard]] std::vector<ToolCallContent> tool_calls() const;

  friend bool operator==(const Message&, const Message&) = default;
};

/// A message with one block of text.
[[nodiscard]] Message text_message(Role role, std::string text);

/// Reads an image and detects its media type from its bytes.
/// Errors: configuration_error if the file cannot be read, is empty, is larger than 25,000,000
/// bytes, or is not a PNG, JPEG, GIF or WebP image.
[[nodiscard]] Result<ImageContent> image_from_file(const std::filesystem::path& path);

/// Reads an image, document, video or audio file; the kind is detected from its bytes, then from
/// its file extension. A document gets the name of the file, with hyphens in place of characters
/// that Bedrock refuses. Errors: configuration_error, as `image_from_file`, and for a file of an
/// unknown kind.
[[nodiscard]] Result<Content> content_from_file(const std::filesystem::path& path);

}  // namespace llm
