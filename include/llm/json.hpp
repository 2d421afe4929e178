#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>

namespace llm {

/// A JSON value as validated UTF-8 text, so that any JSON library can be used on either side.
/// A default-constructed one is `null`.
class Json {
 public:
  Json() = default;

  /// Checks `text` and keeps it as it is, without its outer white space.
  /// Errors: configuration_error when it is not one complete JSON value, is nested deeper than
  /// 256 levels, has invalid UTF-8, or holds a number beyond 1.8e308.
  [[nodiscard]] static Result<Json> parse(std::string_view text);

  /// `{}`.
  [[nodiscard]] static Json empty_object();

  /// Takes text that is known to be valid, e.g. what a JSON library of the caller has written.
  /// Requires: `text` is one valid JSON value; anything else is sent as it is and refused by the
  /// service.
  [[nodiscard]] static Json from_valid_text(std::string text);

  /// The text. The view lives as long as this object is not changed.
  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] bool is_null() const { return text_ == "null"; }
  [[nodiscard]] bool is_object() const { return text_.front() == '{'; }

  /// Equal text; white space and the order of keys count.
  friend bool operator==(const Json&, const Json&) = default;

 private:
  explicit Json(std::string text) : text_(std::move(text)) {}

  std::string text_ = "null";
};

}  // namespace llm
