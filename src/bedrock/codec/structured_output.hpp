#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// The tool that a model calls to give its answer if the service does not enforce the schema of a
/// ResponseFormat. Reserved: its arguments become the text of the completion.
inline constexpr std::string_view kStructuredOutputTool = "structured_answer";
/// Its description, if the ResponseFormat has none.
inline constexpr std::string_view kStructuredOutputDescription =
    "Call this tool to give your answer.";

/// The system text that asks a model for that tool where its call cannot be forced.
inline constexpr std::string_view kStructuredOutputInstruction =
    "Give your answer only by calling the tool structured_answer, never as text.";
static_assert(kStructuredOutputInstruction.contains(kStructuredOutputTool));

/// How a completion is constrained to a schema.
enum class Structure {
  none,
  native,    ///< The service enforces the schema.
  tool,      ///< The tool choice names the output tool.
  any_tool,  ///< The tool choice is `any`.
  asked,     ///< The tool choice is the request's; an instruction asks for the output tool.
};

/// Whether the output tool is offered.
[[nodiscard]] constexpr bool offers_tool(Structure structure) {
  return structure != Structure::none && structure != Structure::native;
}

/// Whether the output tool is offered and the tool choice forces a call.
[[nodiscard]] constexpr bool forces_tool(Structure structure) {
  return structure == Structure::tool || structure == Structure::any_tool;
}

/// The value of ResponseDetails::structured_output; empty for `none`.
[[nodiscard]] std::string_view to_string(Structure structure);

/// The API that carries a chat.
enum class ChatApi : std::uint8_t { invoke, converse };

/// Whether the service enforces a schema of this model by that API.
[[nodiscard]] Support enforces_schema(const ModelFacts& facts, ChatApi api);

/// How this model is constrained to the request's ResponseFormat by that API: the first way that
/// the catalogue does not exclude, the service before a forced call before an instruction. A
/// warning says if nothing is known of the way, or if the completion may be text after all. Errors:
/// unsupported_feature when there is no way, or none together with other options.
[[nodiscard]] Result<Structure> structure_of(const ChatRequest& request, const ModelId& model,
                                             ChatApi api, std::vector<Warning>& warnings);

/// Errors: unsupported_feature for tools on a model that cannot use them; configuration_error for a
/// tool with the reserved name.
[[nodiscard]] Result<void> check_tools(const ChatRequest& request, const ModelId& model);

/// `stop` instead of `tool_calls` if the only tool called was that of structured output.
/// `structured_output` is that of the ResponseDetails.
[[nodiscard]] FinishReason finish_reason_of(FinishReason reason, std::string_view structured_output,
                                            bool has_tool_calls);

}  // namespace llm::bedrock
