#pragma once

#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"

namespace llm::local {

/// Checks a schema that the model enforces, of an output format or of a strict tool: each object
/// must be closed, and numbers, lengths and counts may not be limited. `at` begins the message of a
/// refusal. Source: refusals as reported in public issues; Anthropic, "Structured outputs";
/// recorded requests with `minLength`.
[[nodiscard]] Checked<void> check_enforced_schema(const json::Value& schema, const std::string& at,
                                                  const Model& model);

}  // namespace llm::local
