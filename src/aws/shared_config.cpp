#include "aws/shared_config.hpp"

#include <utility>

#include "aws/variable.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kMaxFileBytes =
    1024 * 1024;  // Far larger than any real file; stops /dev/zero.

struct SharedFile {
  std::string path;
  std::optional<port::FileStamp> stamp{};
  IniFile content{};
  bool found = false;
};

Result<SharedFile> read_shared_file(const port::System& system, std::string_view path_variable,
                                    std::string_view default_path) {
  const auto named = variable(system, path_variable);
  const auto path = expand_home(system, named ? std::string_view(*named) : default_path);
  if (!path) return SharedFile{};

  // Taken before the content, so that a change in between is noticed.
  SharedFile file{.path = path->string(), .stamp = system.stamp(*path)};
  auto text = system.read_file(*path, kMaxFileBytes);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) {
    if (named) {
      file.content.warnings.push_back(std::string(path_variable) + " names " + file.path +
                                      ", which does not exist.");
    }
    return file;
  }
  auto content = parse_ini(**text, file.path);
  if (!content) return std::unexpected(std::move(content.error()));
  file.content = std::move(*content);
  file.found = true;
  return file;
}

void merge(Section& into, const Section& from) {
  for (const auto& [key, property] : from) into.insert_or_assign(key, property);
}

/// The name after `prefix ` in a header, or nullopt.
std::optional<std::string> name_after(std::string_view header, std::string_view prefix) {
  if (header.size() <= prefix.size() + 1 || !header.starts_with(prefix)) return std::nullopt;
  if (header[prefix.size()] != ' ') return std::nullopt;
  return std::string(header.substr(prefix.size() + 1));
}

void take_config(const SharedFile& file, SharedConfig& out) {
  for (const auto& [header, section] : file.content.sections) {
    if (header == "default") {
      // `[profile default]` replaces `[default]` of the same file entirely.
      if (!file.content.sections.contains("profile default")) merge(out.profiles[header], section);
    } else if (auto profile = name_after(header, "profile")) {
      merge(out.profiles[*profile], section);
    } else if (auto session = name_after(header, "sso-session")) {
      merge(out.sso_sessions[*session], section);
    } else if (auto service = name_after(header, "services")) {
      merge(out.services[*service], section);
    } else {
      out.warnings.push_back(file.path + ": The section [" + header +
                             "] is ignored. In this file a profile's header is [profile " + header +
                             "].");
    }
  }
}

void take_credentials(const SharedFile& file, SharedConfig& out) {
  for (const auto& [header, section] : file.content.sections) {
    if (header.find(' ') == std::string::npos) {
      merge(out.profiles[header], section);
    } else {
      out.warnings.push_back(file.path + ": The section [" + header +
                             "] is ignored. In this file a profile's header is its bare name.");
    }
  }
}

}  // namespace

const Section* SharedConfig::profile(std::string_view name) const {
  const auto found_profile = profiles.find(name);
  return found_profile == profiles.end() ? nullptr : &found_profile->second;
}

std::optional<std::string> SharedConfig::value(std::string_view profile_name,
                                               std::string_view key) const {
  const auto* section = profile(profile_name);
  if (section == nullptr) return std::nullopt;
  const auto property = section->find(key);
  if (property == section->end() || property->second.value.empty()) return std::nullopt;
  return property->second.value;
}

Result<SharedConfig> load_shared_config(const port::System& system) {
  auto config = read_shared_file(system, "AWS_CONFIG_FILE", "~/.aws/config");
  if (!config) return std::unexpected(std::move(config.error()));
  auto credentials = read_shared_file(system, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  if (!credentials) return std::unexpected(std::move(credentials.error()));

  SharedConfig merged;
  merged.config_path = config->path;
  merged.credentials_path = credentials->path;
  merged.config_stamp = config->stamp;
  merged.credentials_stamp = credentials->stamp;
  merged.found = config->found || credentials->found;
  merged.warnings = std::move(config->content.warnings);
  merged.warnings.insert(merged.warnings.end(), credentials->content.warnings.begin(),
                         credentials->content.warnings.end());
  take_config(*config, merged);
  take_credentials(*credentials, merged);
  return merged;
}

bool is_current(const port::System& system, const SharedConfig& config) {
  return system.stamp(config.config_path) == config.config_stamp &&
         system.stamp(config.credentials_path) == config.credentials_stamp;
}

std::optional<std::filesystem::path> home_directory(const port::System& system) {
  auto home = variable(system, "HOME");
  if (!home) return std::nullopt;
  return std::filesystem::path(std::move(*home));
}

std::optional<std::filesystem::path> expand_home(const port::System& system,
                                                 std::string_view path) {
  if (path != "~" && !path.starts_with("~/")) return std::filesystem::path(path);
  auto home = home_directory(system);
  if (!home) return std::nullopt;
  if (path.size() <= 2) return home;
  return *home / path.substr(2);
}

ProfileName profile_name(const port::System& system, std::string_view in_code) {
  if (!in_code.empty()) return {std::string(in_code), true, "code"};
  for (const std::string_view source : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (auto name = variable(system, source)) return {*name, true, std::string(source)};
  }
  return {"default", false, "default"};
}

}  // namespace llm::aws
