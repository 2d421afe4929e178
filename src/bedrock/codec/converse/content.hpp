#pragma once

#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// One content block of a Converse response. A block of an unknown kind or shape becomes
/// UnknownContent. A call of the reserved tool of structured output becomes the text of its
/// arguments.
/// Errors: model_error for a tool call without id, name or arguments.
/// Source: botocore, ContentBlock of bedrock-runtime.
[[nodiscard]] Result<Content> read_content_block(const json::Value& block);

/// A block exactly as it was received.
[[nodiscard]] UnknownContent unknown_block(const json::Value& block);

/// Whether a block calls the reserved tool of structured output.
[[nodiscard]] bool is_structured_output(const json::Value& tool_use);

/// `ToolCallContent::type` of a tool call: empty for the caller's tools, for which some models
/// write `tool_use` (recorded).
[[nodiscard]] std::string tool_type_of(const json::Value& tool_use);

/// The status in a tool result.
[[nodiscard]] ToolStatus tool_status_of(const json::Value& tool_result);

/// The parts of a tool result; false when one of them is of an unknown kind.
[[nodiscard]] bool read_tool_result_parts(const json::Value& list,
                                          std::vector<ToolResultPart>& parts);

/// Bytes or a location in S3 (`source` of an image, video or audio); false when it is neither.
/// Bytes are appended to those in `into`.
[[nodiscard]] bool read_source(const json::Value& source, MediaSource& into);

}  // namespace llm::bedrock
