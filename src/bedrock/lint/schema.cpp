#include "bedrock/lint/schema.hpp"

#include <algorithm>
#include <array>

#include "bedrock/catalogue/takes.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock::linter {
namespace {

using json::Value;

// JSON Schema, draft 2020-12: keywords whose value is a schema, a map of schemas or a list of them.
constexpr auto kSchemas = std::to_array<std::string_view>(
    {"items", "not", "additionalProperties", "contains", "propertyNames", "if", "then", "else",
     "unevaluatedProperties", "unevaluatedItems", "contentSchema"});
constexpr auto kMaps = std::to_array<std::string_view>(
    {"properties", "$defs", "definitions", "patternProperties", "dependentSchemas"});
constexpr std::array<std::string_view, 4> kLists = {"anyOf", "allOf", "oneOf", "prefixItems"};

bool is_in(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_object_schema(const Value& schema) {
  return schema["type"].string() == "object" || schema["properties"].is_object();
}

// A list of 0 or 1 elements at least is accepted (Anthropic, "Structured outputs").
bool is_refused_keyword(const json::Member& member, const SchemaLimits& limits) {
  if (!has_word(limits.refuses, member.key)) return false;
  return member.key != "minItems" || member.value.integer().value_or(2) > 1;
}

std::string joined_path(const std::string& path, std::string_view step) {
  return path.empty() ? std::string(step) : path + '.' + std::string(step);
}

void find_faults(const Value& schema, const std::string& path, const SchemaLimits& limits,
                 SchemaFaults& faults);

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void find_faults_below(const json::Member& member, const std::string& path,
                       const SchemaLimits& limits, SchemaFaults& faults) {
  if (is_in(kSchemas, member.key)) return find_faults(member.value, path, limits, faults);
  if (is_in(kMaps, member.key)) {
    for (const json::Member each : member.value.members()) {
      find_faults(each.value, joined_path(path, each.key), limits, faults);
    }
  }
  if (!is_in(kLists, member.key)) return;
  std::size_t index = 0;
  for (const Value each : member.value.elements()) {
    find_faults(each, joined_path(path, std::to_string(index++)), limits, faults);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void find_faults(const Value& schema, const std::string& path, const SchemaLimits& limits,
                 SchemaFaults& faults) {
  if (!schema.is_object()) return;
  for (const json::Member member : schema.members()) {
    const std::string at = joined_path(path, member.key);
    if (is_refused_keyword(member, limits)) faults.keywords.push_back(at);
    find_faults_below(member, at, limits, faults);
  }
  if (!limits.must_close || !is_object_schema(schema)) return;
  const Value more = schema["additionalProperties"];
  if (more.boolean() == false) return;
  const std::string at = path.empty() ? "schema" : path;
  (more.exists() ? faults.explicitly_open : faults.open_objects).push_back(at);
}

// The refused keywords of one level with their values, for a description.
std::string refused_in(const Value& schema, const SchemaLimits& limits) {
  std::string list;
  for (const json::Member member : schema.members()) {
    if (!is_refused_keyword(member, limits)) continue;
    list += (list.empty() ? "" : ", ") + std::string(member.key) + ": " + member.value.to_text();
  }
  return list;
}

void write_schema(const Value& schema, const SchemaLimits& limits, json::Writer& writer);

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void write_schema_below(const json::Member& member, const SchemaLimits& limits,
                        json::Writer& writer) {
  if (is_in(kSchemas, member.key)) return write_schema(member.value, limits, writer);
  if (is_in(kMaps, member.key) && member.value.is_object()) {
    writer.begin_object();
    for (const json::Member each : member.value.members()) {
      write_schema(each.value, limits, writer.key(each.key));
    }
    writer.end_object();
    return;
  }
  if (is_in(kLists, member.key) && member.value.is_array()) {
    writer.begin_array();
    for (const Value each : member.value.elements()) write_schema(each, limits, writer);
    writer.end_array();
    return;
  }
  member.value.write_to(writer);
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void write_schema(const Value& schema, const SchemaLimits& limits, json::Writer& writer) {
  if (!schema.is_object()) return schema.write_to(writer);
  const std::string moved = refused_in(schema, limits);
  writer.begin_object();
  for (const json::Member member : schema.members()) {
    if (is_refused_keyword(member, limits)) continue;
    if (member.key == "description" && !moved.empty()) continue;
    write_schema_below(member, limits, writer.key(member.key));
  }
  if (!moved.empty()) {
    std::string description = schema["description"].text_or_empty();
    description += (description.empty() ? "(" : " (") + moved + ")";
    writer.member("description", description);
  }
  const bool is_open = is_object_schema(schema) && !schema["additionalProperties"].exists();
  if (limits.must_close && is_open) writer.key("additionalProperties").boolean(false);
  writer.end_object();
}

}  // namespace

SchemaFaults faults_of(const Json& schema, const SchemaLimits& limits) {
  SchemaFaults faults;
  json::Parser parser;
  const auto root = parser.parse(schema.text());
  if (root) find_faults(*root, "", limits, faults);
  return faults;
}

Json within_limits(const Json& schema, const SchemaLimits& limits) {
  json::Parser parser;
  const auto root = parser.parse(schema.text());
  if (!root) return schema;
  json::Writer writer;
  write_schema(*root, limits, writer);
  return Json::from_valid_text(std::move(writer).take());
}

}  // namespace llm::bedrock::linter
