#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "json/reader.hpp"
#include "local/models.hpp"
#include "local/refusal.hpp"

namespace llm::local {

/// Refuses `temperature`, `top_p` and `top_k`, given by name, where the model does not take them.
/// Source: recorded refusals of Claude 4.5 and later.
[[nodiscard]] Checked<void> check_claude_sampling(std::span<const std::string_view> given,
                                                  const Model& model);

/// Whether the member `thinking` of a Claude Messages body asks for reasoning; absent is fine.
/// Source: Anthropic, "Extended thinking".
[[nodiscard]] Checked<bool> read_claude_thinking(const json::Value& thinking, const Model& model,
                                                 std::int64_t max_tokens);

}  // namespace llm::local
