#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/json.hpp>

#include "json/reader.hpp"

namespace llm {

/// Reads the members of one JSON object into variables. `null` counts as left out; the first thing
/// that is wrong is kept for `finish`.
class JsonMembers {
 public:
  /// `path` says where the object stands (`messages[2]`); empty: it is the whole text.
  JsonMembers(const json::Value& object, std::string path);

  /// Where a member stands: `messages[2].role`.
  [[nodiscard]] std::string path_of(std::string_view key) const;
  /// The member itself, for what the functions below do not read.
  [[nodiscard]] json::Value take(std::string_view key);
  /// Keeps an error that was met in a member.
  void fail(Error error);
  /// "`path` `what`", as a configuration_error.
  void refuse(std::string_view key, std::string_view what);

  JsonMembers& text(std::string_view key, std::string& out);
  JsonMembers& texts(std::string_view key, std::vector<std::string>& out);
  JsonMembers& texts_by_name(std::string_view key, std::map<std::string, std::string>& out);
  JsonMembers& integer(std::string_view key, std::optional<int>& out);
  JsonMembers& number(std::string_view key, std::optional<double>& out);
  JsonMembers& flag(std::string_view key, bool& out);
  JsonMembers& flag(std::string_view key, std::optional<bool>& out);
  /// A JSON object, kept as text.
  JsonMembers& object(std::string_view key, Json& out);

  /// Errors: configuration_error with the path of what is wrong, or of a member that nobody took,
  /// with those that there are.
  [[nodiscard]] Result<void> finish();

 private:
  json::Value object_;
  std::string path_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

}  // namespace llm
