#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks the `source` of an image block: base64, format, size and dimensions. `at` is the place of
/// the block, e.g. `messages.0.content.1`.
/// Source: Bedrock's refusals as reported in public issues; Anthropic vision limits.
[[nodiscard]] Checked<Image> read_claude_image(const json::Value& source, const std::string& at,
                                               const Model& model, std::uint32_t max_pixels);

/// The maximum width and height, in pixels, of images in a request with `images` of them.
/// Source: Anthropic, "Vision"; refusals as reported in public issues.
[[nodiscard]] std::uint32_t max_image_pixels(std::size_t images);

/// Refuses an image whose base64 text is too long.
[[nodiscard]] Checked<void> check_image_size(std::string_view base64, const std::string& at);

/// Decodes an image and checks that it is of the media type `declared` and not too large. `place`
/// is that of its source, e.g. `messages.0.content.1.image.source`.
[[nodiscard]] Checked<Image> read_image(std::string_view base64, std::string_view declared,
                                        const std::string& place, std::uint32_t max_pixels);

/// The tokens of an image.
/// Source: Anthropic vision guide, width × height / 750.
[[nodiscard]] std::int64_t image_tokens(const Image& image);

}  // namespace llm::local
