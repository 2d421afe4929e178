#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// Converse's names of file formats, and their media types. Views are constants, or live as long as
/// the block.
/// Source: botocore, ImageFormat, DocumentFormat, VideoFormat, AudioFormat.

/// `png`, `jpeg`, `gif` or `webp`: by the bytes, for a file in S3 by its media type or extension.
/// Errors: configuration_error when it is another format, or contradicts its media type.
[[nodiscard]] Result<std::string_view> image_format(const ImageContent& image,
                                                    BlockPosition position);

/// `pdf`, `txt`, ...: by the media type, else by the bytes or the file extension. Text of a type
/// that Converse has no name for is `txt`, with a warning (`document_as_text`). Errors:
/// configuration_error when the type is unknown or contradicts the bytes; unsupported_feature for a
/// type that Converse does not accept.
[[nodiscard]] Result<std::string_view> document_format(const DocumentContent& document,
                                                       BlockPosition position,
                                                       std::vector<Warning>& warnings);

/// The given format, else by the file extension in S3.
/// Errors: configuration_error when there is neither.
[[nodiscard]] Result<std::string_view> video_format(const VideoContent& video,
                                                    BlockPosition position);
[[nodiscard]] Result<std::string_view> audio_format(const AudioContent& audio,
                                                    BlockPosition position);

/// The media type of a format; empty for an unknown one.
[[nodiscard]] std::string_view image_type_of(std::string_view format);
[[nodiscard]] std::string_view document_type_of(std::string_view format);

}  // namespace llm::bedrock
