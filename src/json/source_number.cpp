#include "json/source_number.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.hpp"

namespace llm::json {
namespace {

constexpr std::uint64_t kPayload = 0x00FF'FFFF'FFFF'FFFF;

bool is_in_number(char c) {
  return base::is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// The start of the next number, or the zero after the text.
// Requires: `at` is not inside a string.
const char* next_number(const char* at) {
  for (; *at != '\0'; ++at) {
    if (base::is_digit(*at) || *at == '-') return at;
    if (*at != '"') continue;
    for (++at; *at != '"'; ++at) {
      if (*at == '\\') ++at;
      if (*at == '\0') return at;
    }
  }
  return at;
}

std::string_view number_at(const char* begin) {
  const char* end = begin;
  while (is_in_number(*end)) ++end;
  return {begin, end};
}

const char* strings_of(const Tape& tape) { return reinterpret_cast<const char*>(tape.strings); }

// simdjson, doc/tape.md: the first word holds the index of the end; the last word is a sentinel.
std::uint64_t& last_word(const Tape& tape) { return tape.words[(tape.words[0] & kPayload) - 1]; }

bool is_number(char tag) {
  return tag == Tape::kInteger || tag == Tape::kUnsigned || tag == Tape::kDouble;
}

// Numbers are on the tape in the order of the text.
void note_numbers(const Tape& tape) {
  const std::uint64_t* const last = &last_word(tape);
  const char* at = strings_of(tape) + (*last & kPayload);
  for (std::uint64_t* word = tape.words + 1; word != last; ++word) {
    const char tag = static_cast<char>(*word >> 56);
    if (!is_number(tag)) continue;
    at = next_number(at);
    if (tag == Tape::kDouble) *word |= static_cast<std::uint64_t>(at - strings_of(tape));
    at += number_at(at).size();
    ++word;  // the value
  }
}

template <typename Integer>
bool fits(std::string_view digits) {
  Integer integer = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
}

bool is_integer_beyond_64_bits(std::string_view number) {
  const std::string_view digits = number.substr(number.starts_with('-') ? 1 : 0);
  return std::ranges::all_of(digits, base::is_digit) && digits.size() >= 19 &&
         !fits<std::int64_t>(number) && !fits<std::uint64_t>(number);
}

}  // namespace

void note_text(const Tape& tape, std::uint64_t offset) { last_word(tape) |= offset; }

std::string_view source_number(const Tape& tape, std::size_t place) {
  if ((tape.words[place] & kPayload) == 0) note_numbers(tape);
  return number_at(strings_of(tape) + (tape.words[place] & kPayload));
}

bool shorten_integers(char* text) {
  bool has_any = false;
  for (const char* at = next_number(text); *at != '\0'; at = next_number(at)) {
    const std::string_view number = number_at(at);
    at += number.size();
    if (!is_integer_beyond_64_bits(number)) continue;
    char* const last_digits = text + (at - text) - 2;
    last_digits[0] = 'e';
    last_digits[1] = '2';
    has_any = true;
  }
  return has_any;
}

}  // namespace llm::json
