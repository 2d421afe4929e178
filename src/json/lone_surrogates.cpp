#include "json/lone_surrogates.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace llm::json {
namespace {

constexpr std::size_t kEscapeBytes = 6;   // \uXXXX
constexpr std::size_t kEncodedBytes = 3;  // ED A0 80 to ED BF BF

// The UTF-16 unit of the escape that begins here; nullopt for anything else.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t at) {
  if (text.size() - at < kEscapeBytes || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  std::uint32_t unit = 0;
  const char* const end = text.data() + at + kEscapeBytes;
  const auto [read_to, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc() || read_to != end) return std::nullopt;
  return unit;
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

bool is_encoded_surrogate(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) {
    return static_cast<unsigned char>(text[at + offset]);
  };
  return text.size() - at >= kEncodedBytes && byte(0) == 0xED && byte(1) >= 0xA0 &&
         byte(1) <= 0xBF && byte(2) >= 0x80 && byte(2) <= 0xBF;
}

}  // namespace

bool replace_lone_surrogates(std::span<char> text) {
  const std::string_view view(text.data(), text.size());
  bool has_any = false;
  const auto replace = [&](std::size_t at, std::string_view by) {
    std::ranges::copy(by, text.begin() + static_cast<std::ptrdiff_t>(at));
    has_any = true;
  };
  for (std::size_t at = 0; at < view.size();) {
    if (is_encoded_surrogate(view, at)) {
      replace(at, "\xEF\xBF\xBD");
      at += kEncodedBytes;
      continue;
    }
    if (view[at] != '\\') {
      ++at;
      continue;
    }
    const auto unit = unit_at(view, at);
    if (!unit) {
      at += 2;  // another escape, such as an escaped backslash
      continue;
    }
    const auto next =
        view.size() - at > kEscapeBytes ? unit_at(view, at + kEscapeBytes) : std::nullopt;
    const bool is_pair = is_high(*unit) && next && is_low(*next);
    if (!is_pair && (is_high(*unit) || is_low(*unit))) replace(at, "\\ufffd");
    at += is_pair ? 2 * kEscapeBytes : kEscapeBytes;
  }
  return has_any;
}

}  // namespace llm::json
