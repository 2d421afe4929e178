#pragma once

#include <cstdint>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Whether the optional member `thinking` of a Claude Messages body turns on reasoning.
/// Source: Anthropic, "Extended thinking".
[[nodiscard]] Checked<bool> read_claude_thinking(const json::Value& thinking, const Model& model,
                                                 std::int64_t max_tokens);

/// Members of a request that `thinking` restricts.
struct ThinkingContext {
  json::Value temperature{};
  json::Value messages{};  ///< Of Claude Messages or of Converse.
  ToolUse tool_use = ToolUse::automatic;
};

/// Refuses what thinking excludes: a tool choice that requires a tool, unless the model accepts
/// both; with a budget also a temperature other than 1, and tool calls without the reasoning that
/// preceded them. Source: Anthropic, "Extended thinking"; refusals as reported in public issues.
[[nodiscard]] Checked<void> check_thinking_context(const json::Value& thinking, const Model& model,
                                                   const ThinkingContext& context);

}  // namespace llm::local
