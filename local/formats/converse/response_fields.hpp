#pragma once

#include <span>
#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// Refuses a path of `additionalModelResponseFieldPaths` that is not a JSON Pointer (RFC 6901).
[[nodiscard]] Checked<void> check_field_paths(const json::Value& paths);

/// The `additionalModelResponseFields` of a reply: the value of each path in the first of `natives`
/// that has it, nested under the names of the path; empty when no path has a value. `natives` are
/// the model's native response or stream chunks.
/// Source: Bedrock API Reference, "Converse"; clients read `delta.stop_sequence` at
/// `/delta/stop_sequence`.
[[nodiscard]] std::string pick_fields(const json::Value& paths,
                                      std::span<const std::string> natives);

}  // namespace llm::local
