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
    return std::unexpected(unsupported(model, "cannot be held to a response_format"));
  }
  if (request.reasoning && request.reasoning->enabled) {
    return std::unexpected(unsupported(
        model, "is held to a response_format by a forced tool call, which excludes reasoning"));
  }
  if (request.tool_choice.kind == ToolChoice::Kind::one) {
    return std::unexpected(unsupported(
        model,
        "is held to a response_format by a forced tool call, so tool_choice cannot demand "
        "another tool"));
  }
  return Structure::tool;
}

Result<void> check_tools(const ChatRequest& request, const ModelId& model) {
  if (!request.tools.empty() && model.facts != nullptr && model.facts->tools == Support::no) {
    return std::unexpected(unsupported(model, "cannot use tools"));
  }
  if (std::ranges::find(request.tools, kStructuredAnswerTool, &Tool::name) == request.tools.end()) {
    return {};
  }
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    "the tool name \"structured_answer\" is reserved for "
                                    "structured output; give the tool another name"));
}

}  // namespace llm::bedrock
