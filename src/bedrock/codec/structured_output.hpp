#pragma once

#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// The tool that a model without native structured output is forced to call if the request has a
/// ResponseFormat. Reserved: its arguments become the text of the completion.
inline constexpr std::string_view kStructuredOutputTool = "structured_answer";
/// Its description, if the ResponseFormat has none.
inline constexpr std::string_view kStructuredOutputDescription =
    "Call this tool to give your answer.";

/// How a completion is constrained to a schema.
enum class Structure { none, native, tool };

/// The value of ResponseDetails::structured_output; empty for `none`.
[[nodiscard]] std::string_view to_string(Structure structure);

/// How this model is constrained to the request's ResponseFormat, by the catalogue.
/// Errors: unsupported_feature when it cannot be, or not together with other options.
[[nodiscard]] Result<Structure> structure_of(const ChatRequest& request, const ModelId& model);

/// Errors: unsupported_feature for tools on a model that cannot use them; configuration_error for a
/// tool with the reserved name.
[[nodiscard]] Result<void> check_tools(const ChatRequest& request, const ModelId& model);

/// `stop` instead of `tool_calls` if the only tool called was that of structured output.
/// `structured_output` is that of the ResponseDetails.
[[nodiscard]] FinishReason finish_reason_of(FinishReason reason, std::string_view structured_output,
                                            bool has_tool_calls);

}  // namespace llm::bedrock
