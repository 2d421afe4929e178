#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::aws {

/// A property of a profile. One with an empty value may have nested properties (`services`
/// sections).
struct Property {
  std::string value;
  std::map<std::string, std::string, std::less<>> nested;
  friend bool operator==(const Property&, const Property&) = default;
};

/// The properties of one section, by lower-case name.
using Section = std::map<std::string, Property, std::less<>>;

/// The parsed content of one file.
struct IniFile {
  std::map<std::string, Section, std::less<>> sections;  ///< By header text, e.g. `profile dev`.
  std::vector<std::string> warnings;                     ///< With line numbers, without values.
};

/// The grammar of AWS's shared files. Pure.
/// Errors: configuration_error with `name` and the line number; never a value.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; smithy-rs.
[[nodiscard]] Result<IniFile> parse_ini(std::string_view text, std::string_view name);

/// Both files merged: `~/.aws/config` and `~/.aws/credentials`, or those that AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name. The credentials file wins for a property that is in both.
struct SharedConfig {
  std::map<std::string, Section, std::less<>> profiles;
  std::map<std::string, Section, std::less<>> sso_sessions;
  std::map<std::string, Section, std::less<>> services;
  std::vector<std::string> warnings;
  std::string config_path;
  std::string credentials_path;
  bool found = false;  ///< At least one of the files exists.
  /// State of each file when it was read; nullopt: it did not exist.
  std::optional<port::FileStamp> config_stamp;
  std::optional<port::FileStamp> credentials_stamp;

  /// The profile, or null. The pointer lives as long as this object.
  [[nodiscard]] const Section* profile(std::string_view name) const;
  /// A property of a profile; nullopt when it is missing or empty.
  [[nodiscard]] std::optional<std::string> value(std::string_view profile,
                                                 std::string_view key) const;
};

/// Reads both files. A missing file counts as empty.
/// Errors: configuration_error for a file that cannot be read or has a fatal line.
[[nodiscard]] Result<SharedConfig> load_shared_config(const port::System& system);

/// True while neither file has changed since it was read.
[[nodiscard]] bool is_current(const port::System& system, const SharedConfig& config);

/// The user's home directory from HOME, or nullopt.
[[nodiscard]] std::optional<std::filesystem::path> home_directory(const port::System& system);

/// `path` with a leading `~` or `~/` expanded; nullopt when that needs a home directory and there
/// is none.
[[nodiscard]] std::optional<std::filesystem::path> expand_home(const port::System& system,
                                                               std::string_view path);

/// The name of the profile in use: `in_code`, AWS_PROFILE, AWS_DEFAULT_PROFILE, `default`.
struct ProfileName {
  std::string name;
  bool named = false;  ///< Named by code or a variable: it must exist.
  std::string source;  ///< `code`, `AWS_PROFILE`, ..., for people.
};
[[nodiscard]] ProfileName profile_name(const port::System& system, std::string_view in_code);

}  // namespace llm::aws
