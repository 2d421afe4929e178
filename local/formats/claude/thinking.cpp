#include "local/formats/claude/thinking.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace llm::local {
namespace {

using json::Value;

constexpr std::int64_t kMinThinkingBudget = 1024;

/// The type of a block in Claude's terms, for both wire formats.
std::string kind_of(const Value& block) {
  if (block["type"].is_string()) return block["type"].text_or_empty();
  for (const json::Member& member : block.members()) {
    if (member.key == "reasoningContent") return "thinking";
    return member.key == "toolUse" ? "tool_use" : std::string(member.key);
  }
  return {};
}

std::vector<std::string> kinds_of(const Value& message) {
  std::vector<std::string> kinds;
  for (const Value block : message["content"].elements()) kinds.push_back(kind_of(block));
  return kinds;
}

/// Refuses tool calls of the second-last message that do not follow their reasoning.
Checked<void> check_calls(const Value& messages) {
  if (messages.size() < 2) return {};
  const std::size_t calling = messages.size() - 2;
  std::vector<std::string> kinds;
  std::size_t index = 0;
  for (const Value message : messages.elements()) {
    if (index++ == calling && message["role"].string() == "assistant") kinds = kinds_of(message);
  }
  if (std::ranges::count(kinds, "tool_use") == 0 || kinds.front() == "thinking" ||
      kinds.front() == "redacted_thinking") {
    return {};
  }
  return invalid(
      "messages." + std::to_string(calling) +
      ".content.0.type: Expected `thinking` or `redacted_thinking`, but found `" + kinds.front() +
      "`. When `thinking` is enabled, a final `assistant` message must start with a thinking block "
      "(preceeding the lastmost set of `tool_use` and `tool_result` blocks). To avoid this "
      "requirement, disable `thinking`.");
}

}  // namespace

Checked<bool> read_claude_thinking(const Value& thinking, const Model& model,
                                   std::int64_t max_tokens) {
  if (!thinking.exists()) return false;
  if (model.thinking == Thinking::none) {
    return invalid("thinking: Extra inputs are not permitted");
  }
  const std::string type = thinking["type"].text_or_empty();
  if (type.empty()) return invalid("thinking.type: Field required");
  if (type != "adaptive" && type != "disabled" && type != "enabled") {
    return invalid("thinking: Input tag '" + type +
                   "' found using 'type' does not match any of the expected tags: 'adaptive', "
                   "'disabled', 'enabled'");
  }
  if (type == "disabled" && model.always_thinks) {
    return invalid("\"thinking.type.disabled\" is not supported for this model.");
  }
  if (type == "adaptive" && model.thinking == Thinking::budget) {
    return invalid("adaptive thinking is not supported on this model");
  }
  if (type != "enabled") return type == "adaptive";
  if (model.thinking == Thinking::adaptive) {
    return invalid(
        "\"thinking.type.enabled\" is not supported for this model. Use "
        "\"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
  }
  const Value budget = thinking["budget_tokens"];
  if (!budget.exists()) return invalid("thinking.enabled.budget_tokens: Field required");
  if (budget.integer().value_or(0) < kMinThinkingBudget) {
    return invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  }
  if (*budget.integer() >= max_tokens) {
    return invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  return true;
}

Checked<void> check_thinking_context(const Value& thinking, const Model& model,
                                     const ThinkingContext& context) {
  const std::string type = thinking["type"].text_or_empty();
  const bool thinks = type == "enabled" || type == "adaptive";
  if (thinks && context.tool_use == ToolUse::required && !model.thinks_when_forced) {
    return invalid("Thinking may not be enabled when tool_choice forces tool use.");
  }
  if (type != "enabled") return {};
  if (context.temperature.number().value_or(1) != 1) {
    return invalid(
        "`temperature` may only be set to 1 when thinking is enabled. Please consult our "
        "documentation at https://docs.claude.com/en/docs/build-with-claude/"
        "extended-thinking#important-considerations-when-using-extended-thinking");
  }
  return check_calls(context.messages);
}

}  // namespace llm::local
