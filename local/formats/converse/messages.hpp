#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks `messages` of a Converse body (turns, blank text, media, pairs of tool calls and results)
/// and adds question, pictures, tool replies and tokens to `conversation`.
/// Requires: check_shape has found nothing wrong.
/// Source: refusals as recorded or reported in public issues.
[[nodiscard]] Checked<void> read_converse_messages(const json::Value& messages, const Model& model,
                                                   Prompt& conversation);

/// True when a message holds a `toolUse` or `toolResult` block.
[[nodiscard]] bool has_tool_blocks(const json::Value& messages);

}  // namespace llm::local
