// Converse: the request.
// Source: botocore, ConverseRequest and ConverseStreamRequest of bedrock-runtime; Bedrock User
// Guide, "Use the Converse API".
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "bedrock/codec/converse/blocks.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/fields.hpp"
#include "bedrock/codec/converse/members.hpp"
#include "bedrock/codec/converse/tools.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

// A prompt forbids the members that it sets itself (Bedrock User Guide, "Prompt management").
Result<void> check_prompt(const ChatRequest& request, const ModelId& model) {
  if (model.kind != IdKind::prompt) {
    if (request.prompt_variables.empty()) return {};
    return std::unexpected(unsupported(model,
                                       "is not a prompt and does not accept prompt_variables",
                                       "Use the ARN of a prompt as the model."));
  }
  std::string forbidden;
  const auto forbid = [&](bool is_set, std::string_view name) {
    if (is_set) forbidden += (forbidden.empty() ? "" : ", ") + std::string(name);
  };
  forbid(std::ranges::any_of(request.messages,
                             [](const Message& message) { return message.role == Role::system; }),
         "system messages");
  forbid(request.max_tokens.has_value(), "max_tokens");
  forbid(request.temperature.has_value(), "temperature");
  forbid(request.top_p.has_value(), "top_p");
  forbid(request.top_k.has_value(), "top_k");
  forbid(!request.stop_sequences.empty(), "stop_sequences");
  forbid(!request.tools.empty(), "tools");
  forbid(request.response_format.has_value(), "response_format");
  forbid(request.reasoning.has_value(), "reasoning");
  forbid(!request.extra_fields.is_null(), "extra_fields");
  if (forbidden.empty()) return {};
  return std::unexpected(unsupported(model, "is a prompt that sets its own " + forbidden,
                                     "Leave them out of the request."));
}

Result<void> check(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (const auto checked = check_request(request, model, delivery); !checked) return checked;
  if (const auto checked = check_prompt(request, model); !checked) return checked;
  if (request.max_tokens && *request.max_tokens < 1) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error, "The max_tokens is below 1."));
  }
  return check_reasoning(request, model);
}

// A prompt may be called without messages: it has its own.
bool needs_messages(const ChatRequest& request, const ModelId& model) {
  return model.kind != IdKind::prompt || !request.messages.empty();
}

Result<void> write_blocks(const std::vector<PlacedBlock>& blocks, ConverseBlockWriter& out) {
  for (const PlacedBlock& block : blocks) {
    const auto written = out.write(block);
    if (!written) return written;
  }
  return {};
}

Result<void> write_system(const std::vector<PlacedBlock>& blocks, Structure structure,
                          ConverseBlockWriter& out, json::Writer& writer) {
  const bool has_instruction = structure == Structure::asked;
  if (blocks.empty() && !has_instruction) return {};
  writer.key("system").begin_array();
  const auto written = write_blocks(blocks, out);
  if (!written) return written;
  if (has_instruction) {
    writer.begin_object().member("text", kStructuredOutputInstruction).end_object();
  }
  writer.end_array();
  return {};
}

Result<void> write_conversation(const Conversation& conversation, Structure structure,
                                const ModelId& model, json::Writer& writer,
                                std::vector<Warning>& warnings) {
  ConverseBlockWriter out(writer, model, warnings);
  if (!conversation.turns.empty()) {
    writer.key("messages").begin_array();
    for (const Turn& turn : conversation.turns) {
      writer.begin_object().member("role", to_string(turn.role)).key("content").begin_array();
      const auto written = write_blocks(turn.blocks, out);
      if (!written) return written;
      writer.end_array().end_object();
    }
    writer.end_array();
  }
  return write_system(conversation.system, structure, out, writer);
}

void append(std::vector<Warning>& warnings, std::vector<Warning>&& more) {
  std::ranges::move(more, std::back_inserter(warnings));
}

std::vector<Warning> warnings_for(const ModelId& model) {
  if (model.facts != nullptr) return {};
  return {{"unknown_model",
           "Model \"" + model.requested_id +
               "\" is not in the catalogue, so it is called through Converse without checks."}};
}

}  // namespace

Result<WireRequest> encode_converse(const ChatRequest& request, Conversation conversation,
                                    const ModelId& model, Delivery delivery) {
  if (const auto checked = check(request, model, delivery); !checked) {
    return std::unexpected(checked.error());
  }
  if (conversation.error && needs_messages(request, model)) {
    return std::unexpected(std::move(*conversation.error));
  }
  const auto tools = plan_tools(request, model, delivery, conversation);
  if (!tools) return std::unexpected(tools.error());
  auto fields = model_fields(request, model);
  if (!fields) return std::unexpected(fields.error());

  const bool is_buffered = delivery == Delivery::buffered;
  WireRequest wire{.operation = converse_operation(delivery),
                   .headers = {{"Content-Type", "application/json"},
                               {"Accept", is_buffered ? "application/json"
                                                      : "application/vnd.amazon.eventstream"}},
                   .body = {},
                   .warnings = warnings_for(model),
                   .structured_output = std::string(to_string(tools->structure))};
  append(wire.warnings, std::move(conversation.warnings));
  append(wire.warnings, std::move(fields->warnings()));
  warn_of_idle_options(request, delivery, wire.warnings);
  json::Writer writer;
  writer.reserve(body_size_hint(conversation));
  writer.begin_object();
  const auto written =
      write_conversation(conversation, tools->structure, model, writer, wire.warnings);
  if (!written) return std::unexpected(written.error());
  write_inference(request, writer);
  if (!tools->empty()) {
    writer.key("toolConfig");
    write_tool_config(request, *tools, writer);
  }
  if (request.guardrail) write_guardrail(*request.guardrail, delivery, writer);
  if (!fields->empty()) writer.key("additionalModelRequestFields").raw(std::move(*fields).take());
  write_output(request, tools->structure, writer);
  write_options(request, project_of(request, model), writer);
  writer.end_object();
  wire.body = std::move(writer).take();
  return wire;
}

}  // namespace llm::bedrock
