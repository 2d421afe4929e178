#include "json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace llm::json {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr std::uint64_t in_every_byte(std::uint64_t byte) { return byte * 0x0101010101010101U; }

// True when one of eight bytes is zero.
constexpr bool has_zero(std::uint64_t word) {
  return ((word - in_every_byte(0x01)) & ~word & in_every_byte(0x80)) != 0;
}

// True when one of eight bytes is below 0x20.
constexpr bool has_control(std::uint64_t word) {
  return ((word - in_every_byte(0x20)) & ~word & in_every_byte(0x80)) != 0;
}

bool must_be_escaped(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

// How many bytes from the start can be written as they are.
std::size_t plain_run(std::string_view text) {
  std::size_t end = 0;
  for (; end + 8 <= text.size(); end += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + end, sizeof word);
    if (has_control(word) || has_zero(word ^ in_every_byte('"')) ||
        has_zero(word ^ in_every_byte('\\'))) {
      break;
    }
  }
  while (end < text.size() && !must_be_escaped(text[end])) ++end;
  return end;
}

void append_escaped(char character, std::string& out) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHexDigits[static_cast<unsigned char>(character) >> 4];
      out += kHexDigits[static_cast<unsigned char>(character) & 15];
  }
}

void append_quoted(std::string_view utf8, std::string& out) {
  out += '"';
  while (!utf8.empty()) {
    const std::size_t run = plain_run(utf8);
    out.append(utf8.substr(0, run));
    if (run == utf8.size()) break;
    append_escaped(utf8[run], out);
    utf8.remove_prefix(run + 1);
  }
  out += '"';
}

}  // namespace

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  string(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  if (base::is_valid_utf8(text)) {
    append_quoted(text, out_);
  } else {
    append_quoted(base::with_valid_utf8(text), out_);
  }
  return *this;
}

Writer& Writer::integer(std::int64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return raw(std::string_view(digits.data(), end));
}

Writer& Writer::number(double number) {
  // Without its point the reader would take it for the integer 0.
  if (number == 0 && std::signbit(number)) return raw("-0.0");
  std::array<char, 32> digits{};
  char* const last = digits.data() + digits.size();
  // A whole number beyond 64 bits is read only when it has an exponent.
  const auto end =
      std::abs(number) < 0x1p63
          ? std::to_chars(digits.data(), last, number).ptr
          : std::to_chars(digits.data(), last, number, std::chars_format::scientific).ptr;
  return raw(std::string_view(digits.data(), end));
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

Writer& Writer::base64(std::string_view bytes) {
  separate();
  out_ += '"';
  base::append_base64(bytes, out_);
  out_ += '"';
  return *this;
}

void Writer::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

std::string quoted(std::string_view text) {
  Writer writer;
  writer.string(text);
  return std::move(writer).take();
}

}  // namespace llm::json
