// Anthropic Messages: the request.
// Source: Bedrock User Guide, "Anthropic Claude Messages API"; block and member lists of
// Anthropic's API reference.
#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "bedrock/codec/claude/blocks.hpp"
#include "bedrock/codec/claude/cache.hpp"
#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/claude/thinking.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/invoke/request.hpp"
#include "bedrock/codec/mantle/request.hpp"
#include "bedrock/codec/request_check.hpp"
#include "bedrock/codec/structured_output.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kVersion = "bedrock-2023-05-31";

void write_tool(std::string_view name, std::string_view description, const Json& schema,
                std::optional<bool> strict, const CachePoint* cache, json::Writer& writer) {
  writer.begin_object().member("name", name);
  if (!description.empty()) writer.member("description", description);
  writer.key("input_schema").raw(schema);
  if (strict) writer.key("strict").boolean(*strict);
  write_cache_control(cache, writer);
  writer.end_object();
}

void write_tools(const ChatRequest& request, Structure structure, const CachePoint* cache,
                 InvokeBody& body) {
  const bool has_output_tool = offers_tool(structure);
  if ((request.tools.empty() && !has_output_tool) || !body.begin("tools")) return;
  json::Writer& writer = body.writer();
  writer.begin_array();
  for (const Tool& tool : request.tools) {
    const bool is_last = !has_output_tool && &tool == &request.tools.back();
    write_tool(tool.name, tool.description, tool.parameters, tool.strict, is_last ? cache : nullptr,
               writer);
  }
  if (has_output_tool) {
    const ResponseFormat& format = *request.response_format;
    std::string_view description = format.description;
    if (description.empty()) description = kStructuredOutputDescription;
    write_tool(kStructuredOutputTool, description, format.schema, {}, cache, writer);
  }
  writer.end_array();
}

std::string_view choice_type(const ChatRequest& request, Structure structure) {
  const auto kind = request.tool_choice.kind;
  if (structure == Structure::tool) return "tool";
  if (structure == Structure::any_tool) return "any";
  switch (kind) {
    case ToolChoice::Kind::any:
      return "any";
    case ToolChoice::Kind::one:
      return "tool";
    case ToolChoice::Kind::none:
      return "none";
    case ToolChoice::Kind::unspecified:
    case ToolChoice::Kind::automatic:
      return "auto";
  }
  return "auto";
}

void write_tool_choice(const ChatRequest& request, Structure structure, InvokeBody& body) {
  const ToolChoice& choice = request.tool_choice;
  const bool is_set = forces_tool(structure) || choice.parallel_calls ||
                      choice.kind != ToolChoice::Kind::unspecified;
  if (request.tools.empty() && !offers_tool(structure)) return;
  if (!is_set || !body.begin("tool_choice")) return;
  const std::string_view type = choice_type(request, structure);
  json::Writer& writer = body.writer();
  writer.begin_object().member("type", type);
  const bool is_only_output = structure == Structure::tool;
  if (type == "tool") writer.member("name", is_only_output ? kStructuredOutputTool : choice.name);
  if (is_only_output) {
    writer.key("disable_parallel_tool_use").boolean(true);
  } else if (choice.parallel_calls && type != "none") {
    writer.key("disable_parallel_tool_use").boolean(!*choice.parallel_calls);
  }
  writer.end_object();
}

/// The flag that the request's effort needs; empty: none.
std::string_view effort_beta(const ChatRequest& request, const ModelId& model) {
  if (!has_effort(request) || model.facts == nullptr) return {};
  return model.facts->takes.effort_beta;
}

void add_effort_beta(const ChatRequest& request, const ModelId& model, InvokeBody& body) {
  const std::string_view beta = effort_beta(request, model);
  if (beta.empty() || !body.begin("anthropic_beta")) return;
  body.writer().begin_array().string(beta).end_array();
}

void add_thinking(const ChatRequest& request, const ModelId& model, InvokeBody& body) {
  if (has_thinking(request, model) && body.begin("thinking")) {
    write_thinking(*request.reasoning, body.writer());
  }
}

void write_output_config(const ChatRequest& request, Structure structure, InvokeBody& body) {
  const bool has_format = structure == Structure::native;
  if (has_format && !request.response_format->description.empty()) {
    body.warnings().push_back(
        {"schema_description_not_sent",
         "The description of response_format was left out because this model's native format has "
         "no member for it. Use \"description\" in the schema instead."});
  }
  if ((!has_effort(request) && !has_format) || !body.begin("output_config")) return;
  json::Writer& writer = body.writer();
  writer.begin_object();
  if (has_effort(request)) writer.member("effort", request.reasoning->effort);
  if (has_format) {
    writer.key("format").begin_object().member("type", "json_schema");
    writer.key("schema").raw(request.response_format->schema).end_object();
  }
  writer.end_object();
}

Result<void> write_blocks(const std::vector<MarkedBlock>& blocks, Role role, ClaudeBlockWriter& out,
                          json::Writer& writer) {
  writer.begin_array();
  for (const MarkedBlock& block : blocks) {
    const auto written = out.write(block, role);
    if (!written) return written;
  }
  writer.end_array();
  return {};
}

Result<void> write_system(const std::vector<MarkedBlock>& blocks, Structure structure,
                          ClaudeBlockWriter& out, InvokeBody& body) {
  const bool has_instruction = structure == Structure::asked;
  if ((blocks.empty() && !has_instruction) || !body.begin("system")) return {};
  json::Writer& writer = body.writer();
  writer.begin_array();
  for (const MarkedBlock& block : blocks) {
    const auto written = out.write(block, Role::system);
    if (!written) return written;
  }
  if (has_instruction) {
    writer.begin_object().member("type", "text");
    writer.member("text", kStructuredOutputInstruction).end_object();
  }
  writer.end_array();
  return {};
}

Result<void> write_conversation(const MarkedConversation& conversation, Structure structure,
                                const ModelId& model, InvokeBody& body) {
  json::Writer& writer = body.writer();
  ClaudeBlockWriter out(writer, model, body.warnings());
  if (const auto written = write_system(conversation.system, structure, out, body); !written) {
    return written;
  }
  if (!body.begin("messages")) return {};
  writer.begin_array();
  for (const MarkedTurn& turn : conversation.turns) {
    writer.begin_object().member("role", to_string(turn.role)).key("content");
    const auto written = write_blocks(turn.blocks, turn.role, out, writer);
    if (!written) return written;
    writer.end_object();
  }
  writer.end_array();
  return {};
}

struct Plan {
  Conversation conversation;
  MarkedConversation marked;
  Structure structure = Structure::none;
  std::int64_t max_tokens = 0;
};

// Checks everything that can be refused before a byte is written.
Result<Plan> plan(const ChatRequest& request, Conversation&& conversation, const ModelId& model,
                  Delivery delivery, Plane plane) {
  const auto check = plane == Plane::mantle ? check_mantle : check_invoke;
  if (const auto checked = check(request, model, delivery); !checked) {
    return std::unexpected(checked.error());
  }
  if (const auto checked = check_tools(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  if (std::ranges::any_of(request.tools, &Tool::system)) {
    return std::unexpected(unsupported(
        model, "does not support the service's own tools in its native format", "Use Converse."));
  }
  if (const auto checked = check_thinking(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  const auto structure = structure_of(request, model, ChatApi::invoke, conversation.warnings);
  if (!structure) return std::unexpected(structure.error());
  const auto max_tokens = max_tokens_to_send(request, model);
  if (!max_tokens) return std::unexpected(max_tokens.error());
  if (conversation.error) return std::unexpected(std::move(*conversation.error));
  const bool has_tools = !request.tools.empty() || offers_tool(*structure);
  auto marked = mark_cache_points(conversation, has_tools ? HasTools::yes : HasTools::no);
  if (!marked) return std::unexpected(marked.error());
  return Plan{std::move(conversation), std::move(*marked), *structure, *max_tokens};
}

}  // namespace

Result<WireRequest> encode_claude_messages(const ChatRequest& request, Conversation conversation,
                                           const ModelId& model, Delivery delivery, Plane plane) {
  const bool on_mantle = plane == Plane::mantle;
  const auto planned = plan(request, std::move(conversation), model, delivery, plane);
  if (!planned) return std::unexpected(planned.error());
  MessagesHeaders headers;
  if (on_mantle) headers = messages_headers(request.extra_fields);
  auto body = InvokeBody::create(on_mantle ? headers.other_fields : request.extra_fields);
  if (!body) return std::unexpected(body.error());
  body->warnings() = planned->conversation.warnings;
  body->writer().reserve(body_size_hint(planned->conversation));

  if (on_mantle) {
    begin_mantle_body(model, delivery, *body);
  } else if (body->begin("anthropic_version")) {
    body->writer().string(kVersion);
  }
  if (body->begin("max_tokens")) body->writer().integer(planned->max_tokens);
  const auto written = write_conversation(planned->marked, planned->structure, model, *body);
  if (!written) return std::unexpected(written.error());
  write_tools(request, planned->structure, planned->marked.tools_cache, *body);
  write_tool_choice(request, planned->structure, *body);
  body->member("stop_sequences", request.stop_sequences);
  body->member("temperature", request.temperature);
  body->member("top_p", request.top_p);
  body->member("top_k", request.top_k);
  add_thinking(request, model, *body);
  if (!on_mantle) add_effort_beta(request, model, *body);
  write_output_config(request, planned->structure, *body);

  if (on_mantle) headers.add_beta(effort_beta(request, model));
  auto wire = on_mantle ? messages_request(request, model, delivery, headers, std::move(*body))
                        : std::move(*body).finish(request, model, delivery);
  if (!wire) return wire;
  wire->structured_output = to_string(planned->structure);
  return wire;
}

}  // namespace llm::bedrock
