#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <llm/json.hpp>

namespace llm::json {

/// Writes minified JSON into one string, in one pass. It places the commas; matching the braces is
/// up to the caller. The output is always UTF-8: an invalid byte in a string becomes U+FFFD. A
/// caller that cannot accept that loss checks first (`base::is_valid_utf8`).
class Writer {
 public:
  Writer() = default;

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  /// Requires: inside an object, before its value.
  Writer& key(std::string_view name);

  Writer& string(std::string_view text);
  Writer& integer(std::int64_t number);
  /// The shortest text that reads back as the same double. Requires: finite.
  Writer& number(double number);
  Writer& boolean(bool value);
  Writer& null();
  /// Valid JSON text, copied unchanged.
  Writer& raw(std::string_view json);
  Writer& raw(const Json& json) { return raw(json.text()); }
  /// A string with `bytes` as base64, encoded directly into the output.
  Writer& base64(std::string_view bytes);

  /// `key` and `string` in one.
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

  /// Reserves memory for a text of about this size.
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  [[nodiscard]] std::string take() && { return std::move(out_); }
  [[nodiscard]] std::string_view view() const { return out_; }

 private:
  void separate();

  std::string out_;
  bool needs_comma_ = false;
};

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace llm::json
