#include "llm/json_members.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "json/repeated_member.hpp"

namespace llm {

Error unparsable(std::string_view what, const Error& parse_error) {
  std::string message = std::string(what) + " cannot be parsed. " + parse_error.message;
  if (!message.ends_with('.')) message += '.';
  return make_error(ErrorCode::configuration_error, std::move(message));
}

JsonMembers::JsonMembers(const json::Value& object, std::string path)
    : object_(object), path_(std::move(path)) {
  if (const auto repeated = json::repeated_member(object_)) refuse(*repeated, "occurs twice");
  if (object_.is_object()) return;
  fail(make_error(ErrorCode::configuration_error,
                  (path_.empty() ? std::string("The text") : path_) + " must be a JSON object."));
}

std::string JsonMembers::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

json::Value JsonMembers::take(std::string_view key) {
  const json::Value value = take_value(key);
  return value.is_null() ? json::Value() : value;
}

json::Value JsonMembers::take_value(std::string_view key) {
  known_.push_back(key);
  return object_[key];
}

void JsonMembers::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void JsonMembers::refuse(std::string_view key, std::string_view what, std::string advice) {
  fail(make_error(ErrorCode::configuration_error, path_of(key) + " " + std::string(what) + ".",
                  std::move(advice)));
}

JsonMembers& JsonMembers::text(std::string_view key, std::string& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_string()) refuse(key, "must be a string");
  out = value.text_or_empty();
  return *this;
}

JsonMembers& JsonMembers::texts(std::string_view key, std::vector<std::string>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_array()) refuse(key, "must be an array of strings");
  for (const json::Value element : value.elements()) {
    if (!element.is_string()) refuse(key, "must be an array of strings");
    out.push_back(element.text_or_empty());
  }
  return *this;
}

JsonMembers& JsonMembers::texts_by_name(std::string_view key,
                                        std::map<std::string, std::string>& out) {
  const json::Value value = take(key);
  if (!value.exists()) return *this;
  if (!value.is_object()) refuse(key, "must be an object of strings");
  if (const auto repeated = json::repeated_member(value)) {
    refuse(std::string(key) + "." + std::string(*repeated), "occurs twice");
  }
  for (const auto& [name, member] : value.members()) {
    if (!member.is_string()) refuse(key, "must be an object of strings");
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
    std::string names;
    for (const std::string_view known : known_) {
      names += (names.empty() ? "" : ", ") + std::string(known);
    }
    refuse(key, "is not a known member", "The members are " + names + ".");
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace llm
