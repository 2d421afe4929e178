#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks `messages` of a Converse body (turns, blank text, media, pairs of tool calls and results)
/// and adds the user's text, images, tool results and tokens to `prompt`.
/// Requires: check_shape accepts the body.
/// Source: refusals as recorded or reported in public issues.
[[nodiscard]] Checked<void> read_converse_messages(const json::Value& messages, const Model& model,
                                                   Prompt& prompt);

/// Whether a message has a `toolUse` or `toolResult` block.
[[nodiscard]] bool has_tool_blocks(const json::Value& messages);

}  // namespace llm::local
