#include "local/claude_limits.hpp"

#include <algorithm>
#include <string>

namespace llm::local {
namespace {

constexpr std::int64_t kMinThinkingBudget = 1024;

}  // namespace

Checked<void> check_claude_sampling(std::span<const std::string_view> given, const Model& model) {
  const auto has = [given](std::string_view name) { return std::ranges::count(given, name) > 0; };
  if (model.sampling == Sampling::either && has("temperature") && has("top_p")) {
    return invalid(
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  }
  if (model.sampling != Sampling::none || given.empty()) return {};
  return invalid("`" + std::string(given.front()) + "` is deprecated for this model.");
}

Checked<bool> read_claude_thinking(const json::Value& thinking, const Model& model,
                                   std::int64_t max_tokens) {
  if (!thinking.exists()) return false;
  if (!model.thinking) return invalid("thinking: Extra inputs are not permitted");
  if (thinking["type"].string() != "enabled") return thinking["type"].string() == "adaptive";
  const json::Value budget = thinking["budget_tokens"];
  if (!budget.exists()) return invalid("thinking.enabled.budget_tokens: Field required");
  if (budget.integer().value_or(0) < kMinThinkingBudget) {
    return invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  }
  if (*budget.integer() >= max_tokens) {
    return invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  return true;
}

}  // namespace llm::local
