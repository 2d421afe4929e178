#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace llm::base {

/// `image/png`, `image/jpeg`, `image/gif`, `image/webp` from the first bytes; empty for anything
/// else.
[[nodiscard]] std::string_view image_media_type(std::string_view bytes);

struct ImageSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
/// Width and height from the header of a PNG, JPEG, GIF or WebP; nullopt when the header is
/// incomplete or malformed.
[[nodiscard]] std::optional<ImageSize> image_size(std::string_view bytes);

}  // namespace llm::base
