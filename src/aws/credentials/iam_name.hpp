#pragma once

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace llm::aws {

/// True for 1 to 64 of `[A-Za-z0-9_+=,.@-]`, the form of role and role session names.
/// Source: IAM API Reference, "RoleName"; AWS STS API Reference, "RoleSessionName".
[[nodiscard]] inline bool is_iam_name(std::string_view text) {
  const auto allowed = [](char c) {
    return base::is_letter_or_digit(c) ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

}  // namespace llm::aws
