#include "profile_names.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string_view>
#include <utility>

namespace cli {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string path_of(const char* variable, const char* below_home) {
  if (const char* const path = std::getenv(variable); path != nullptr && *path != '\0') return path;
  const char* const home = std::getenv("HOME");
  return home == nullptr ? std::string() : std::string(home) + below_home;
}

/// The name in `[profile NAME]`, or `[NAME]`; empty for a section of another kind.
std::string_view profile_in(std::string_view section, bool is_config) {
  constexpr std::string_view kProfileWord = "profile";
  section = trimmed(section);
  if (!is_config || section == "default") return section;
  if (!section.starts_with(kProfileWord)) return {};
  section.remove_prefix(kProfileWord.size());
  if (section.empty() || kBlanks.find(section.front()) == std::string_view::npos) return {};
  section = trimmed(section);
  if (section.size() > 1 && section.front() == section.back() &&
      (section.front() == '"' || section.front() == '\'')) {
    section = section.substr(1, section.size() - 2);
  }
  return section;
}

void add_names(const std::string& path, bool is_config, std::set<std::string>& names) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t end = line.find(']');
    if (line.empty() || line.front() != '[' || end == std::string::npos) continue;
    const std::string_view name = profile_in(std::string_view(line).substr(1, end - 1), is_config);
    if (!name.empty()) names.emplace(name);
  }
}

}  // namespace

std::vector<std::string> profile_names() {
  std::set<std::string> names;
  add_names(path_of("AWS_CONFIG_FILE", "/.aws/config"), true, names);
  add_names(path_of("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"), false, names);
  return {names.begin(), names.end()};
}

}  // namespace cli
