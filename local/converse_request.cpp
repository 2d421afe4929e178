#include "local/converse_request.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "local/claude_limits.hpp"
#include "local/converse_media.hpp"
#include "local/converse_messages.hpp"
#include "local/shapes.hpp"
#include "local/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

// What a request costs besides its texts.
constexpr std::int64_t kOverheadTokens = 7;

Checked<void> read_system(const Value& system, const Model& model, Conversation& conversation) {
  if (system.size() > 0 && !model.system_prompt) {
    return invalid(
        "This model doesn't support system messages. Try again without a system message or use a "
        "model that supports system messages.");
  }
  for (const Value block : system.elements()) {
    conversation.prompt_tokens += count_tokens(block["text"].text_or_empty());
  }
  return {};
}

Checked<void> read_inference(const Value& body, const Model& model, Conversation& conversation) {
  const Value inference = body["inferenceConfig"];
  conversation.max_tokens = inference["maxTokens"].integer().value_or(model.max_output_tokens);
  if (conversation.max_tokens > model.max_output_tokens) {
    const std::string limit = std::to_string(model.max_output_tokens);
    return invalid("The maximum tokens you requested exceeds the model limit of " + limit +
                   ". Try again with a maximum tokens value that is lower than " + limit + ".");
  }
  for (const Value sequence : inference["stopSequences"].elements()) {
    conversation.stop_sequences.push_back(sequence.text_or_empty());
  }
  return {};
}

/// What Claude itself says to the members that Converse passes on.
Checked<void> read_claude_fields(const Value& body, const Model& model,
                                 Conversation& conversation) {
  const Value inference = body["inferenceConfig"];
  const Value more = body["additionalModelRequestFields"];
  std::vector<std::string_view> sampling;
  if (inference["temperature"].number()) sampling.emplace_back("temperature");
  if (inference["topP"].number()) sampling.emplace_back("top_p");
  if (more["top_k"].exists()) sampling.emplace_back("top_k");
  if (auto checked = check_claude_sampling(sampling, model); !checked) {
    return refused_by_model(checked.error().message);
  }

  const Checked<bool> thinking =
      read_claude_thinking(more["thinking"], model, conversation.max_tokens);
  if (!thinking) return refused_by_model(thinking.error().message);
  conversation.thinking = *thinking;
  return {};
}

Checked<void> read_additional_fields(const Value& body, const Model& model,
                                     Conversation& conversation) {
  const Value more = body["additionalModelRequestFields"];
  if (more.exists() && !more.is_null() && !more.is_object()) {
    return invalid(
        "The format of the additionalModelRequestFields field is invalid. Provide a json object "
        "for the field and try again.");
  }
  for (const Value path : body["additionalModelResponseFieldPaths"].elements()) {
    if (path.string()->starts_with('/')) continue;
    return invalid("The additionalModelResponseFieldPaths field has an invalid JSON Pointer: " +
                   path.text_or_empty());
  }
  if (model.provider() != "Anthropic") return {};
  return read_claude_fields(body, model, conversation);
}

Checked<void> read_tool(const Value& tool, const std::string& at, Conversation& conversation) {
  const Value specification = tool["toolSpec"];
  if (!specification.is_object()) return {};
  const std::string name = specification["name"].text_or_empty();
  const auto known = std::ranges::find(conversation.tools, name, &OfferedTool::name);
  if (known != conversation.tools.end()) {
    return invalid("The tool " + name + " is already defined at toolConfig.tools." +
                   std::to_string(known - conversation.tools.begin()) + ".");
  }
  const Value schema = specification["inputSchema"]["json"];
  if (schema["type"].string() != "object") {
    return invalid("The value at " + at +
                   ".toolSpec.inputSchema.json.type must be one of the following: object.");
  }
  conversation.tools.push_back({.name = name, .schema = schema});
  return {};
}

Checked<void> read_choice(const Value& choice, Conversation& conversation) {
  if (choice["any"].exists()) conversation.tool_use = ToolUse::required;
  if (!choice["tool"].exists()) return {};
  conversation.tool_use = ToolUse::required;
  conversation.forced_tool = choice["tool"]["name"].text_or_empty();
  if (std::ranges::count(conversation.tools, conversation.forced_tool, &OfferedTool::name) > 0) {
    return {};
  }
  return refused_by_model("Tool '" + conversation.forced_tool + "' not found in provided tools");
}

Checked<void> read_tools(const Value& body, const Model& model, Delivery delivery,
                         Conversation& conversation) {
  const Value config = body["toolConfig"];
  if (!config.is_object()) {
    if (!has_tool_blocks(body["messages"])) return {};
    return invalid(
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
  }
  if (!model.tools) return invalid("This model doesn't support tool use.");
  if (delivery == Delivery::stream && !model.streamed_tools) {
    return invalid("This model doesn't support tool use in streaming mode.");
  }
  std::size_t index = 0;
  for (const Value tool : config["tools"].elements()) {
    const std::string at = "toolConfig.tools." + std::to_string(index++);
    if (auto checked = read_tool(tool, at, conversation); !checked) return checked;
    conversation.prompt_tokens += count_tokens(tool.to_text());
  }
  return read_choice(config["toolChoice"], conversation);
}

}  // namespace

Checked<Conversation> read_converse(const Value& body, const Model& model, Delivery delivery) {
  auto checked = check_shape(body, "ConverseRequest");
  if (checked && delivery == Delivery::whole &&
      body["guardrailConfig"]["streamProcessingMode"].exists()) {
    checked =
        malformed("#/guardrailConfig: extraneous key [streamProcessingMode] is not permitted");
  }
  if (!checked) return std::unexpected(checked.error());
  return read_conversation(body, model, delivery);
}

Checked<Conversation> read_conversation(const Value& body, const Model& model, Delivery delivery) {
  Conversation conversation{.prompt_tokens = kOverheadTokens};
  auto checked = read_system(body["system"], model, conversation);
  if (checked) checked = read_inference(body, model, conversation);
  if (checked) checked = read_tools(body, model, delivery, conversation);
  if (checked) checked = read_converse_messages(body["messages"], model, conversation);
  if (checked) checked = read_additional_fields(body, model, conversation);
  if (!checked) return std::unexpected(checked.error());
  return conversation;
}

}  // namespace llm::local
