#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks `messages` of a Claude Messages body as the model does (roles, blocks, images, pairs of
/// tool calls and results) and adds the user's text, images, tool results and tokens to `prompt`.
/// Requires: `messages` is an array. The texts of refusals are Anthropic's.
/// Source: recorded refusals; Anthropic Messages API.
[[nodiscard]] Checked<void> read_claude_messages(const json::Value& messages, const Model& model,
                                                 Prompt& prompt);

}  // namespace llm::local
