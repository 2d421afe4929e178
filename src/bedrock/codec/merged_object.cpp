#include "bedrock/codec/merged_object.hpp"

#include <algorithm>

#include "json/reader.hpp"

namespace llm::bedrock {

Result<MergedObject> MergedObject::create(const Json& extra_fields) {
  MergedObject object;
  object.writer_.begin_object();
  if (extra_fields.is_null()) return object;
  json::Parser parser;
  const auto root = parser.parse(extra_fields.text());
  if (!root || !root->is_object()) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error, "The extra_fields are not a JSON object."));
  }
  for (const auto [key, value] : root->members()) {
    object.extra_.emplace_back(key, value.to_text());
  }
  return object;
}

bool MergedObject::begin(std::string_view name) {
  const bool replaced =
      std::ranges::any_of(extra_, [&](const auto& field) { return field.first == name; });
  if (replaced) {
    warnings_.push_back(
        {"extra_field_replaces", "The member \"" + std::string(name) +
                                     "\" of extra_fields replaced the value from the request."});
    return false;
  }
  writer_.key(name);
  return true;
}

std::string MergedObject::take() && {
  for (const auto& [name, text] : extra_) writer_.key(name).raw(text);
  writer_.end_object();
  return std::move(writer_).take();
}

}  // namespace llm::bedrock
