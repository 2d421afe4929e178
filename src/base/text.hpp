#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llm::base {

/// `text.starts_with(literal)`, compiled to a few word comparisons instead of a call. For checks
/// that run on every frame of a stream.
template <std::size_t size>
[[nodiscard]] constexpr bool begins(std::string_view text, const char (&literal)[size]) {
  return text.size() >= size - 1 && __builtin_memcmp(text.data(), literal, size - 1) == 0;
}
/// `text == literal`, compiled likewise.
template <std::size_t size>
[[nodiscard]] constexpr bool equals(std::string_view text, const char (&literal)[size]) {
  return text.size() == size - 1 && begins(text, literal);
}

/// Lower case; ASCII only, independent of the locale.
[[nodiscard]] std::string to_lower(std::string_view text);
void append_lower(std::string_view text, std::string& out);
/// Of ASCII.
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}
/// Space, tab, CR or LF.
[[nodiscard]] constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
/// The text between double quotes, as it is.
[[nodiscard]] std::string in_quotes(std::string_view text);
/// Requires: both have the same size.
[[nodiscard]] bool equals_ignoring_case_of_same_size(std::string_view left, std::string_view right);
[[nodiscard]] inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
  // Nearly all comparisons end here.
  return left.size() == right.size() && equals_ignoring_case_of_same_size(left, right);
}
[[nodiscard]] bool less_ignoring_case(std::string_view left, std::string_view right);
/// Without spaces, tabs, CR and LF at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The parts between separators; an empty text has one empty part.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// True for a valid HTTP method or header name (RFC 9110, section 5.6.2).
[[nodiscard]] bool is_token(std::string_view text);
/// True when a byte is below 0x20 or is 0x7f.
[[nodiscard]] bool has_control_byte(std::string_view text);
/// ASCII without blanks and control bytes, as RFC 3986 requires of a URL.
[[nodiscard]] bool is_visible_ascii(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// `text` with U+FFFD in place of every byte that is not part of a valid character.
[[nodiscard]] std::string with_valid_utf8(std::string_view text);
/// True when `utf8` is empty or all Unicode white space (U+00A0, U+3000, ... included).
[[nodiscard]] bool is_blank(std::string_view utf8);

}  // namespace llm::base
