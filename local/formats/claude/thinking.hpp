#pragma once

#include <cstdint>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Whether the member `thinking` of a Claude Messages body asks for reasoning; absent is fine.
/// Source: Anthropic, "Extended thinking".
[[nodiscard]] Checked<bool> read_claude_thinking(const json::Value& thinking, const Model& model,
                                                 std::int64_t max_tokens);

/// What a request with `thinking` must not have beside it.
struct BesideThinking {
  json::Value temperature{};
  json::Value messages{};  ///< Of Claude Messages or of Converse.
  ToolUse tool_use = ToolUse::automatic;
};

/// Refuses what does not go with thinking within a budget: another temperature than 1, a choice
/// that demands a tool, and calls of tools that come back without the reasoning before them.
/// Source: Anthropic, "Extended thinking"; refusals as reported in public issues.
[[nodiscard]] Checked<void> check_beside_thinking(const json::Value& thinking,
                                                  const BesideThinking& beside);

}  // namespace llm::local
