#include "local/frontend/json_schema_errors.hpp"

#include <algorithm>

namespace llm::local {
namespace {

using json::Kind;
using json::Value;

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::any:
      return "Any";
    case FieldType::string:
      return "String";
    case FieldType::number:
      return "Number";
    case FieldType::integer:
      return "Integer";
    case FieldType::boolean:
      return "Boolean";
    case FieldType::array:
      return "JSONArray";
    case FieldType::object:
      return "JSONObject";
  }
  return "Any";
}

std::string_view found_name(const Value& value) {
  switch (value.kind()) {
    case Kind::absent:
    case Kind::null:
      return "Null";
    case Kind::boolean:
      return "Boolean";
    case Kind::number:
      return value.integer() ? "Integer" : "BigDecimal";
    case Kind::string:
      return "String";
    case Kind::array:
      return "JSONArray";
    case Kind::object:
      return "JSONObject";
  }
  return "Null";
}

bool has_type(const Value& value, FieldType type) {
  switch (type) {
    case FieldType::any:
      return true;
    case FieldType::string:
      return value.is_string();
    case FieldType::number:
      return value.kind() == Kind::number;
    case FieldType::integer:
      return value.kind() == Kind::number && value.integer().has_value();
    case FieldType::boolean:
      return value.kind() == Kind::boolean;
    case FieldType::array:
      return value.is_array();
    case FieldType::object:
      return value.is_object();
  }
  return false;
}

std::string bound_text(double bound) { return std::to_string(static_cast<long long>(bound)); }

std::string range_violation(const Value& value, const std::string& pointer, const Field& field) {
  const std::optional<double> number = value.number();
  if (!number) return {};
  if (*number > field.maximum) {
    return pointer + ": " + value.to_text() + " is not less or equal to " +
           bound_text(field.maximum);
  }
  if (*number < field.minimum) {
    return pointer + ": " + value.to_text() + " is not greater or equal to " +
           bound_text(field.minimum);
  }
  return {};
}

}  // namespace

std::string type_violation(const Value& value, std::string_view pointer, FieldType expected) {
  if (has_type(value, expected)) return {};
  return std::string(pointer) + ": expected type: " + std::string(type_name(expected)) +
         ", found: " + std::string(found_name(value));
}

std::string violations(const Value& object, std::string_view pointer,
                       std::span<const Field> fields) {
  std::string found = type_violation(object, pointer, FieldType::object);
  if (!found.empty()) return found;

  for (const Field& field : fields) {
    if (field.required && !object[field.name].exists()) {
      found += std::string(pointer) + ": required key [" + std::string(field.name) + "] not found";
    }
  }
  for (const json::Member& member : object.members()) {
    const auto known = std::ranges::find(fields, member.key, &Field::name);
    if (known == fields.end()) {
      found += std::string(pointer) + ": extraneous key [" + std::string(member.key) +
               "] is not permitted";
      continue;
    }
    const std::string at = std::string(pointer) + "/" + std::string(member.key);
    const std::string wrong_type = type_violation(member.value, at, known->type);
    found += wrong_type.empty() ? range_violation(member.value, at, *known) : wrong_type;
  }
  return found;
}

}  // namespace llm::local
