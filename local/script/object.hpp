#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"

namespace llm::local {

/// The first thing that is found wrong with a script; empty: nothing.
struct ScriptProblem {
  std::string text{};

  void say(const std::string& place, std::string_view what);
};

/// An object of a script while it is read. Members are asked for by name; what is of the wrong
/// type, out of range, or not asked for, is a problem. The problem outlives this.
class ScriptObject {
 public:
  ScriptObject(json::Value value, std::string place, ScriptProblem& problem);

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key, std::string fallback = {});
  /// As `text`, but it must fit into a header of an event stream.
  [[nodiscard]] std::string header_text(std::string_view key, std::string fallback = {});
  /// As `header_text`, but without control characters.
  [[nodiscard]] std::string name(std::string_view key, std::string fallback = {});
  /// As `name`, but it must be there and not be empty.
  [[nodiscard]] std::string required_name(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key, std::int64_t least = 0,
                                                   std::int64_t most = kMost);
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view key, std::int64_t least = 0);
  [[nodiscard]] std::optional<std::chrono::milliseconds> milliseconds(std::string_view key);
  /// One of `words`, as its index.
  template <typename Words>
  [[nodiscard]] std::optional<std::size_t> word(std::string_view key, const Words& words) {
    return word_among(key, {words.begin(), words.end()});
  }
  /// An object; an empty one when it is not there.
  [[nodiscard]] ScriptObject object(std::string_view key);
  [[nodiscard]] std::vector<ScriptObject> objects(std::string_view key);
  /// The JSON text of an object; `{}` when it is not there.
  [[nodiscard]] std::string json_object(std::string_view key);

  void complain(std::string_view what) { problem_->say(place_, what); }
  /// To be called when everything has been asked for.
  void finish();

 private:
  static constexpr std::int64_t kMost = 1'000'000'000'000;

  json::Value take(std::string_view key);
  std::optional<std::size_t> word_among(std::string_view key,
                                        const std::vector<std::string_view>& words);
  [[nodiscard]] std::string place_of(std::string_view key) const;

  json::Value value_;
  std::string place_;
  ScriptProblem* problem_;
  std::vector<std::string_view> known_;
};

}  // namespace llm::local
