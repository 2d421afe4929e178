#include "local/script/object.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/repeated_member.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxHeaderBytes = 32'767;  // AWS event-stream limit of a header's value

}  // namespace

void ScriptProblem::report(const std::string& place, std::string_view what) {
  if (text.empty()) text = place + " " + std::string(what);
}

ScriptObject::ScriptObject(json::Value value, std::string place, ScriptProblem& problem)
    : value_(value), place_(std::move(place)), problem_(&problem) {
  if (value_.exists() && !value_.is_object()) {
    problem.report(place_.empty() ? "the root" : place_, "must be an object");
  }
  if (const auto repeated = json::repeated_member(value_)) {
    problem.report(place_of(*repeated), "occurs twice");
  }
}

bool ScriptObject::has(std::string_view key) { return take(key).exists(); }

std::string ScriptObject::text(std::string_view key, std::string fallback) {
  const json::Value value = take(key);
  if (!value.exists()) return fallback;
  if (!value.is_string()) problem_->report(place_of(key), "must be a string");
  return value.text_or_empty();
}

std::string ScriptObject::header_text(std::string_view key, std::string fallback) {
  std::string value = text(key, std::move(fallback));
  if (value.size() > kMaxHeaderBytes) {
    problem_->report(place_of(key),
                     "must fit into a header of an event stream, which has at most " +
                         std::to_string(kMaxHeaderBytes) + " bytes");
  }
  return value;
}

std::string ScriptObject::name(std::string_view key, std::string fallback) {
  std::string value = header_text(key, std::move(fallback));
  if (base::has_control_byte(value)) {
    problem_->report(place_of(key), "must not contain control characters");
  }
  return value;
}

std::string ScriptObject::required_name(std::string_view key) {
  std::string value = name(key);
  if (value.empty()) problem_->report(place_of(key), "must be a non-empty string");
  return value;
}

std::optional<std::int64_t> ScriptObject::number(std::string_view key, std::int64_t min,
                                                 std::int64_t max) {
  const json::Value value = take(key);
  if (!value.exists()) return std::nullopt;
  const std::optional<std::int64_t> number = value.integer();
  if (number && *number >= min && *number <= max) return number;
  problem_->report(place_of(key), "must be a whole number from " + std::to_string(min) + " to " +
                                      std::to_string(max));
  return std::nullopt;
}

std::optional<std::uint64_t> ScriptObject::count(std::string_view key, std::int64_t min) {
  const std::optional<std::int64_t> value = number(key, min);
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<std::chrono::milliseconds> ScriptObject::milliseconds(std::string_view key) {
  const std::optional<std::int64_t> value = number(key);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(*value);
}

ScriptObject ScriptObject::object(std::string_view key) {
  return {take(key), place_of(key), *problem_};
}

std::vector<ScriptObject> ScriptObject::objects(std::string_view key) {
  const json::Value list = take(key);
  if (list.exists() && !list.is_array()) problem_->report(place_of(key), "must be a list");
  std::vector<ScriptObject> all;
  for (const json::Value element : list.elements()) {
    all.emplace_back(element, place_of(key) + "[" + std::to_string(all.size()) + "]", *problem_);
  }
  return all;
}

std::string ScriptObject::json_object(std::string_view key) {
  const json::Value value = take(key);
  if (!value.exists()) return "{}";
  if (!value.is_object()) problem_->report(place_of(key), "must be an object");
  return value.to_text();
}

void ScriptObject::finish() {
  for (const auto [key, member] : value_.members()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    std::string names;
    for (const std::string_view name : known_) {
      names.append(names.empty() ? "" : ", ").append(name);
    }
    problem_->report(place_of(key), "is unknown (known here: " + names + ")");
  }
}

json::Value ScriptObject::take(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
  return value_[key];
}

std::optional<std::size_t> ScriptObject::choice_among(std::string_view key,
                                                      const std::vector<std::string_view>& names) {
  const json::Value value = take(key);
  if (!value.exists()) return std::nullopt;
  const auto found = std::ranges::find(names, value.string().value_or(""));
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string list;
  for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(name);
  problem_->report(place_of(key), "must be one of " + list);
  return std::nullopt;
}

std::string ScriptObject::place_of(std::string_view key) const {
  return place_.empty() ? std::string(key) : place_ + "." + std::string(key);
}

}  // namespace llm::local
