#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace llm::base {
namespace {

constexpr std::string_view kTrimmed = " \t\r\n";

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

bool is_continuation(std::string_view text, std::size_t index) {
  return index < text.size() && (byte_at(text, index) & 0xC0) == 0x80;
}

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

CodePoint decode_two(std::string_view text, std::size_t at) {
  if (!is_continuation(text, at + 1)) return {};
  const std::uint32_t value = (byte_at(text, at) & 0x1F) << 6 | (byte_at(text, at + 1) & 0x3F);
  if (value < 0x80) return {};
  return {value, 2};
}

CodePoint decode_three(std::string_view text, std::size_t at) {
  if (!is_continuation(text, at + 1) || !is_continuation(text, at + 2)) return {};
  const std::uint32_t value = (byte_at(text, at) & 0x0F) << 12 |
                              (byte_at(text, at + 1) & 0x3F) << 6 | (byte_at(text, at + 2) & 0x3F);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < 0x800 || is_surrogate) return {};
  return {value, 3};
}

CodePoint decode_four(std::string_view text, std::size_t at) {
  for (std::size_t i = 1; i <= 3; ++i) {
    if (!is_continuation(text, at + i)) return {};
  }
  const std::uint32_t value = (byte_at(text, at) & 0x07) << 18 |
                              (byte_at(text, at + 1) & 0x3F) << 12 |
                              (byte_at(text, at + 2) & 0x3F) << 6 | (byte_at(text, at + 3) & 0x3F);
  if (value < 0x10000 || value > 0x10FFFF) return {};
  return {value, 4};
}

// The character that starts at `at`, by the table of well-formed sequences (Unicode, table 3-7).
CodePoint decode(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return {first, 1};
  if (first >> 5 == 0x06) return decode_two(text, at);
  if (first >> 4 == 0x0E) return decode_three(text, at);
  if (first >> 3 == 0x1E) return decode_four(text, at);
  return {};
}

// Unicode property White_Space (PropList.txt).
bool is_white_space(std::uint32_t character) {
  return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0x85 ||
         character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A) ||
         character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F ||
         character == 0x3000;
}

// How many of the bytes from `at` on are surely ASCII, eight at a time.
std::size_t ascii_words(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (; end + 8 <= text.size(); end += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + end, sizeof word);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  return end - at;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kTrimmed);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kTrimmed) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at += ascii_words(text, at);
    if (at == text.size()) return true;
    const CodePoint character = decode(text, at);
    if (character.bytes == 0) return false;
    at += character.bytes;
  }
  return true;
}

std::string with_valid_utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string valid;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = decode(text, at).bytes;
    valid += bytes == 0 ? kReplacement : text.substr(at, bytes);
    at += std::max<std::size_t>(bytes, 1);
  }
  return valid;
}

bool is_blank(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const CodePoint character = decode(utf8, at);
    if (character.bytes == 0 || !is_white_space(character.value)) return false;
    at += character.bytes;
  }
  return true;
}

}  // namespace llm::base
