#include "llm/json_members.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace llm {

JsonMembers::JsonMembers(const json::Value& object, std::string path)
    : object_(object), path_(std::move(path)) {
  if (object_.is_object()) return;
  fail(make_error(ErrorCode::configuration_error,
                  (path_.empty() ? std::string("the text") : path_) + " must be a JSON object"));
}

std::string JsonMembers::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

json::Value JsonMembers::take(std::string_view key) {
  known_.push_back(key);
  const json::Value value = object_[key];
  return value.is_null() ? json::Value() : value;
}

void JsonMembers::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void JsonMembers::refuse(std::string_view key, std::string_view what) {
  fail(make_error(ErrorCode::configuration_error, path_of(key) + " " + std::string(what)));
}

JsonMembers& JsonMembers::text(std::string_view key, std::string& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_string()) refuse(key, "must be a text");
  out = value.text_or_empty();
  return *this;
}

JsonMembers& JsonMembers::texts(std::string_view key, std::vector<std::string>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_array()) refuse(key, "must be an array of texts");
  for (const json::Value element : value.elements()) {
    if (!element.is_string()) refuse(key, "must be an array of texts");
    out.push_back(element.text_or_empty());
  }
  return *this;
}

JsonMembers& JsonMembers::texts_by_name(std::string_view key,
                                        std::map<std::string, std::string>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_object()) refuse(key, "must be an object of texts");
  for (const auto& [name, member] : value.members()) {
    if (!member.is_string()) refuse(key, "must be an object of texts");
    out[std::string(name)] = member.text_or_empty();
  }
  return *this;
}

JsonMembers& JsonMembers::integer(std::string_view key, std::optional<int>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  const auto number = value.integer();
  if (!number || *number < std::numeric_limits<int>::min() ||
      *number > std::numeric_limits<int>::max()) {
    refuse(key, "must be a whole number");
    return *this;
  }
  out = static_cast<int>(*number);
  return *this;
}

JsonMembers& JsonMembers::number(std::string_view key, std::optional<double>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  out = value.number();
  if (!out) refuse(key, "must be a number");
  return *this;
}

JsonMembers& JsonMembers::flag(std::string_view key, bool& out) {
  std::optional<bool> value;
  flag(key, value);
  out = value.value_or(out);
  return *this;
}

JsonMembers& JsonMembers::flag(std::string_view key, std::optional<bool>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  out = value.boolean();
  if (!out) refuse(key, "must be true or false");
  return *this;
}

JsonMembers& JsonMembers::object(std::string_view key, Json& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_object()) refuse(key, "must be a JSON object");
  out = Json::from_valid_text(value.to_text());
  return *this;
}

Result<void> JsonMembers::finish() {
  for (const auto& [key, value] : object_.members()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    std::string there;
    for (const std::string_view known : known_) {
      there += (there.empty() ? "" : ", ") + std::string(known);
    }
    refuse(key, "is not a member; there are " + there);
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace llm
