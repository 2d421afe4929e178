#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks `tools` and `tool_choice` of a Claude Messages body and adds them to `prompt`.
/// Source: recorded refusals; Anthropic Messages API.
[[nodiscard]] Checked<void> read_claude_tools(const json::Value& body, const Model& model,
                                              Prompt& prompt);

}  // namespace llm::local
