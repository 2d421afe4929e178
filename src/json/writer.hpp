#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <llm/json.hpp>

namespace llm::json {

/// Writes minified JSON into one string, in one pass. Commas are its business; matching braces are
/// the caller's. The output is always UTF-8: a byte of a string that is not becomes U+FFFD, so
/// callers for whom that is a loss refuse such text first (`base::is_valid_utf8`).
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
  /// Shortest text that reads back as the same double. Requires: finite.
  Writer& number(double number);
  Writer& boolean(bool value);
  Writer& null();
  /// Valid JSON text, taken as it is.
  Writer& raw(std::string_view json);
  Writer& raw(const Json& json) { return raw(json.text()); }
  /// A string that holds `bytes` as base64, encoded straight into the output.
  Writer& base64(std::string_view bytes);

  /// `key` and `string` in one.
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

  /// Makes room at once for a text of about this size.
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
