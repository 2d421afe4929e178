#pragma once

#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks `tools` and `tool_choice` of a Claude Messages body and adds them to `prompt`.
/// Source: recorded refusals; Anthropic Messages API.
[[nodiscard]] Checked<void> read_claude_tools(const json::Value& body, const Model& model,
                                              Prompt& prompt);

/// Refuses a schema of a tool that is a union. `at` is the place of the tool, e.g.
/// `tools.0.custom`. Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_claude_schema(const json::Value& schema, const std::string& at);

/// Refuses `strict` where the model does not accept it, and a strict schema that it does not
/// accept. `at` as in `check_claude_schema`.
[[nodiscard]] Checked<void> check_strict_tool(const json::Value& strict, const json::Value& schema,
                                              const std::string& at, const Model& model);

}  // namespace llm::local
