#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llm::base {

/// `text.starts_with(literal)`, but compiled to a few comparisons of words instead of a call: for
/// what is looked at in every message of a stream.
template <std::size_t size>
[[nodiscard]] constexpr bool begins(std::string_view text, const char (&literal)[size]) {
  return text.size() >= size - 1 && __builtin_memcmp(text.data(), literal, size - 1) == 0;
}
/// `text == literal`, likewise.
template <std::size_t size>
[[nodiscard]] constexpr bool equals(std::string_view text, const char (&literal)[size]) {
  return text.size() == size - 1 && begins(text, literal);
}

/// ASCII only, independent of the locale.
[[nodiscard]] std::string to_lower(std::string_view text);
void append_lower(std::string_view text, std::string& out);
/// Requires: both are of one size.
[[nodiscard]] bool equals_ignoring_case_at_one_size(std::string_view left, std::string_view right);
[[nodiscard]] inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
  // Nearly all that are compared differ in this already.
  return left.size() == right.size() && equals_ignoring_case_at_one_size(left, right);
}
[[nodiscard]] bool less_ignoring_case(std::string_view left, std::string_view right);
/// Without spaces, tabs, CR and LF at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The parts between `separator`; of an empty text, one empty part.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// What HTTP allows as a method or as the name of a header (RFC 9110, section 5.6.2).
[[nodiscard]] bool is_token(std::string_view text);
/// A byte below 0x20, or 0x7f.
[[nodiscard]] bool has_control_byte(std::string_view text);
/// ASCII without blanks and control bytes, as a URL has to be (RFC 3986).
[[nodiscard]] bool is_visible_ascii(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// `text` with U+FFFD in place of every byte that belongs to no character.
[[nodiscard]] std::string with_valid_utf8(std::string_view text);
/// True when every character is white space as Unicode has it (also U+00A0, U+3000, ...), or none
/// is there.
[[nodiscard]] bool is_blank(std::string_view utf8);

}  // namespace llm::base
