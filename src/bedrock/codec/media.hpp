#pragma once

#include <string_view>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// The type that is meant: `image/jpg` is often written for `image/jpeg`. A view of what is given,
/// or for ever.
[[nodiscard]] std::string_view declared_type(std::string_view media_type);

/// Image bytes and what they are. Views live as long as the request, the type for ever.
struct InlineImage {
  std::string_view bytes{};
  std::string_view media_type{};
};

/// The bytes of an image and what they are, whatever their size. `where` names it in messages.
/// Errors: unsupported_feature for one in S3; configuration_error when it is no PNG, JPEG, GIF or
/// WebP, or is not what its media type says.
[[nodiscard]] Result<InlineImage> inline_image(const ImageContent& image, std::string_view where,
                                               const ModelId& model);

/// The same for an image of a chat; its size is the lint's business.
[[nodiscard]] Result<InlineImage> read_image(const ImageContent& image, BlockPosition position,
                                             const ModelId& model);

/// Document bytes and what they are. Views live as long as the request.
struct InlineDocument {
  std::string_view bytes;
  std::string_view media_type;
  bool is_pdf = false;  ///< Else text, valid UTF-8.
};

/// Checks a document that is sent as bytes: PDF, or any kind of text.
/// Errors: unsupported_feature for one in S3 or of another kind; configuration_error when its bytes
/// are not what its media type says, or its kind cannot be told.
[[nodiscard]] Result<InlineDocument> read_document(const DocumentContent& document,
                                                   BlockPosition position, const ModelId& model);

}  // namespace llm::bedrock
