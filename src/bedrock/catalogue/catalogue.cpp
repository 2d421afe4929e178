#include "bedrock/catalogue/catalogue.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

/// Which inference profiles serve the regions of a geography, best first.
struct Geography {
  std::string_view region_prefix;
  std::array<std::string_view, 2> profiles;
  bool has_global = true;  ///< The profile `global` serves it too.
};

// Source: Bedrock User Guide, "Supported Regions and models for inference profiles". The first
// matching row applies. Separate partitions (gov, iso, China, Europe's sovereign cloud) have none
// of the commercial profiles.
constexpr std::array<Geography, 14> kGeographies = {{
    {"us-gov-", {"us-gov"}, false},
    {"us-iso", {}, false},
    {"us-", {"us"}},
    {"eu-iso", {}, false},
    {"eu-", {"eu"}},
    {"eusc-", {}, false},
    {"cn-", {}, false},
    {"ap-northeast-1", {"jp", "apac"}},
    {"ap-northeast-3", {"jp", "apac"}},
    {"ap-southeast-2", {"au", "apac"}},
    {"ap-southeast-4", {"au", "apac"}},
    {"ap-south-", {"in", "apac"}},
    {"ap-", {"apac"}},
    {"ca-", {"ca", "us"}},
}};

bool has_profile(const ModelFacts& facts, std::string_view prefix) {
  const auto prefixes = base::split(facts.profile_prefixes, ',');
  return !prefix.empty() && std::ranges::find(prefixes, prefix) != prefixes.end();
}

std::vector<std::string> split_list(std::string_view comma_list) {
  if (comma_list.empty()) return {};
  const auto parts = base::split(comma_list, ',');
  return {parts.begin(), parts.end()};
}

std::optional<std::int64_t> known(std::int64_t tokens) {
  return tokens > 0 ? std::optional(tokens) : std::nullopt;
}

// The prices of the identifier's profile, if they differ from the base id's.
const ProfilePrice* profile_price(const ModelId& id) {
  const auto& prices = id.facts->profile_prices;
  const auto found = std::ranges::find(prices, id.prefix, &ProfilePrice::prefix);
  return found == prices.end() ? nullptr : &*found;
}

// The default that a row names for the region, else `otherwise`.
std::string_view default_of_region(std::string_view region, std::span<const RegionDefault> defaults,
                                   std::string_view otherwise) {
  const auto row = std::ranges::find_if(defaults, [region](const RegionDefault& candidate) {
    return region.starts_with(candidate.region_prefix);
  });
  return row == defaults.end() ? otherwise : row->base_id;
}

}  // namespace

const ModelFacts* find_model(std::string_view base_id) {
  const auto models = all_models();
  const auto found = std::ranges::lower_bound(models, base_id, {}, &ModelFacts::base_id);
  return found != models.end() && found->base_id == base_id ? &*found : nullptr;
}

Price price_of(const ModelId& id) {
  if (id.facts == nullptr || !id.priced) return {};
  const ProfilePrice* const own = profile_price(id);
  return own == nullptr ? id.facts->price : own->price;
}

OtherPrices other_prices_of(const ModelId& id) {
  if (id.facts == nullptr || !id.priced) return {};
  const ProfilePrice* const own = profile_price(id);
  return own == nullptr ? id.facts->other_prices : own->other;
}

bool has_ended(std::string_view end_of_life, std::string_view today) {
  if (end_of_life.empty() || today.empty()) return false;
  // A day compares with a day, and a month with the month after it.
  const std::string_view so_far = today.substr(0, end_of_life.size());
  const bool is_day = end_of_life.size() == today.size();
  return is_day ? so_far >= end_of_life : so_far > end_of_life;
}

Lifecycle lifecycle_on(std::string_view today, const ModelFacts& facts) {
  return has_ended(facts.end_of_life, today) ? Lifecycle::end_of_life : facts.lifecycle;
}

std::string_view default_base_model(std::string_view region, std::string_view today,
                                    const CatalogueOverlay* overlay) {
  std::string_view base_id;
  if (overlay != nullptr) {
    base_id = default_of_region(region, overlay->region_defaults(), overlay->default_model());
  }
  if (base_id.empty()) {
    base_id = default_of_region(region, region_defaults(), default_base_model());
  }
  const ModelFacts* facts = facts_of(base_id, overlay);
  const bool is_over = facts != nullptr && lifecycle_on(today, *facts) == Lifecycle::end_of_life;
  return is_over && !facts->successor.empty() ? facts->successor : base_id;
}

ModelInfo to_model_info(const ModelId& id, std::string_view today) {
  ModelInfo info{.id = id.requested_id, .base_id = id.base_id, .api = "converse"};
  info.wire_format = "converse";
  if (id.facts == nullptr) return info;
  const ModelFacts& facts = *id.facts;
  if (facts.wire_format != WireFormat::none) {
    info.api = "invoke";
    info.wire_format = to_string(facts.wire_format);
  }
  if (facts.mantle == Mantle::only) {
    info.api = "mantle";
    if (facts.wire_format == WireFormat::none) info.wire_format = "chat_completions";
  }
  info.provider = facts.provider;
  info.name = facts.name;
  info.mode = facts.mode;
  info.context_window = known(facts.context_window);
  info.max_output_tokens = known(facts.max_output_tokens);
  info.tools = facts.tools;
  info.vision = facts.vision;
  info.streaming = facts.streaming;
  info.reasoning = facts.reasoning;
  info.prompt_caching = facts.prompt_caching;
  info.input_modalities = split_list(facts.input_modalities);
  info.profile_prefixes = split_list(facts.profile_prefixes);
  info.price = price_of(id);
  info.lifecycle = lifecycle_on(today, facts);
  info.end_of_life = facts.end_of_life;
  info.successor = facts.successor;
  info.sources.assign(facts.sources.begin(), facts.sources.end());
  return info;
}

std::string_view profile_prefix(const ModelFacts& facts, std::string_view region) {
  const auto geography = std::ranges::find_if(kGeographies, [region](const Geography& candidate) {
    return region.starts_with(candidate.region_prefix);
  });
  if (geography != kGeographies.end()) {
    for (const std::string_view prefix : geography->profiles) {
      if (has_profile(facts, prefix)) return prefix;
    }
    if (!geography->has_global) return {};
  }
  return has_profile(facts, "global") ? "global" : std::string_view();
}

std::string callable_id(const ModelFacts& facts, std::string_view region) {
  const bool is_elsewhere =
      !facts.on_demand_regions.empty() && !has_word(facts.on_demand_regions, region);
  if (!facts.quirks.needs_profile && !is_elsewhere) return std::string(facts.base_id);
  const std::string_view prefix = profile_prefix(facts, region);
  if (prefix.empty()) return is_elsewhere ? std::string(facts.base_id) : std::string();
  return std::string(prefix) + '.' + std::string(facts.base_id);
}

}  // namespace llm::bedrock
