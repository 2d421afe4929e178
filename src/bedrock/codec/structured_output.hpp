#pragma once

#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// The tool that a model without structured output of its own is made to call when a
/// ResponseFormat is asked for. Reserved: its arguments come back as the text of the answer.
inline constexpr std::string_view kStructuredAnswerTool = "structured_answer";
/// What that tool is for, when the ResponseFormat does not say it.
inline constexpr std::string_view kStructuredAnswerDescription =
    "Call this tool to give your answer.";

/// How an answer is held to a schema.
enum class Structure { none, native, tool };

/// The word of ResponseDetails::structured_output; empty for `none`.
[[nodiscard]] std::string_view to_string(Structure structure);

/// How this model is held to the request's ResponseFormat, by the catalogue.
/// Errors: unsupported_feature when it cannot be, or not together with what else is asked for.
[[nodiscard]] Result<Structure> structure_of(const ChatRequest& request, const ModelId& model);

/// Errors: unsupported_feature for tools on a model that has none; configuration_error for a tool
/// of the reserved name.
[[nodiscard]] Result<void> check_tools(const ChatRequest& request, const ModelId& model);

}  // namespace llm::bedrock
