#include "local/formats/claude/schema.hpp"

#include <algorithm>
#include <array>

namespace llm::local {
namespace {

using json::Value;

/// A limit that an enforced schema may not have, and the type whose values it limits.
struct Limit {
  std::string_view keyword;
  std::string_view type;
};
constexpr std::array kLimits{
    Limit{"minimum", "number"},          Limit{"maximum", "number"},
    Limit{"exclusiveMinimum", "number"}, Limit{"exclusiveMaximum", "number"},
    Limit{"multipleOf", "number"},       Limit{"maxLength", "string"},
    Limit{"minItems", "array"},          Limit{"maxItems", "array"},
    Limit{"uniqueItems", "array"}};

Checked<void> check_closed_schema(const Value& schema, const std::string& at);

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
Checked<void> check_closed_schemas(const Value& schemas, const std::string& at) {
  for (const json::Member& member : schemas.members()) {
    if (auto checked = check_closed_schema(member.value, at); !checked) return checked;
  }
  for (const Value schema : schemas.elements()) {
    if (auto checked = check_closed_schema(schema, at); !checked) return checked;
  }
  return {};
}

Checked<void> check_limits(const Value& schema, const std::string& at) {
  for (const Limit& limit : kLimits) {
    const Value value = schema[limit.keyword];
    if (!value.exists()) continue;
    // At least 0 or 1 elements can be required.
    if (limit.keyword == "minItems" && value.integer().value_or(2) <= 1) continue;
    const std::string type =
        schema["type"].is_string() ? schema["type"].text_or_empty() : std::string(limit.type);
    return invalid(at + ": For '" + type + "' type, property '" + std::string(limit.keyword) +
                   "' is not supported");
  }
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
Checked<void> check_closed_schema(const Value& schema, const std::string& at) {
  if (!schema.is_object()) return {};
  const bool is_object = schema["type"].string() == "object" || schema["properties"].is_object();
  if (is_object && schema["additionalProperties"].boolean().value_or(true)) {
    return invalid(at +
                   ": For 'object' type, 'additionalProperties' must be explicitly set to false");
  }
  auto checked = check_limits(schema, at);
  for (const std::string_view name :
       {"properties", "$defs", "definitions", "anyOf", "allOf", "oneOf", "prefixItems"}) {
    if (checked) checked = check_closed_schemas(schema[name], at);
  }
  if (checked) checked = check_closed_schema(schema["items"], at);
  return checked;
}

}  // namespace

Checked<void> check_enforced_schema(const Value& schema, const std::string& at,
                                    const Model& model) {
  return model.closed_schemas ? check_closed_schema(schema, at) : Checked<void>{};
}

}  // namespace llm::local
