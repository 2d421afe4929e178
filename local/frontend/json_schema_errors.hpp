#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "json/reader.hpp"

namespace llm::local {

/// JSON types as Bedrock's schema check names them.
enum class FieldType { any, string, number, integer, boolean, array, object };

/// A member that an object may have.
struct Field {
  std::string_view name{};
  FieldType type = FieldType::any;
  bool required = false;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
};

/// The schema violations of `object`, in the words of the check that Bedrock runs before a model:
/// `#: required key [x] not found`, `#: extraneous key [x] is not permitted`,
/// `#/x: expected type: Number, found: Null`, `#/x: 2 is not less or equal to 1`, joined without a
/// separator; empty: valid. `pointer` is the place of the object, `#` at the root.
/// Source: recorded messages; the words are those of everit-org/json-schema.
[[nodiscard]] std::string violations(const json::Value& object, std::string_view pointer,
                                     std::span<const Field> fields);

/// `{pointer}: expected type: {expected}, found: {found}` unless `value` is of that type.
[[nodiscard]] std::string type_violation(const json::Value& value, std::string_view pointer,
                                         FieldType expected);

}  // namespace llm::local
