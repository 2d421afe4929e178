#pragma once

#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// One content block of an answer by Converse. A block of a kind or shape that this version does
/// not know is kept as UnknownContent. A call of the reserved tool of structured output becomes the
/// text of its arguments.
/// Errors: model_error for a tool call without id, name or arguments.
/// Source: botocore, ContentBlock of bedrock-runtime.
[[nodiscard]] Result<Content> read_content_block(const json::Value& block);

/// A block in the form that it came in.
[[nodiscard]] UnknownContent unknown_block(const json::Value& block);

/// Whether a block calls the reserved tool of structured output.
[[nodiscard]] bool is_structured_answer(const json::Value& tool_use);

/// `ToolCallContent::type` of a tool call: empty for the caller's tools. Some models say `tool_use`
/// for those (recorded).
[[nodiscard]] std::string tool_type_of(const json::Value& tool_use);

/// The status that a tool result tells.
[[nodiscard]] ToolStatus tool_status_of(const json::Value& tool_result);

/// Parts of a tool's answer; false when one of them is of a kind that is not known.
[[nodiscard]] bool read_tool_result_parts(const json::Value& list,
                                          std::vector<ToolResultPart>& parts);

/// Bytes or a place in S3 (`source` of an image, video or sound); false when it is neither.
/// Bytes are appended to what `into` holds.
[[nodiscard]] bool read_source(const json::Value& source, MediaSource& into);

}  // namespace llm::bedrock
