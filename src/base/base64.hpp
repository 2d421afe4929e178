#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llm::base {

/// Size of `n` bytes in base64, padding included.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t n) { return (n + 2) / 3 * 4; }

/// Appends `bytes` in the standard alphabet with padding (RFC 4648 §4).
void append_base64(std::string_view bytes, std::string& out);

/// Encodes in the URL-safe alphabet without padding (RFC 4648 §5).
[[nodiscard]] std::string base64url(std::string_view bytes);

/// Decodes `text` (standard alphabet, padding required, no white space) and appends the bytes.
/// False for anything else, with `out` unchanged.
[[nodiscard]] bool append_base64_decoded(std::string_view text, std::string& out);

}  // namespace llm::base
