#pragma once

#include <cstdint>
#include <string_view>

namespace llm::base {

/// CRC-32 (IEEE 802.3, as in zlib) of `bytes`, continuing from `seed` (0 to start).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace llm::base
