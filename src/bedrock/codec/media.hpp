#pragma once

#include <string_view>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// The registered name of an image type: `image/jpg` is often written for `image/jpeg`. The result
/// is the argument or a constant.
[[nodiscard]] std::string_view declared_type(std::string_view media_type);

/// The bytes of an image and their type. `bytes` lives as long as the request; `media_type` is a
/// constant.
struct InlineImage {
  std::string_view bytes{};
  std::string_view media_type{};
};

/// The bytes of an image of any size, and their type. `position` names it in messages.
/// Errors: unsupported_feature for an image in S3; configuration_error when it is not PNG, JPEG,
/// GIF or WebP, or contradicts its media type.
[[nodiscard]] Result<InlineImage> inline_image(const ImageContent& image, std::string_view position,
                                               const ModelId& model);

/// The same for an image of a chat; its size is checked by the lint rules.
[[nodiscard]] Result<InlineImage> read_image(const ImageContent& image, BlockPosition position,
                                             const ModelId& model);

/// The bytes of a document and their type. Views live as long as the request.
struct InlineDocument {
  std::string_view bytes;
  std::string_view media_type;
  bool is_pdf = false;  ///< Otherwise text, valid UTF-8.
};

/// Checks a document that is sent as bytes: PDF, or any kind of text.
/// Errors: unsupported_feature for a document in S3 or of another type; configuration_error when
/// its bytes contradict its media type, or its type is unknown.
[[nodiscard]] Result<InlineDocument> read_document(const DocumentContent& document,
                                                   BlockPosition position, const ModelId& model);

}  // namespace llm::bedrock
