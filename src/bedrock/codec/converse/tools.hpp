#pragma once

#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// The tools of a Converse request, decided before the body is written.
struct ToolPlan {
  Structure structure = Structure::none;
  bool sends_tools = false;           ///< Whether the caller's tools are sent.
  const CachePoint* cache = nullptr;  ///< After the tools; lives as long as the request.
  [[nodiscard]] bool empty() const { return !sends_tools && !offers_tool(structure); }
};

/// Decides which tools are sent. Converse has no tool choice `none`: the tools are left out, unless
/// the conversation has used tools and so must have them; a warning reports which
/// (`tool_choice_none`). A cache point at the very start of the conversation moves after the tools.
/// Errors: unsupported_feature for tools or a choice that the model or Converse cannot carry;
/// configuration_error for a tool with a reserved name; invalid_request_error for a cache point
/// with nothing before it.
[[nodiscard]] Result<ToolPlan> plan_tools(const ChatRequest& request, const ModelId& model,
                                          Delivery delivery, Conversation& conversation);

/// The value of `toolConfig`. Requires: the plan is not empty.
void write_tool_config(const ChatRequest& request, const ToolPlan& plan, json::Writer& writer);

}  // namespace llm::bedrock
