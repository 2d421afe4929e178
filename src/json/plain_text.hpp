#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/text.hpp"

namespace llm::json {

/// Eight bytes of a JSON string at a time.
class EightBytes {
 public:
  /// Requires: `bytes` points to at least eight bytes.
  explicit EightBytes(const char* bytes) { std::memcpy(&word_, bytes, sizeof word_); }

  /// True when one of them must be escaped: a quote, a backslash, or below 0x20.
  [[nodiscard]] bool has_special() const {
    const std::uint64_t special = below(word_, 0x20) | below(word_ ^ in_every_byte('"'), 1) |
                                  below(word_ ^ in_every_byte('\\'), 1);
    return (special & in_every_byte(0x80)) != 0;
  }
  /// True when all of them are ASCII.
  [[nodiscard]] bool is_ascii() const { return (word_ & in_every_byte(0x80)) == 0; }

 private:
  static constexpr std::uint64_t in_every_byte(std::uint64_t byte) {
    return byte * 0x0101010101010101U;
  }
  // The high bit of some byte is set if and only if some byte is below `limit`: subtracting it
  // borrows from that bit.
  static constexpr std::uint64_t below(std::uint64_t word, std::uint64_t limit) {
    return (word - in_every_byte(limit)) & ~word;
  }

  std::uint64_t word_ = 0;
};

/// True when `text` needs no escaping in a JSON string: valid UTF-8 without a quote, a backslash or
/// a byte below 0x20.
[[nodiscard]] inline bool is_plain_text(std::string_view text) {
  bool is_ascii = true;
  if (text.size() >= 8) {
    // The last word overlaps the one before it.
    const std::size_t last = text.size() - 8;
    for (std::size_t at = 0;; at = std::min(at + 8, last)) {
      const EightBytes word(text.data() + at);
      if (word.has_special()) return false;
      is_ascii = is_ascii && word.is_ascii();
      if (at == last) break;
    }
  } else {
    for (const char character : text) {
      const auto byte = static_cast<unsigned char>(character);
      if (byte < 0x20 || byte == '"' || byte == '\\') return false;
      is_ascii = is_ascii && byte < 0x80;
    }
  }
  return is_ascii || base::is_valid_utf8(text);
}

}  // namespace llm::json
