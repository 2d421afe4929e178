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

/// configuration_error: `what`, a text that a person gave, is not JSON.
[[nodiscard]] Error unparsable(std::string_view what, const Error& parse_error);

/// Reads the members of one JSON object into variables. `null` counts as unset; `finish` returns
/// the first error.
class JsonMembers {
 public:
  /// `path` locates the object (`messages[2]`); empty for the outermost one.
  JsonMembers(const json::Value& object, std::string path);

  /// The path of a member: `messages[2].role`.
  [[nodiscard]] std::string path_of(std::string_view key) const;
  /// The member itself, for kinds that the functions below do not read.
  [[nodiscard]] json::Value take(std::string_view key);
  /// The same for a member whose value may be any JSON: `null` is a value.
  [[nodiscard]] json::Value take_value(std::string_view key);
  /// Reports the error of a member.
  void fail(Error error);
  /// Reports the configuration_error "PATH WHAT."
  void refuse(std::string_view key, std::string_view what, std::string advice = {});

  JsonMembers& text(std::string_view key, std::string& out);
  JsonMembers& texts(std::string_view key, std::vector<std::string>& out);
  JsonMembers& texts_by_name(std::string_view key, std::map<std::string, std::string>& out);
  JsonMembers& integer(std::string_view key, std::optional<int>& out);
  JsonMembers& number(std::string_view key, std::optional<double>& out);
  JsonMembers& flag(std::string_view key, bool& out);
  JsonMembers& flag(std::string_view key, std::optional<bool>& out);
  /// A JSON object, as text.
  JsonMembers& object(std::string_view key, Json& out);

  /// Errors: configuration_error with the path of what is wrong, or of a member that was not read.
  [[nodiscard]] Result<void> finish();

 private:
  json::Value object_;
  std::string path_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

}  // namespace llm
