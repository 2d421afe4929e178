#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace llm::base {

using Sha256Digest = std::array<unsigned char, 32>;

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);
[[nodiscard]] Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);
/// SHA-1 as hex; for the names of cache files of IAM Identity Center only.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);
/// Lower-case hex.
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string hex(const Sha256Digest& digest);

}  // namespace llm::base
