#include "local/formats/claude/tools.hpp"

#include <algorithm>
#include <array>

#include "local/formats/cache_points.hpp"
#include "local/formats/claude/limits.hpp"
#include "local/formats/claude/schema.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxNameBytes = 128;  // Anthropic Messages API

/// A type of tool, and the beta that it needs; empty: none.
struct ToolType {
  std::string_view type;
  std::string_view beta;
};

// Sorted by type. Source: those without a beta as recorded in a refusal of others; the betas from
// Anthropic's tool pages.
constexpr std::array kToolTypes{
    ToolType{"bash_20241022", "computer-use-2024-10-22"},
    ToolType{"bash_20250124", ""},
    ToolType{"computer_20241022", "computer-use-2024-10-22"},
    ToolType{"computer_20250124", "computer-use-2025-01-24"},
    ToolType{"computer_20251124", "computer-use-2025-11-24"},
    ToolType{"custom", ""},
    ToolType{"memory_20250818", "context-management-2025-06-27"},
    ToolType{"text_editor_20241022", "computer-use-2024-10-22"},
    ToolType{"text_editor_20250124", ""},
    ToolType{"text_editor_20250429", ""},
    ToolType{"text_editor_20250728", ""},
    ToolType{"tool_search_tool_regex_20251119", "tool-search-tool-2025-10-19"},
};

bool is_offered(const ToolType& tool, const Value& body) {
  return tool.beta.empty() || has_claude_beta(body, tool.beta);
}

bool is_tool_name(std::string_view name) {
  return name.size() <= kMaxNameBytes && is_claude_name(name);
}

Checked<void> check_custom_tool(const Value& tool, const std::string& at) {
  const Value schema = tool["input_schema"];
  if (!schema.exists()) return invalid(at + ".input_schema: Field required");
  if (!schema.is_object()) {
    return invalid(at + ".input_schema: Input should be a valid dictionary");
  }
  const Value type = schema["type"];
  if (!type.exists()) return invalid(at + ".input_schema.type: Field required");
  if (type.string() != "object") {
    return invalid(at + ".input_schema.type: Input should be 'object'");
  }
  return check_claude_schema(schema, at);
}

Checked<void> check_type(std::string_view type, const std::string& at, const Value& body) {
  std::string tags;
  for (const ToolType& known : kToolTypes) {
    if (!is_offered(known, body)) continue;
    if (known.type == type) return {};
    tags += (tags.empty() ? "'" : ", '") + std::string(known.type) + "'";
  }
  return invalid(at + ": Input tag '" + std::string(type) +
                 "' found using 'type' does not match any of the expected tags: " + tags);
}

Checked<OfferedTool> read_claude_tool(const Value& tool, std::size_t index, const Model& model,
                                      const Value& body) {
  const std::string at = "tools." + std::to_string(index);
  const std::string type = tool["type"].exists() ? tool["type"].text_or_empty() : "custom";
  if (auto checked = check_type(type, at, body); !checked) return std::unexpected(checked.error());
  const Value name = tool["name"];
  if (!name.exists()) return invalid(at + "." + type + ".name: Field required");
  if (!is_tool_name(name.text_or_empty())) {
    return invalid(at + "." + type + ".name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
  }
  if (type == "custom") {
    auto checked = check_custom_tool(tool, at + ".custom");
    if (checked) {
      checked = check_strict_tool(tool["strict"], tool["input_schema"], at + ".custom", model);
    }
    if (!checked) return std::unexpected(checked.error());
  }
  return OfferedTool{.name = name.text_or_empty(), .schema = tool["input_schema"]};
}

Checked<void> read_claude_tool_choice(const Value& choice, const Model& model, Prompt& prompt) {
  if (prompt.tools.empty()) {
    return invalid("tool_choice: tool_choice may only be specified while providing tools.");
  }
  const std::string type = choice["type"].text_or_empty();
  if (type != "auto" && type != "any" && type != "tool" && type != "none") {
    return invalid("tool_choice: Input tag '" + type +
                   "' found using 'type' does not match any of the expected tags: 'any', 'auto', "
                   "'none', 'tool'");
  }
  if ((type == "any" || type == "tool") && model.choices == ToolChoices::automatic) {
    return invalid(std::string(kForcedChoiceRefusal));
  }
  prompt.parallel_tools = !choice["disable_parallel_tool_use"].boolean().value_or(false);
  if (type == "none") prompt.tool_use = ToolUse::none;
  if (type == "any") prompt.tool_use = ToolUse::required;
  if (type != "tool") return {};

  prompt.tool_use = ToolUse::required;
  prompt.forced_tool = choice["name"].text_or_empty();
  if (prompt.forced_tool.empty()) return invalid("tool_choice.tool.name: Field required");
  if (std::ranges::count(prompt.tools, prompt.forced_tool, &OfferedTool::name) == 0) {
    return invalid("Tool '" + prompt.forced_tool + "' not found in provided tools");
  }
  return {};
}

}  // namespace

Checked<void> check_claude_schema(const Value& schema, const std::string& at) {
  if (!schema["oneOf"].exists() && !schema["allOf"].exists() && !schema["anyOf"].exists()) {
    return {};
  }
  return invalid(at +
                 ".input_schema: input_schema does not support oneOf, allOf, or anyOf at the top "
                 "level");
}

Checked<void> check_strict_tool(const Value& strict, const Value& schema, const std::string& at,
                                const Model& model) {
  if (!strict.exists()) return {};
  if (!model.strict_tools) return invalid(at + ".strict: Extra inputs are not permitted");
  if (!strict.boolean().value_or(false)) return {};
  return check_enforced_schema(schema, at, model);
}

Checked<void> read_claude_tools(const Value& body, const Model& model, Prompt& prompt) {
  std::size_t index = 0;
  for (const Value element : body["tools"].elements()) {
    const std::string at = "tools." + std::to_string(index);
    Checked<OfferedTool> tool = read_claude_tool(element, index++, model, body);
    if (!tool) return std::unexpected(tool.error());
    if (std::ranges::count(prompt.tools, tool->name, &OfferedTool::name) > 0) {
      return invalid("tools: Tool names must be unique.");
    }
    prompt.tools.push_back(std::move(*tool));
    prompt.prompt_tokens += count_tokens(element.to_text());
    if (auto checked = read_claude_block_caching(element, "tools", at, model, prompt); !checked) {
      return checked;
    }
  }
  const Value choice = body["tool_choice"];
  return choice.exists() ? read_claude_tool_choice(choice, model, prompt) : Checked<void>{};
}

}  // namespace llm::local
