#include "bedrock/catalogue/cost.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

namespace llm::bedrock {
namespace {

/// Adds tokens × price; false when tokens were used whose price is unknown.
bool add(const std::optional<std::int64_t>& tokens, const std::optional<double>& price_per_million,
         double& sum) {
  if (!tokens || *tokens == 0) return true;
  if (!price_per_million) return false;
  sum += static_cast<double>(*tokens) * *price_per_million;
  return true;
}

/// Adds what was written to the cache; false when that has no known price.
bool add_writes(const Usage& usage, CacheTime time, const Price& price, double& sum) {
  const auto& by_time = usage.cache_write_tokens_by_ttl;
  const std::int64_t all = usage.cache_write_tokens.value_or(0);
  if (by_time.empty()) {
    return (all == 0 || time == CacheTime::five_minutes) && add(all, price.cache_write, sum);
  }
  std::int64_t left = all;
  for (const auto& [ttl, tokens] : by_time) {
    left -= tokens;
    const bool is_known = ttl == "5m" || ttl == "1h";
    if (!is_known && tokens != 0) return false;
    if (!add(tokens, ttl == "1h" ? price.cache_write_1h : price.cache_write, sum)) return false;
  }
  return left == 0;  // Otherwise the two counts contradict each other.
}

std::int64_t input_tokens(const Usage& usage) {
  return usage.prompt_tokens.value_or(0) + usage.cache_read_tokens.value_or(0) +
         usage.cache_write_tokens.value_or(0);
}

/// The price of this response. Empty where it is unknown.
/// Source: Amazon Bedrock pricing: tiers, long context. Reserved capacity and optimized latency
/// have prices of their own.
Price price_for(const ModelId& model, const Usage& usage, const ResponseDetails& details) {
  if (!details.latency.empty() && details.latency != "standard") return {};
  const OtherPrices other = other_prices_of(model);
  const bool is_long = other.above_tokens != 0 && input_tokens(usage) > other.above_tokens;
  if (details.service_tier.empty() || details.service_tier == "default") {
    return is_long ? other.above : price_of(model);
  }
  if (is_long) return {};
  if (details.service_tier == "flex") return other.flex;
  return details.service_tier == "priority" ? other.priority : Price();
}

/// Prices have at most six decimals, and are per million tokens.
double rounded(double dollars) {
  constexpr double kScale = 1e12;
  return std::round(dollars * kScale) / kScale;
}

bool is_long_lived(const CachePoint& point) { return !point.ttl.empty() && point.ttl != "5m"; }

}  // namespace

CacheTime cache_time_of(const ChatRequest& request) {
  for (const Message& message : request.messages) {
    for (const Content& content : message.content) {
      const auto* const point = std::get_if<CachePoint>(&content);
      if (point != nullptr && is_long_lived(*point)) return CacheTime::longer;
    }
  }
  // The caller's own JSON may hold cache points too.
  return request.extra_fields.text().contains("\"ttl\"") ? CacheTime::longer
                                                         : CacheTime::five_minutes;
}

std::optional<double> cost_of(const ModelId& model, const Usage& usage,
                              const ResponseDetails& details, CacheTime time) {
  if (!usage.prompt_tokens || !usage.completion_tokens) return std::nullopt;
  const Price price = price_for(model, usage, details);
  double sum = 0;
  const bool known = add(usage.prompt_tokens, price.input, sum) &&
                     add(usage.completion_tokens, price.output, sum) &&
                     add(usage.cache_read_tokens, price.cache_read, sum) &&
                     add_writes(usage, time, price, sum);
  if (!known) return std::nullopt;
  return rounded(sum / 1e6);
}

}  // namespace llm::bedrock
