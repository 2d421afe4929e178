#include "json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "json/plain_text.hpp"

namespace llm::json {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kMaxEscape = 6;  // \u0000

// The letter after the backslash; nul for a character without a short escape.
char short_escape(char character) {
  switch (character) {
    case '"':
    case '\\':
      return character;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

// Writes one character, at most kMaxEscape bytes; returns where the next one goes.
char* write_character(char character, char* out) {
  const auto byte = static_cast<unsigned char>(character);
  if (const char letter = short_escape(character)) {
    *out++ = '\\';
    *out++ = letter;
  } else if (byte < 0x20) {
    std::memcpy(out, "\\u00", 4);
    out[4] = kHexDigits[byte >> 4];
    out[5] = kHexDigits[byte & 15];
    out += kMaxEscape;
  } else {
    *out++ = character;
  }
  return out;
}

char* write_escaped(std::string_view chunk, char* out) {
  while (chunk.size() >= 8) {
    if (EightBytes(chunk.data()).has_special()) {
      for (const char character : chunk.substr(0, 8)) out = write_character(character, out);
    } else {
      std::memcpy(out, chunk.data(), 8);
      out += 8;
    }
    chunk.remove_prefix(8);
  }
  for (const char character : chunk) out = write_character(character, out);
  return out;
}

void append_quoted(std::string_view utf8, std::string& out) {
  constexpr std::size_t kChunkBytes = 512;
  std::array<char, kChunkBytes * kMaxEscape> buffer;
  out.reserve(out.size() + utf8.size() + 2);
  out += '"';
  while (!utf8.empty()) {
    const std::string_view chunk = utf8.substr(0, kChunkBytes);
    char* const end = write_escaped(chunk, buffer.data());
    out.append(buffer.data(), end);
    utf8.remove_prefix(chunk.size());
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
  if (is_plain_text(text)) {
    out_ += '"';
    out_ += text;
    out_ += '"';
  } else if (base::is_valid_utf8(text)) {
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
  // Without the decimal point a reader would see the integer 0.
  if (number == 0 && std::signbit(number)) return raw("-0.0");
  std::array<char, 32> digits{};
  char* const last = digits.data() + digits.size();
  // Readers accept a whole number beyond 64 bits only with an exponent.
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
