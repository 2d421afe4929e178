#pragma once

#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// Checks a body against `shape` of AWS's service model, `ConverseRequest` say: types, required
/// members, unions with exactly one member, lengths, ranges, patterns and enumerations.
/// An unknown member is refused. `null` counts as absent. What remains is for the model to judge.
/// Source: botocore, service-2.json of bedrock-runtime; the words are those of AWS's front end.
[[nodiscard]] Checked<void> check_shape(const json::Value& body, std::string_view shape);

}  // namespace llm::local
