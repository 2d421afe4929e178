#include "bedrock/codec/structured_output.hpp"

#include <algorithm>

#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {

std::string_view to_string(Structure structure) {
  switch (structure) {
    case Structure::none:
      return "";
    case Structure::native:
      return "native";
    case Structure::tool:
      return "tool";
  }
  return "";
}

Result<Structure> structure_of(const ChatRequest& request, const ModelId& model) {
  if (!request.response_format) return Structure::none;
  if (model.facts != nullptr && model.facts->quirks.native_schema) return Structure::native;
  if (model.facts != nullptr && model.facts->tools == Support::no) {
    return std::unexpected(unsupported(model, "does not support response_format"));
  }
  if (request.reasoning && request.reasoning->enabled) {
    return std::unexpected(unsupported(
        model, "supports response_format only by a forced tool call, which excludes reasoning",
        "Turn reasoning off, or leave out response_format."));
  }
  if (request.tool_choice.kind == ToolChoice::Kind::one) {
    return std::unexpected(unsupported(
        model,
        "supports response_format only by a forced tool call, so tool_choice cannot force another "
        "tool",
        "Leave out tool_choice or response_format."));
  }
  return Structure::tool;
}

Result<void> check_tools(const ChatRequest& request, const ModelId& model) {
  if (!request.tools.empty() && model.facts != nullptr && model.facts->tools == Support::no) {
    return std::unexpected(unsupported(model, "does not support tools"));
  }
  if (std::ranges::find(request.tools, kStructuredOutputTool, &Tool::name) == request.tools.end()) {
    return {};
  }
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    "The tool name \"structured_answer\" is reserved for "
                                    "structured output.",
                                    "Rename the tool."));
}

FinishReason finish_reason_of(FinishReason reason, std::string_view structured_output,
                              bool has_tool_calls) {
  const bool is_structured_only = !structured_output.empty() && !has_tool_calls;
  return is_structured_only && reason == FinishReason::tool_calls ? FinishReason::stop : reason;
}

}  // namespace llm::bedrock
