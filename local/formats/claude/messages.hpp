#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// Checks members that Converse merges into a Claude Messages body: their names and types.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_claude_fields(const json::Value& fields);

}  // namespace llm::local
