#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks the `source` of an image block: base64, format, size and dimensions. `at` is where the
/// block stands, e.g. `messages.0.content.1`.
/// Source: Bedrock's refusals as reported in public issues; Anthropic vision limits.
[[nodiscard]] Checked<Picture> read_claude_image(const json::Value& source, const std::string& at,
                                                 const Model& model, std::uint32_t max_pixels);

/// The most pixels of either side of an image in a request that has `images` of them.
/// Source: Anthropic, "Vision"; refusals as reported in public issues.
[[nodiscard]] std::uint32_t max_image_pixels(std::size_t images);

/// Refuses base64 text of an image that is too long.
[[nodiscard]] Checked<void> check_image_size(std::string_view base64, const std::string& at);

/// Decodes an image and checks that it is what `declared`, a media type, says and not too large.
/// `place` is where its source stands, e.g. `messages.0.content.1.image.source`.
[[nodiscard]] Checked<Picture> read_image(std::string_view base64, std::string_view declared,
                                          const std::string& place, std::uint32_t max_pixels);

/// What an image costs.
/// Source: Anthropic vision guide, width × height / 750.
[[nodiscard]] std::int64_t picture_tokens(const Picture& picture);

}  // namespace llm::local
