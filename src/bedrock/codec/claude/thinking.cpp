// Source: Anthropic, "Extended thinking" and "Adaptive thinking".
#include "bedrock/codec/claude/thinking.hpp"

#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

constexpr int kMinBudgetTokens = 1024;  // Anthropic, "Extended thinking"

bool cannot_think(const ModelId& model) {
  return model.facts != nullptr && model.facts->reasoning == Support::no;
}

}  // namespace

Result<void> check_thinking(const ChatRequest& request, const ModelId& model) {
  if (!request.reasoning || !request.reasoning->enabled) return {};
  const Reasoning& reasoning = *request.reasoning;
  if (cannot_think(model)) {
    return std::unexpected(unsupported(model, "does not support reasoning"));
  }
  if (reasoning.budget_tokens && *reasoning.budget_tokens < kMinBudgetTokens) {
    return std::unexpected(make_error(ErrorCode::configuration_error,
                                      "The reasoning.budget_tokens is below 1024.",
                                      "Set at least 1024."));
  }
  if (model.facts == nullptr) return {};
  const Takes& takes = model.facts->takes;
  if (takes.thinking_budget == Support::no && reasoning.budget_tokens) {
    return std::unexpected(
        unsupported(model, "adapts its reasoning and does not accept reasoning.budget_tokens",
                    "Set reasoning.effort instead."));
  }
  if (takes.thinking_adaptive == Support::no && !reasoning.budget_tokens) {
    return std::unexpected(unsupported(model, "requires a budget for reasoning",
                                       "Set reasoning.budget_tokens to at least 1024."));
  }
  return {};
}

bool has_thinking(const ChatRequest& request, const ModelId& model) {
  return request.reasoning && (request.reasoning->enabled || !cannot_think(model));
}

void write_thinking(const Reasoning& reasoning, json::Writer& writer) {
  writer.begin_object();
  if (!reasoning.enabled) {
    writer.member("type", "disabled");
  } else if (reasoning.budget_tokens) {
    writer.member("type", "enabled").key("budget_tokens").integer(*reasoning.budget_tokens);
  } else {
    writer.member("type", "adaptive");
  }
  writer.end_object();
}

}  // namespace llm::bedrock
