#include "local/formats/converse/request.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "local/formats/cache_points.hpp"
#include "local/formats/claude/limits.hpp"
#include "local/formats/claude/messages.hpp"
#include "local/formats/claude/output.hpp"
#include "local/formats/claude/schema.hpp"
#include "local/formats/claude/thinking.hpp"
#include "local/formats/claude/tools.hpp"
#include "local/formats/converse/cache_point.hpp"
#include "local/formats/converse/guardrail.hpp"
#include "local/formats/converse/media.hpp"
#include "local/formats/converse/messages.hpp"
#include "local/formats/converse/response_fields.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/query.hpp"
#include "local/frontend/shapes.hpp"
#include "local/model/prompt_cache.hpp"
#include "local/model/sample_json.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

Checked<void> read_converse_system(const Value& system, const Model& model, Prompt& prompt) {
  if (system.size() > 0 && !model.system_prompt) {
    return invalid(
        "This model doesn't support system messages. Try again without a system message or use a "
        "model that supports system messages.");
  }
  std::size_t blocks = 0;
  for (const Value block : system.elements()) {
    if (block["cachePoint"].is_object()) {
      auto checked =
          read_converse_cache_point(block["cachePoint"], "system", blocks, model, prompt);
      if (!checked) return checked;
      continue;
    }
    ++blocks;
    prompt.prompt_tokens += count_tokens(block["text"].text_or_empty());
    extend_prefix("system", block, prompt);
  }
  return {};
}

Checked<void> read_inference(const Value& body, const Model& model, Prompt& prompt) {
  const Value inference = body["inferenceConfig"];
  prompt.max_tokens = inference["maxTokens"].integer().value_or(model.max_output_tokens);
  if (prompt.max_tokens > model.max_output_tokens) {
    const std::string limit = std::to_string(model.max_output_tokens);
    return invalid("The maximum tokens you requested exceeds the model limit of " + limit +
                   ". Try again with a maximum tokens value that is lower than " + limit + ".");
  }
  // Claude's refusal has words of its own.
  if (model.sampling == Sampling::none && model.provider() != "Anthropic") {
    for (const std::string_view name : {"temperature", "topP"}) {
      if (!inference[name].exists()) continue;
      return refused_by_model("Unsupported parameter: '" +
                              std::string(name == "topP" ? "top_p" : name) +
                              "' is not supported with this model.");
    }
  }
  read_stop_sequences(inference["stopSequences"], prompt);
  if (model.provider() != "Anthropic") return {};
  auto checked = check_claude_stop_sequences(prompt.stop_sequences);
  return as_refused_by_model(checked);
}

std::size_t count_cache_points(const Value& body) {
  std::size_t count = 0;
  const auto add = [&count](const Value& blocks) {
    for (const Value block : blocks.elements()) count += block["cachePoint"].is_object() ? 1 : 0;
  };
  add(body["system"]);
  add(body["toolConfig"]["tools"]);
  for (const Value message : body["messages"].elements()) add(message["content"]);
  return count + count_cache_controls(body["additionalModelRequestFields"]["tools"]);
}

/// Checks the members that Converse passes on to Claude, which refuses with its own messages.
Checked<void> read_claude_fields(const Value& body, const Model& model, Prompt& prompt) {
  const Value inference = body["inferenceConfig"];
  const Value more = body["additionalModelRequestFields"];
  if (auto checked = check_claude_fields(more); !checked) return as_refused_by_model(checked);
  std::vector<std::string_view> sampling;
  if (inference["temperature"].number()) sampling.emplace_back("temperature");
  if (inference["topP"].number()) sampling.emplace_back("top_p");
  if (more["top_k"].exists()) sampling.emplace_back("top_k");
  if (auto checked = check_claude_sampling(sampling, model); !checked) {
    return as_refused_by_model(checked);
  }

  const Value output = more["output_config"];
  // Reported: with Converse, a format is accepted in `outputConfig` only.
  if (output["format"].exists()) {
    return refused_by_model("output_config.format: Extra inputs are not permitted");
  }
  for (const Value& effort : {body["outputConfig"]["effort"], output["effort"]}) {
    if (auto checked = check_effort(effort, model); !checked) return as_refused_by_model(checked);
  }
  const Checked<bool> thinking = read_claude_thinking(more["thinking"], model, prompt.max_tokens);
  if (!thinking) return refused_by_model(thinking.error().message);
  prompt.thinking = *thinking;
  auto checked = check_thinking_context(more["thinking"], model,
                                        {.temperature = inference["temperature"],
                                         .messages = body["messages"],
                                         .tool_use = prompt.tool_use});
  if (checked) checked = check_cache_points(count_cache_points(body));
  return as_refused_by_model(checked);
}

/// Models of other companies accept an effort, under names of their own besides Converse's.
/// Source: recorded requests.
bool asks_for_reasoning(const Value& body) {
  const Value more = body["additionalModelRequestFields"];
  return body["outputConfig"]["effort"].exists() || more["reasoning_effort"].exists() ||
         more["reasoning_config"].exists() || more["reasoningConfig"]["type"].string() == "enabled";
}

Checked<void> read_additional_fields(const Value& body, const Model& model, Prompt& prompt) {
  const Value more = body["additionalModelRequestFields"];
  if (more.exists() && !more.is_null() && !more.is_object()) {
    return invalid(
        "The format of the additionalModelRequestFields field is invalid. Provide a json object "
        "for the field and try again.");
  }
  auto checked = check_field_paths(body["additionalModelResponseFieldPaths"]);
  if (!checked) return checked;
  if (model.thinking == Thinking::effort) {
    prompt.thinking = asks_for_reasoning(body);
    if (!model.efforts.empty()) checked = check_effort(body["outputConfig"]["effort"], model);
    if (!checked) return as_refused_by_model(checked);
  }
  if (model.provider() != "Anthropic") return {};
  return read_claude_fields(body, model, prompt);
}

/// Source: botocore, RequestMetadata.
Checked<void> check_metadata(const Value& metadata) {
  constexpr std::size_t kMaxKeyBytes = 256;
  for (const auto& [key, value] : metadata.members()) {
    const bool plain = std::ranges::all_of(key, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view(" \t\n\r:_@$#=/+,-.").contains(c);
    });
    if (plain && !key.empty() && key.size() <= kMaxKeyBytes) continue;
    return invalid(
        "1 validation error detected: Value at 'requestMetadata' failed to satisfy constraint: Map "
        "keys must satisfy constraint: [Member must satisfy regular expression pattern: "
        "[a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]");
  }
  return {};
}

Checked<void> check_guardrail_config(const Value& config) {
  return check_guardrail({.identifier = config["guardrailIdentifier"].text_or_empty(),
                          .version = config["guardrailVersion"].text_or_empty(),
                          .identifier_at = "guardrailConfig.guardrailIdentifier",
                          .version_at = "guardrailConfig.guardrailVersion"});
}

/// A JSON schema in `outputConfig` sets `structured_output`.
Checked<void> read_output(const Value& config, const Model& model, Prompt& prompt) {
  const Value definition = config["textFormat"]["structure"]["jsonSchema"];
  const auto text = definition["schema"].string();
  if (!text) return {};
  json::Parser parser;
  const Result<Value> schema = parser.parse(*text);
  if (!schema || !schema->is_object()) {
    return not_an_object("outputConfig.textFormat.structure.jsonSchema.schema");
  }
  auto checked = check_enforced_schema(*schema, "output_config.format.schema", model);
  if (!checked) return as_refused_by_model(checked);
  prompt.structured_output = sample_value(*schema);
  return {};
}

Checked<void> read_converse_tool(const Value& tool, std::size_t index, Prompt& prompt) {
  const std::string at = "toolConfig.tools." + std::to_string(index);
  const Value specification = tool["toolSpec"];
  if (!specification.is_object()) return {};
  const std::string name = specification["name"].text_or_empty();
  const auto known = std::ranges::find(prompt.tools, name, &OfferedTool::name);
  if (known != prompt.tools.end()) {
    return invalid("The tool " + name + " is already defined at toolConfig.tools." +
                   std::to_string(known - prompt.tools.begin()) + ".");
  }
  const Value schema = specification["inputSchema"]["json"];
  if (!schema.is_object()) return not_an_object(at + ".toolSpec.inputSchema.json");
  if (schema["type"].string() != "object") {
    return invalid("The value at " + at +
                   ".toolSpec.inputSchema.json.type must be one of the following: object.");
  }
  prompt.tools.push_back({.name = name, .schema = schema});
  return {};
}

/// The model's own checks of a tool. `index` is its place in the native body, without cache points.
Checked<void> check_native_tool(const Value& specification, std::size_t index, const Model& model) {
  const std::string at = "tools." + std::to_string(index) + ".custom";
  const Value schema = specification["inputSchema"]["json"];
  auto checked = check_strict_tool(specification["strict"], schema, at, model);
  if (checked && model.provider() == "Anthropic") checked = check_claude_schema(schema, at);
  return as_refused_by_model(checked);
}

/// Refuses a forced call that the model does not accept. The words of Bedrock name the member.
Checked<void> check_converse_tool_choice(const Value& choice, const Model& model) {
  const bool any = choice["any"].exists();
  const bool accepted = model.choices == ToolChoices::all ||
                        (model.choices == ToolChoices::any && !choice["tool"].exists());
  if (accepted || (!any && !choice["tool"].exists())) return {};
  if (model.provider() == "Anthropic") return refused_by_model(std::string(kForcedChoiceRefusal));
  const std::string member = any ? "toolConfig.toolChoice.any" : "toolConfig.toolChoice.tool";
  return invalid("This model doesn't support the " + member + " field. Remove " + member +
                 " and try again.");
}

Checked<void> read_converse_tool_choice(const Value& choice, const Model& model, Prompt& prompt) {
  if (auto checked = check_converse_tool_choice(choice, model); !checked) return checked;
  if (choice["any"].exists()) prompt.tool_use = ToolUse::required;
  if (!choice["tool"].exists()) return {};
  prompt.tool_use = ToolUse::required;
  prompt.forced_tool = choice["tool"]["name"].text_or_empty();
  if (std::ranges::count(prompt.tools, prompt.forced_tool, &OfferedTool::name) > 0) {
    return {};
  }
  return refused_by_model("Tool '" + prompt.forced_tool + "' not found in provided tools");
}

/// Claude's built-in tools have no place in `toolConfig`.
Checked<void> read_claude_tools_of_converse(const Value& body, const Model& model, Prompt& prompt) {
  const Value more = body["additionalModelRequestFields"];
  if (model.provider() != "Anthropic" || !more["tools"].exists()) return {};
  auto checked = read_claude_tools(more, model, prompt);
  return as_refused_by_model(checked);
}

Checked<void> read_converse_tools(const Value& body, const Model& model, Delivery delivery,
                                  Prompt& prompt) {
  const Value config = body["toolConfig"];
  if (!config.is_object()) {
    if (!has_tool_blocks(body["messages"])) return {};
    return invalid(
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
  }
  if (!model.tools) return invalid("This model doesn't support tool use.");
  if (delivery == Delivery::streaming && !model.streaming_tools) {
    return invalid("This model doesn't support tool use in streaming mode.");
  }
  std::size_t index = 0;
  std::size_t tools = 0;
  for (const Value tool : config["tools"].elements()) {
    const std::size_t place = index++;
    if (tool["cachePoint"].is_object()) {
      auto checked = read_converse_cache_point(tool["cachePoint"], "tools", tools, model, prompt);
      if (!checked) return checked;
      continue;
    }
    ++tools;
    if (auto checked = read_converse_tool(tool, place, prompt); !checked) return checked;
    if (auto checked = check_native_tool(tool["toolSpec"], tools - 1, model); !checked) {
      return checked;
    }
    prompt.prompt_tokens += count_tokens(tool.to_text());
    extend_prefix("tools", tool, prompt);
  }
  return read_converse_tool_choice(config["toolChoice"], model, prompt);
}

}  // namespace

Checked<Prompt> read_converse(const Value& body, const Model& model, Delivery delivery) {
  auto checked = check_shape(body, "ConverseRequest");
  if (checked && delivery == Delivery::buffered &&
      body["guardrailConfig"]["streamProcessingMode"].exists()) {
    checked =
        malformed("#/guardrailConfig: extraneous key [streamProcessingMode] is not permitted");
  }
  if (checked) checked = check_project(body["projectIdentifier"].text_or_empty());
  if (!checked) return std::unexpected(checked.error());
  return read_checked_converse(body, model, delivery);
}

Checked<Prompt> read_checked_converse(const Value& body, const Model& model, Delivery delivery) {
  Prompt prompt{.prompt_tokens = kOverheadTokens, .caches = count_cache_points(body) > 0};
  auto checked = read_inference(body, model, prompt);
  if (checked) checked = check_metadata(body["requestMetadata"]);
  if (checked) checked = check_guardrail_config(body["guardrailConfig"]);
  if (checked) checked = read_output(body["outputConfig"], model, prompt);
  // Tools before the system prompt, as the prompt cache has them.
  if (checked) checked = read_claude_tools_of_converse(body, model, prompt);
  if (checked) checked = read_converse_tools(body, model, delivery, prompt);
  if (checked) checked = read_converse_system(body["system"], model, prompt);
  if (checked) checked = read_converse_messages(body["messages"], model, prompt);
  if (checked) checked = read_additional_fields(body, model, prompt);
  if (!checked) return std::unexpected(checked.error());
  return prompt;
}

}  // namespace llm::local
