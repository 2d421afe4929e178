#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>

namespace llm {

/// A JSON value as validated UTF-8 text, so that callers can use any JSON library. `null` by
/// default.
class Json {
 public:
  Json() = default;

  /// Validates `text` and stores it unchanged, without leading and trailing white space.
  /// Errors: configuration_error if it is not exactly one JSON value, is nested more than 256
  /// levels deep, is not valid UTF-8, or contains a number beyond 1.8e308.
  [[nodiscard]] static Result<Json> parse(std::string_view text);

  /// `{}`.
  [[nodiscard]] static Json empty_object();

  /// Wraps text that is known to be valid, for example the output of the caller's JSON library.
  /// Requires: `text` is one valid JSON value. Anything else is sent unchanged, and refused by the
  /// service.
  [[nodiscard]] static Json from_valid_text(std::string text);

  /// The text. The reference stays valid until this object is changed.
  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] bool is_null() const { return text_ == "null"; }
  [[nodiscard]] bool is_object() const { return text_.front() == '{'; }

  /// Compares the text, including white space and the order of keys.
  friend bool operator==(const Json&, const Json&) = default;

 private:
  explicit Json(std::string text) : text_(std::move(text)) {}

  std::string text_ = "null";
};

}  // namespace llm
