#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "json/reader.hpp"
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

/// Refuses stop sequences of white space.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_claude_stop_sequences(std::span<const std::string> sequences);

/// Whether a name has only letters, digits, `_` and `-`, and one of them at least.
[[nodiscard]] bool is_claude_name(std::string_view name);

/// Refuses the id of a tool call that is not such a name. `member` is the place of the id.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_claude_id(std::string_view id, const std::string& member);

/// Whether `anthropic_beta` of a body names the beta.
[[nodiscard]] bool has_claude_beta(const json::Value& body, std::string_view beta);

/// Refuses the signature of reasoning that cannot be one: it is base64 of at least 32 bytes. `at`
/// is the place of the block. Source: Anthropic, "Extended thinking"; refusals as reported in
/// public issues.
[[nodiscard]] Checked<void> check_claude_signature(std::string_view signature,
                                                   const std::string& at);

}  // namespace llm::local
