#pragma once

#include <span>
#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// Refuses a path of `additionalModelResponseFieldPaths` that is no JSON Pointer (RFC 6901).
[[nodiscard]] Checked<void> check_field_paths(const json::Value& paths);

/// The `additionalModelResponseFields` of a reply: what stands at `paths` in the first of `natives`
/// that has it, under the names on the way there; a path that leads nowhere is left out. Empty when
/// none leads anywhere. `natives` are what the model itself would have sent.
/// Source: Bedrock API Reference, "Converse"; clients read `delta.stop_sequence` at
/// `/delta/stop_sequence`.
[[nodiscard]] std::string pick_fields(const json::Value& paths,
                                      std::span<const std::string> natives);

}  // namespace llm::local
