#pragma once

#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// Checks a body against a shape of AWS's service model, e.g. `ConverseRequest`: types, required
/// members, unions with exactly one member, lengths, ranges, patterns and enumerations. Unknown
/// members are refused; `null` counts as absent. Everything else is checked by the model.
/// Source: botocore, service-2.json of bedrock-runtime; the words are those of AWS's front end.
[[nodiscard]] Checked<void> check_shape(const json::Value& body, std::string_view shape);

}  // namespace llm::local
