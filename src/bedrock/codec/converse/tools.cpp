// Source: botocore, ToolConfiguration of bedrock-runtime.
#include "bedrock/codec/converse/tools.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bedrock/codec/converse/blocks.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

using Kind = ToolChoice::Kind;

bool is_tool_block(const PlacedBlock& block) {
  return std::holds_alternative<ToolCallContent>(*block.content) ||
         std::holds_alternative<ToolResultContent>(*block.content);
}

bool has_used_tools(const Conversation& conversation) {
  return std::ranges::any_of(conversation.turns, [](const Turn& turn) {
    return std::ranges::any_of(turn.blocks, is_tool_block);
  });
}

// Whether the caller's tools are sent although it allows no tool calls.
bool sends_forbidden_tools(Conversation& conversation) {
  const bool sends = has_used_tools(conversation);
  std::string message =
      sends
          ? "The tools were sent although tool_choice is none, because the conversation has used "
            "tools and Converse cannot forbid them: the model may call one."
          : "The tools were left out because tool_choice is none and Converse cannot forbid them.";
  conversation.warnings.push_back({"tool_choice_none", std::move(message)});
  return sends;
}

Result<void> check_choice(const ChatRequest& request, const ModelId& model, const ToolPlan& plan,
                          Delivery delivery) {
  if (plan.sends_tools && request.tool_choice.parallel_calls == false) {
    return std::unexpected(
        unsupported(model, "is called through Converse, which cannot forbid parallel tool calls",
                    "Leave out tool_choice.parallel_calls."));
  }
  const bool cannot_stream = model.facts != nullptr && model.facts->quirks.no_stream_tools;
  if (!plan.empty() && cannot_stream && delivery == Delivery::streaming) {
    return std::unexpected(unsupported(model, "does not support tools while streaming",
                                       "Request a buffered response."));
  }
  return {};
}

// A cache point before everything else is that of the tools.
Result<const CachePoint*> take_tools_cache(Conversation& conversation, const ToolPlan& plan) {
  auto& blocks =
      conversation.system.empty() ? conversation.turns.front().blocks : conversation.system;
  const auto* point = std::get_if<CachePoint>(blocks.front().content);
  if (point == nullptr) return nullptr;
  if (plan.empty() || blocks.size() == 1) {
    const std::string subject = "The cache point at " + to_string(blocks.front().position);
    return std::unexpected(plan.empty()
                               ? make_error(ErrorCode::invalid_request_error,
                                            subject + " has nothing before it to cache.")
                               : make_error(ErrorCode::invalid_request_error,
                                            subject + " is the only content of its message.",
                                            "Add other content to the message."));
  }
  blocks.erase(blocks.begin());
  return point;
}

void write_system_tool(std::string_view name, json::Writer& writer) {
  writer.begin_object().key("systemTool").begin_object().member("name", name);
  writer.end_object().end_object();
}

void write_tool(std::string_view name, std::string_view description, const Json& schema,
                std::optional<bool> strict, json::Writer& writer) {
  writer.begin_object().key("toolSpec").begin_object().member("name", name);
  if (!description.empty()) writer.member("description", description);
  writer.key("inputSchema").begin_object().key("json").raw(schema).end_object();
  if (strict) writer.key("strict").boolean(*strict);
  writer.end_object().end_object();
}

void write_named_choice(std::string_view name, json::Writer& writer) {
  writer.key("tool").begin_object().member("name", name).end_object();
}

void write_choice(const ChatRequest& request, const ToolPlan& plan, json::Writer& writer) {
  const ToolChoice& choice = request.tool_choice;
  writer.begin_object();
  if (plan.structure == Structure::tool) {
    write_named_choice(kStructuredOutputTool, writer);
  } else if (plan.structure == Structure::any_tool || choice.kind == Kind::any) {
    writer.key("any").begin_object().end_object();
  } else if (choice.kind == Kind::one) {
    write_named_choice(choice.name, writer);
  } else {
    writer.key("auto").begin_object().end_object();
  }
  writer.end_object();
}

bool has_choice(const ToolPlan& plan, Kind kind) {
  return forces_tool(plan.structure) || (kind != Kind::unspecified && kind != Kind::none);
}

}  // namespace

Result<ToolPlan> plan_tools(const ChatRequest& request, const ModelId& model, Delivery delivery,
                            Conversation& conversation) {
  if (const auto checked = check_tools(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  const auto structure = structure_of(request, model, ChatApi::converse, conversation.warnings);
  if (!structure) return std::unexpected(structure.error());
  ToolPlan plan{.structure = *structure, .sends_tools = !request.tools.empty()};
  // Forced structured output forbids the other tools by itself.
  const bool must_forbid =
      request.tool_choice.kind == Kind::none && plan.sends_tools && !forces_tool(plan.structure);
  if (must_forbid) plan.sends_tools = sends_forbidden_tools(conversation);
  if (const auto checked = check_choice(request, model, plan, delivery); !checked) {
    return std::unexpected(checked.error());
  }
  if (conversation.turns.empty()) return plan;  // a stored prompt has its own messages
  const auto cache = take_tools_cache(conversation, plan);
  if (!cache) return std::unexpected(cache.error());
  plan.cache = *cache;
  return plan;
}

void write_tool_config(const ChatRequest& request, const ToolPlan& plan, json::Writer& writer) {
  writer.begin_object().key("tools").begin_array();
  if (plan.sends_tools) {
    for (const Tool& tool : request.tools) {
      if (tool.system) {
        write_system_tool(tool.name, writer);
      } else {
        write_tool(tool.name, tool.description, tool.parameters, tool.strict, writer);
      }
    }
  }
  if (offers_tool(plan.structure)) {
    const ResponseFormat& format = *request.response_format;
    std::string_view description = format.description;
    if (description.empty()) description = kStructuredOutputDescription;
    write_tool(kStructuredOutputTool, description, format.schema, {}, writer);
  }
  if (plan.cache != nullptr) {
    writer.begin_object().key("cachePoint");
    write_cache_point_value(*plan.cache, writer);
    writer.end_object();
  }
  writer.end_array();
  if (has_choice(plan, request.tool_choice.kind)) {
    writer.key("toolChoice");
    write_choice(request, plan, writer);
  }
  writer.end_object();
}

}  // namespace llm::bedrock
