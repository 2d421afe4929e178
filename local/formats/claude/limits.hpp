#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"

namespace llm::local {

/// Refuses `temperature`, `top_p` and `top_k`, given by name, if the model does not accept them.
/// Source: recorded refusals of Claude 4.5 and later.
[[nodiscard]] Checked<void> check_claude_sampling(std::span<const std::string_view> given,
                                                  const Model& model);

/// The refusal of a forced tool call by models that choose themselves.
/// Source: refusals as reported in public issues.
inline constexpr std::string_view kForcedChoiceRefusal =
    "tool_choice: type \"tool\" and \"any\" are not supported for this model.";

/// Refuses more cache points than Claude supports.
/// Source: Bedrock User Guide, "Prompt caching"; refusals as reported in public issues.
[[nodiscard]] Checked<void> check_cache_points(std::size_t count);

}  // namespace llm::local
