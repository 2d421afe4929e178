#include "bedrock/catalogue/cost.hpp"

#include <cstdint>

namespace llm::bedrock {
namespace {

/// Adds tokens × price; false when tokens were used whose price is unknown.
bool add(const std::optional<std::int64_t>& tokens, const std::optional<double>& price_per_million,
         double& sum) {
  if (!tokens || *tokens == 0) return true;
  if (!price_per_million) return false;
  sum += static_cast<double>(*tokens) * *price_per_million / 1e6;
  return true;
}

// Priority, flex, reserved and optimized latency have other prices (Amazon Bedrock pricing).
bool is_standard(const ResponseDetails& details) {
  const bool is_default_tier = details.service_tier.empty() || details.service_tier == "default";
  return is_default_tier && (details.latency.empty() || details.latency == "standard");
}

}  // namespace

std::optional<double> cost_of(const ModelId& model, const Usage& usage,
                              const ResponseDetails& details) {
  if (!is_standard(details)) return std::nullopt;
  if (!usage.prompt_tokens || !usage.completion_tokens) return std::nullopt;
  const Price price = price_of(model);
  double sum = 0;
  const bool known = add(usage.prompt_tokens, price.input, sum) &&
                     add(usage.completion_tokens, price.output, sum) &&
                     add(usage.cache_read_tokens, price.cache_read, sum) &&
                     add(usage.cache_write_tokens, price.cache_write, sum);
  if (!known) return std::nullopt;
  return sum;
}

}  // namespace llm::bedrock
