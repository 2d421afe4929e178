#pragma once

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks the optional `effort` of an `output_config`.
/// Source: Anthropic, "Effort"; refusals as reported in public issues.
[[nodiscard]] Checked<void> check_effort(const json::Value& effort, const Model& model);

/// Checks `output_config` and the older `output_format` of a Claude Messages body. A schema in them
/// sets `structured_output`.
/// Source: Anthropic, "Structured outputs".
[[nodiscard]] Checked<void> read_claude_output(const json::Value& body, const Model& model,
                                               Prompt& prompt);

}  // namespace llm::local
