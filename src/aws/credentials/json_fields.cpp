#include "aws/credentials/json_fields.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/writer.hpp"

namespace llm::aws {

json::Value field(const json::Value& object, std::string_view name) {
  for (const json::Member& member : object.members()) {
    if (base::equals_ignoring_case(member.key, name)) return member.value;
  }
  return {};
}

std::string text_field(const json::Value& object, std::string_view name) {
  return field(object, name).text_or_empty();
}

std::string with_fields(const json::Value& object,
                        const std::vector<std::pair<std::string, std::string>>& changes) {
  json::Writer writer;
  writer.begin_object();
  for (const json::Member& member : object.members()) {
    const bool changed = std::ranges::any_of(changes, [&member](const auto& change) {
      return base::equals_ignoring_case(member.key, change.first);
    });
    if (!changed) writer.key(member.key).raw(member.value.to_text());
  }
  for (const auto& [name, json] : changes) writer.key(name).raw(json);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm::aws
