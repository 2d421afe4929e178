#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"

namespace llm::local {

/// The first problem found in a script, e.g. `rules[0].skip must be a string`; empty: none.
struct ScriptProblem {
  std::string text{};

  void report(const std::string& place, std::string_view what);
};

/// An object of a script while it is read. Members are read by name; one of the wrong type, out of
/// range or never read is reported to the problem, which must outlive this.
class ScriptObject {
 public:
  ScriptObject(json::Value value, std::string place, ScriptProblem& problem);

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key, std::string fallback = {});
  /// As `text`, but it must fit into a header of an event stream.
  [[nodiscard]] std::string header_text(std::string_view key, std::string fallback = {});
  /// As `header_text`, but without control characters.
  [[nodiscard]] std::string name(std::string_view key, std::string fallback = {});
  /// As `name`, but required and not empty.
  [[nodiscard]] std::string required_name(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key, std::int64_t min = 0,
                                                   std::int64_t max = kMax);
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view key, std::int64_t min = 0);
  [[nodiscard]] std::optional<std::chrono::milliseconds> milliseconds(std::string_view key);
  /// One of `names`, as its index.
  template <typename Names>
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view key, const Names& names) {
    return choice_among(key, {names.begin(), names.end()});
  }
  /// An object; an empty one when the member is missing.
  [[nodiscard]] ScriptObject object(std::string_view key);
  [[nodiscard]] std::vector<ScriptObject> objects(std::string_view key);
  /// The JSON text of an object; `{}` when the member is missing.
  [[nodiscard]] std::string json_object(std::string_view key);

  /// Reports a problem of this object: `what` follows its place.
  void report(std::string_view what) { problem_->report(place_, what); }
  /// The same for a member.
  void report_member(std::string_view key, std::string_view what) {
    problem_->report(place_of(key), what);
  }
  /// Reports members that were never read. Call it last.
  void finish();

 private:
  static constexpr std::int64_t kMax = 1'000'000'000'000;

  json::Value take(std::string_view key);
  std::optional<std::size_t> choice_among(std::string_view key,
                                          const std::vector<std::string_view>& names);
  [[nodiscard]] std::string place_of(std::string_view key) const;

  json::Value value_;
  std::string place_;
  ScriptProblem* problem_;
  std::vector<std::string_view> known_;
};

}  // namespace llm::local
