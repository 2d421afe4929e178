#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "local/frontend/refusal.hpp"

namespace llm::local {

/// The decoded value of a query parameter; empty when it is absent.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

/// A number in decimal digits; nullopt for anything else.
[[nodiscard]] std::optional<std::size_t> parse_number(std::string_view text);

/// Refuses a non-empty value that is not one of `allowed`, as AWS's front end does.
[[nodiscard]] Checked<void> check_choice(std::string_view value, std::string_view member,
                                         std::initializer_list<std::string_view> allowed);

/// `maxResults` of a list operation, 1000 if it is absent.
/// Source: botocore, MaxResults.
[[nodiscard]] Checked<std::size_t> page_size(std::string_view query);

/// The refusal of a `nextToken` that this server has not made.
[[nodiscard]] std::unexpected<Refusal> invalid_token();

/// The `nextToken` of a list whose next page begins with the element of that index. Opaque to
/// clients.
[[nodiscard]] std::string page_token(std::size_t first);
/// The index in a `nextToken` for a list of `count` elements; 0 if it is empty.
[[nodiscard]] Checked<std::size_t> read_page_token(std::string_view token, std::size_t count);

/// Checks a project id, `default` or the ARN of a project. Empty: absent, and valid.
/// Source: botocore 1.44.8, ProjectIdentifier.
[[nodiscard]] Checked<void> check_project(std::string_view identifier);

}  // namespace llm::local
