#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llm::base {

/// Bytes that `n` bytes take in base64 with padding.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t n) { return (n + 2) / 3 * 4; }

/// Appends `bytes` in the standard alphabet with padding (RFC 4648 §4).
void append_base64(std::string_view bytes, std::string& out);

/// The same in the URL-safe alphabet without padding (RFC 4648 §5).
[[nodiscard]] std::string base64url(std::string_view bytes);

/// Appends what `text` encodes (standard alphabet, padding required, no white space).
/// False, with `out` as it was, when it is not that.
[[nodiscard]] bool append_base64_decoded(std::string_view text, std::string& out);

}  // namespace llm::base
