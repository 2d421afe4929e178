#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// Converse's words for kinds of files, and back. Views live for ever, or as long as the block.
/// Source: botocore, ImageFormat, DocumentFormat, VideoFormat, AudioFormat.

/// `png`, `jpeg`, `gif` or `webp`: by the bytes, for a file in S3 by its media type or ending.
/// Errors: configuration_error when it is none of them, or not what its media type says.
[[nodiscard]] Result<std::string_view> image_format(const ImageContent& image,
                                                    BlockPosition position);

/// `pdf`, `txt`, ...: by the media type, else by the bytes or the ending of its name. Text of a
/// kind that Converse has no word for is `txt`, with a warning (`document_as_text`).
/// Errors: configuration_error when it cannot be told, or is a PDF by its media type only;
/// unsupported_feature for a kind that Converse does not take.
[[nodiscard]] Result<std::string_view> document_format(const DocumentContent& document,
                                                       BlockPosition position,
                                                       std::vector<Warning>& warnings);

/// The format that is said, else by the ending of the name in S3.
/// Errors: configuration_error when there is neither.
[[nodiscard]] Result<std::string_view> video_format(const VideoContent& video,
                                                    BlockPosition position);
[[nodiscard]] Result<std::string_view> audio_format(const AudioContent& audio,
                                                    BlockPosition position);

/// The media type of a format; empty when there is none.
[[nodiscard]] std::string_view image_type_of(std::string_view format);
[[nodiscard]] std::string_view document_type_of(std::string_view format);

}  // namespace llm::bedrock
