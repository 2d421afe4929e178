#include "base/percent.hpp"

#include <algorithm>

#include "base/byte_set.hpp"

namespace llm::base {
namespace {

constexpr std::string_view kUpperHexDigits = "0123456789ABCDEF";
constexpr ByteSet kUnreserved("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

std::optional<unsigned> hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  return std::nullopt;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  append_percent_encoded(text, encoded);
  return encoded;
}

void append_percent_encoded(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto is_unreserved = [](char byte) { return kUnreserved.contains(byte); };
    const auto* const reserved = std::ranges::find_if_not(text, is_unreserved);
    const auto plain = static_cast<std::size_t>(reserved - text.begin());
    out.append(text.substr(0, plain));
    if (plain == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[plain]);
    out.push_back('%');
    out.push_back(kUpperHexDigits[byte >> 4]);
    out.push_back(kUpperHexDigits[byte & 15]);
    text.remove_prefix(plain + 1);
  }
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_value(text[i + 1]);
    const auto low = hex_value(text[i + 2]);
    if (!high || !low) return std::nullopt;
    decoded.push_back(static_cast<char>(*high << 4 | *low));
    i += 2;
  }
  return decoded;
}

}  // namespace llm::base
