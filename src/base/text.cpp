#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/byte_set.hpp"

namespace llm::base {
namespace {

constexpr ByteSet kTokenBytes(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

bool is_trimmed(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

bool is_surrogate(std::uint32_t value) { return value >= 0xD800 && value <= 0xDFFF; }

// The first character of `text`, well-formed by table 3-7 of the Unicode Standard.
// Requires: not empty.
CodePoint decode(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::uint32_t first = bytes[0];
  if (first < 0x80) return {first, 1};
  if (first < 0xC2 || first > 0xF4) return {};

  const std::size_t count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < count) return {};
  std::uint32_t value = first & (0x7FU >> count);
  for (std::size_t i = 1; i < count; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return {};
    value = value << 6 | (bytes[i] & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[count] || value > 0x10FFFF || is_surrogate(value)) return {};
  return {value, count};
}

// Unicode property White_Space (PropList.txt).
bool is_white_space(std::uint32_t character) {
  return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0x85 ||
         character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A) ||
         character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F ||
         character == 0x3000;
}

constexpr std::uint64_t kEachByte = 0x0101010101010101U;

// The eight bytes from `start`.
std::uint64_t word_at(std::string_view text, std::size_t start) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + start, sizeof word);
  return word;
}

// The high bit of some byte is set if and only if some byte is below `limit` or is 0x7f:
// subtracting the limit (or 1, where 0x7f has become 0) borrows from that bit.
std::uint64_t control_bytes(std::uint64_t word, std::uint64_t limit) {
  const std::uint64_t without_delete = word ^ (kEachByte * 0x7F);
  return ((word - kEachByte * limit) & ~word) | ((without_delete - kEachByte) & ~without_delete);
}

// Whether `find` sets the high bit of a byte in any word of `text`. The last word overlaps the one
// before it; a short text is padded with a byte that is never found.
template <typename Find>
bool any_word_of(std::string_view text, Find find) {
  constexpr std::uint64_t kHighBits = kEachByte * 0x80;
  if (text.empty()) return false;
  if (text.size() < 8) {
    std::uint64_t word = kEachByte * 'x';
    std::memcpy(&word, text.data(), text.size());
    return (find(word) & kHighBits) != 0;
  }
  const std::size_t last = text.size() - 8;
  for (std::size_t start = 0; start < last; start += 8) {
    if ((find(word_at(text, start)) & kHighBits) != 0) return true;
  }
  return (find(word_at(text, last)) & kHighBits) != 0;
}

// Each byte in lower case. An addition sets the high bit of a byte from 'A' on, or beyond 'Z';
// bytes that are not ASCII stay as they are.
std::uint64_t lower_word(std::uint64_t word) {
  const std::uint64_t low_bits = word & (kEachByte * 0x7F);
  const std::uint64_t from_a = low_bits + kEachByte * (0x80 - 'A');
  const std::uint64_t beyond_z = low_bits + kEachByte * (0x7F - 'Z');
  const std::uint64_t is_upper = (from_a ^ beyond_z) & ~word & (kEachByte * 0x80);
  return word | (is_upper >> 2U);
}

// Number of leading bytes that are ASCII, in steps of eight.
std::size_t ascii_words(std::string_view text) {
  std::size_t end = 0;
  for (; end + 8 <= text.size(); end += 8) {
    if ((word_at(text, end) & (kEachByte * 0x80)) != 0) break;
  }
  return end;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string result;
  append_lower(text, result);
  return result;
}

void append_lower(std::string_view text, std::string& out) {
  out.append(text);
  char* next = out.data() + (out.size() - text.size());
  char* const end = out.data() + out.size();
  for (; end - next >= 8; next += 8) {
    const std::uint64_t word = lower_word(word_at({next, 8}, 0));
    std::memcpy(next, &word, sizeof word);
  }
  std::transform(next, end, next, lower);
}

bool equals_ignoring_case_of_same_size(std::string_view left, std::string_view right) {
  // Most letters match without conversion.
  return std::ranges::equal(
      left, right, [](char one, char other) { return one == other || lower(one) == lower(other); });
}

bool less_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::lexicographical_compare(left, right, {}, lower, lower);
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_trimmed(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_trimmed(text.back())) text.remove_suffix(1);
  return text;
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

bool is_token(std::string_view text) {
  const auto is_token_byte = [](char byte) { return kTokenBytes.contains(byte); };
  return !text.empty() && std::ranges::all_of(text, is_token_byte);
}

bool has_control_byte(std::string_view text) {
  return any_word_of(text, [](std::uint64_t word) { return control_bytes(word, 0x20); });
}

bool is_visible_ascii(std::string_view text) {
  return !any_word_of(text, [](std::uint64_t word) { return control_bytes(word, 0x21) | word; });
}

bool is_valid_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_words(text));
    // Then a few characters one by one: non-ASCII text usually continues for a while.
    for (int i = 0; i < 8; ++i) {
      if (text.empty()) return true;
      const CodePoint character = decode(text);
      if (character.bytes == 0) return false;
      text.remove_prefix(character.bytes);
    }
  }
}

std::string with_valid_utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string valid;
  while (!text.empty()) {
    const std::size_t bytes = decode(text).bytes;
    valid += bytes == 0 ? kReplacement : text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return valid;
}

bool is_blank(std::string_view utf8) {
  while (!utf8.empty()) {
    const CodePoint character = decode(utf8);
    if (character.bytes == 0 || !is_white_space(character.value)) return false;
    utf8.remove_prefix(character.bytes);
  }
  return true;
}

}  // namespace llm::base
