#include "local/frontend/query.hpp"

#include <algorithm>

#include "base/percent.hpp"
#include "base/text.hpp"

namespace llm::local {

std::string query_value(std::string_view query, std::string_view name) {
  for (const std::string_view pair : base::split(query, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    return base::percent_decode(pair.substr(equals + 1)).value_or("");
  }
  return {};
}

Checked<void> check_choice(std::string_view value, std::string_view member,
                           std::initializer_list<std::string_view> allowed) {
  if (value.empty() || std::ranges::find(allowed, value) != allowed.end()) return {};
  std::string list;
  for (const std::string_view choice : allowed) {
    list += (list.empty() ? "" : ", ") + std::string(choice);
  }
  return invalid(
      "1 validation error detected: Value '" + std::string(value) + "' at '" + std::string(member) +
      "' failed to satisfy constraint: Member must satisfy enum value set: [" + list + "]");
}

}  // namespace llm::local
