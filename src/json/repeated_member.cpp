#include "json/repeated_member.hpp"

#include <algorithm>
#include <vector>

namespace llm::json {

std::optional<std::string_view> repeated_member(const Value& object) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : object.members()) names.push_back(name);
  std::ranges::sort(names);
  const auto repeated = std::ranges::adjacent_find(names);
  if (repeated == names.end()) return std::nullopt;
  return *repeated;
}

}  // namespace llm::json
