#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "local/frontend/refusal.hpp"

namespace llm::local {

/// The decoded value of a query parameter; empty when it is absent.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

/// Refuses a non-empty value that is not one of `allowed`, as AWS's front end does.
[[nodiscard]] Checked<void> check_choice(std::string_view value, std::string_view member,
                                         std::initializer_list<std::string_view> allowed);

}  // namespace llm::local
