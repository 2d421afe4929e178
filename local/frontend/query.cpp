#include "local/frontend/query.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <string>

#include "base/base64.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxPage = 1000;
constexpr std::size_t kMaxProjectBytes = 2048;
constexpr std::string_view kProjectPattern =
    "([a-zA-Z0-9_-]+|arn:aws(|-us-gov|-cn|-iso|-iso-b|-iso-f|-eusc):bedrock:[0-9a-z-]{1,20}:"
    "[0-9]{12}:project/[a-zA-Z0-9_-]+)";

bool is_project(const std::string& identifier) {
  static const std::regex pattern{std::string(kProjectPattern)};
  return std::regex_match(identifier, pattern);
}

}  // namespace

std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

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

Checked<std::size_t> page_size(std::string_view query) {
  const std::string text = query_value(query, "maxResults");
  if (text.empty()) return kMaxPage;
  const std::optional<std::size_t> number = parse_number(text);
  if (number && *number >= 1 && *number <= kMaxPage) return *number;
  const bool is_too_small = number && *number < 1;
  return invalid("1 validation error detected: Value '" + text +
                 "' at 'maxResults' failed to satisfy constraint: Member must have value " +
                 (is_too_small ? "greater than or equal to 1" : "less than or equal to 1000"));
}

std::unexpected<Refusal> invalid_token() { return invalid("The provided nextToken is invalid."); }

std::string page_token(std::size_t first) {
  std::string token;
  base::append_base64("from " + std::to_string(first), token);
  return token;
}

Checked<std::size_t> read_page_token(std::string_view token, std::size_t count) {
  if (token.empty()) return 0;
  for (std::size_t first = 0; first < count; ++first) {
    if (token == page_token(first)) return first;
  }
  return invalid_token();
}

Checked<void> check_project(std::string_view identifier) {
  if (identifier.size() > kMaxProjectBytes) {
    return invalid(
        "1 validation error detected: Value at 'projectIdentifier' failed to satisfy constraint: "
        "Member must have length less than or equal to 2048");
  }
  if (identifier.empty() || is_project(std::string(identifier))) return {};
  return invalid("1 validation error detected: Value '" + std::string(identifier) +
                 "' at 'projectIdentifier' failed to satisfy constraint: Member must satisfy "
                 "regular expression pattern: " +
                 std::string(kProjectPattern));
}

}  // namespace llm::local
