#include "bedrock/codec/structured_output.hpp"

#include <algorithm>

#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {

namespace {

bool calls_only_the_output_tool(const ChatRequest& request) {
  return request.tools.empty() || request.tool_choice.kind == ToolChoice::Kind::none;
}

/// The way by a tool. Thinking excludes a forced call unless the catalogue says otherwise.
Structure tool_structure(const ChatRequest& request, const Takes& takes) {
  const bool thinks = request.reasoning && request.reasoning->enabled;
  if (thinks && takes.thinking_forced_tool != Support::yes) return Structure::asked;
  if (calls_only_the_output_tool(request) && takes.choice_tool != Support::no) {
    return Structure::tool;
  }
  return takes.choice_any != Support::no ? Structure::any_tool : Structure::asked;
}

void warn(Structure structure, const ModelId& model, std::vector<Warning>& warnings) {
  if (structure == Structure::asked) {
    warnings.push_back(
        {"structured_output_asked",
         "The schema is not enforced. The model is asked to call a tool, but the call "
         "cannot be forced here, so the completion may be text."});
    return;
  }
  if (model.facts == nullptr) return;  // warned of as an unknown model
  const Takes& takes = model.facts->takes;
  const Support known = structure == Structure::tool ? takes.choice_tool : takes.choice_any;
  if (known != Support::unknown) return;
  warnings.push_back({"structured_output_unknown",
                      "It is not known how this model takes a schema. It was sent as a forced tool "
                      "call, which most models take."});
}

}  // namespace

std::string_view to_string(Structure structure) {
  if (structure == Structure::none) return "";
  return structure == Structure::native ? "native" : "tool";
}

Support enforces_schema(const ModelFacts& facts, ChatApi api) {
  return api == ChatApi::converse ? facts.takes.schema_converse : facts.takes.schema_invoke;
}

Result<Structure> structure_of(const ChatRequest& request, const ModelId& model, ChatApi api,
                               std::vector<Warning>& warnings) {
  if (!request.response_format) return Structure::none;
  static constexpr ModelFacts kNothingKnown{};
  const ModelFacts& facts = model.facts == nullptr ? kNothingKnown : *model.facts;
  if (enforces_schema(facts, api) == Support::yes) return Structure::native;
  if (facts.tools == Support::no) {
    return std::unexpected(unsupported(model, "does not support response_format"));
  }
  if (request.tool_choice.kind == ToolChoice::Kind::one) {
    return std::unexpected(unsupported(
        model,
        "supports response_format only by a tool call, so tool_choice cannot force another tool",
        "Leave out tool_choice or response_format."));
  }
  const Structure structure = tool_structure(request, facts.takes);
  const bool forbids_others =
      request.tool_choice.kind == ToolChoice::Kind::none && !request.tools.empty();
  if (structure == Structure::asked && forbids_others) {
    return std::unexpected(
        unsupported(model,
                    "supports response_format only by a tool call that cannot be forced here, so "
                    "tool_choice cannot forbid the other tools",
                    "Leave out tools or tool_choice."));
  }
  warn(structure, model, warnings);
  return structure;
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
