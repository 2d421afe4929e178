#include "bedrock/codec/unknown_members.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace llm::bedrock {

Json json_of(const json::Value& value) { return Json::from_valid_text(value.to_text()); }

UnknownMembers unknown_members(std::string_view wire_format, const json::Value& object,
                               std::initializer_list<std::string_view> known) {
  if (has_only(object, known)) return {};
  json::Writer writer;
  writer.begin_object();
  for (const auto [key, value] : object.members()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    writer.key(key);
    value.write_to(writer);
  }
  writer.end_object();
  return {.wire_format = std::string(wire_format),
          .members = Json::from_valid_text(std::move(writer).take())};
}

bool has_only(const json::Value& object, std::initializer_list<std::string_view> known) {
  for (const auto [key, value] : object.members()) {
    if (std::ranges::find(known, key) == known.end()) return false;
  }
  return true;
}

void warn_of_unknown_members(const UnknownMembers& unknown, const BlockPosition& position,
                             std::vector<Warning>& warnings) {
  if (unknown.empty()) return;
  warnings.push_back({"unknown_members", "Members of " + to_string(position) + " that only " +
                                             unknown.wire_format + " can carry were left out."});
}

void write_unknown_members(std::string_view wire_format, const UnknownMembers& unknown,
                           const BlockPosition& position, json::Writer& writer,
                           std::vector<Warning>& warnings) {
  if (unknown.empty()) return;
  if (unknown.wire_format != wire_format) {
    warn_of_unknown_members(unknown, position, warnings);
    return;
  }
  json::Parser parser;
  const auto members = parser.parse(unknown.members.text());
  if (!members) return;
  for (const auto [key, value] : members->members()) {
    writer.key(key);
    value.write_to(writer);
  }
}

}  // namespace llm::bedrock
