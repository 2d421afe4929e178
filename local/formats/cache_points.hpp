#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Adds a cache point to `prompt`. Refuses it for a model that does not cache prompts, and one for
/// an hour after one for five minutes. `place` is that of the block it follows, e.g.
/// `messages.0.content.1`, in the native body.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> read_cache_point(std::string_view ttl, const std::string& place,
                                             const Model& model, Prompt& prompt);

/// The number of `cache_control` members anywhere in a Claude Messages body.
[[nodiscard]] std::size_t count_cache_controls(const json::Value& value);

/// Adds a text of a Claude Messages body to the prefix, as the block that it stands for. `owner` is
/// the role or `system`.
void extend_claude_prefix(std::string_view owner, const json::Value& text, Prompt& prompt);

/// Adds a block of a Claude Messages body to the prefix, and the cache point that its
/// `cache_control` asks for. `owner` is the role, or `tools` or `system`.
[[nodiscard]] Checked<void> read_claude_block_caching(const json::Value& block,
                                                      std::string_view owner,
                                                      const std::string& place, const Model& model,
                                                      Prompt& prompt);

}  // namespace llm::local
