#include "bedrock/catalogue/cost.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace llm::bedrock {
namespace {

constexpr Price kPrice{.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75};
constexpr ProfilePrice kProfiles[] = {{"eu", {.input = 6, .output = 30}}};

std::optional<double> cost(const Usage& usage, const Price& price = kPrice,
                           const ResponseDetails& details = {}, std::string prefix = {}) {
  const ModelFacts facts{.base_id = "vendor.model", .price = price, .profile_prices = kProfiles};
  return cost_of({.requested_id = "vendor.model", .prefix = std::move(prefix), .facts = &facts},
                 usage, details, CacheTime::five_minutes);
}

TEST(Cost, adds_up_what_is_sent_written_and_read_from_the_cache) {
  const auto dollars = cost({.prompt_tokens = 1000,
                             .completion_tokens = 100,
                             .cache_read_tokens = 10'000,
                             .cache_write_tokens = 2000});

  ASSERT_TRUE(dollars);
  EXPECT_NEAR(*dollars, 0.003 + 0.0015 + 0.003 + 0.0075, 1e-12);
}

TEST(Cost, uses_the_price_of_the_profile) {
  const auto dollars = cost({.prompt_tokens = 1000, .completion_tokens = 0}, kPrice, {}, "eu");

  ASSERT_TRUE(dollars);
  EXPECT_NEAR(*dollars, 0.006, 1e-12);
}

TEST(Cost, is_unknown_when_a_price_or_a_count_is) {
  const Usage used{.prompt_tokens = 1, .completion_tokens = 1};
  const Usage cached{.prompt_tokens = 1, .completion_tokens = 1, .cache_read_tokens = 1};
  const Usage written{.prompt_tokens = 1, .completion_tokens = 1, .cache_write_tokens = 1};

  EXPECT_FALSE(cost(used, {.input = 3}));
  EXPECT_FALSE(cost(used, {.output = 3}));
  EXPECT_FALSE(cost(cached, {.input = 3, .output = 15}));
  EXPECT_FALSE(cost(written, {.input = 3, .output = 15, .cache_read = 1}));
  EXPECT_FALSE(cost({.prompt_tokens = 1}));
  EXPECT_FALSE(cost({}));
  EXPECT_FALSE(cost_of({.requested_id = "vendor.unlisted-v1"}, used, {}, CacheTime::five_minutes));
}

TEST(Cost, needs_no_price_of_what_was_not_used) {
  EXPECT_TRUE(
      cost({.prompt_tokens = 1, .completion_tokens = 0, .cache_read_tokens = 0}, {.input = 3}));
}

struct PriceRow {
  std::string name;
  Usage usage;
  ResponseDetails details;
  CacheTime time;
  std::optional<double> dollars;
};

class CostByPrice : public ::testing::TestWithParam<PriceRow> {};

constexpr OtherPrices kOther{.above_tokens = 200'000,
                             .above = {.input = 6, .output = 22.5, .cache_read = 0.6},
                             .flex = {.input = 1.5, .output = 7.5}};

TEST_P(CostByPrice, is_that_of_its_price_or_unknown) {
  const PriceRow& row = GetParam();
  Price price = kPrice;
  price.cache_write_1h = 6;
  const ModelFacts facts{.base_id = "vendor.model", .price = price, .other_prices = kOther};

  const auto dollars =
      cost_of({.requested_id = "vendor.model", .facts = &facts}, row.usage, row.details, row.time);

  EXPECT_EQ(dollars, row.dollars);
}

Usage written(std::map<std::string, std::int64_t> by_ttl, std::int64_t all) {
  return {.prompt_tokens = 0,
          .completion_tokens = 0,
          .cache_write_tokens = all,
          .cache_write_tokens_by_ttl = std::move(by_ttl)};
}

INSTANTIATE_TEST_SUITE_P(
    Prices, CostByPrice,
    ::testing::Values(
        PriceRow{"for_an_hour", written({{"1h", 1000}}, 1000), {}, CacheTime::longer, 0.006},
        PriceRow{"for_both_times",
                 written({{"1h", 1000}, {"5m", 1000}}, 2000),
                 {},
                 CacheTime::longer,
                 0.00975},
        PriceRow{"for_an_unknown_time", written({{"24h", 1000}}, 1000), {}, CacheTime::longer, {}},
        PriceRow{
            "counts_that_contradict", written({{"1h", 1000}}, 2000), {}, CacheTime::longer, {}},
        PriceRow{"not_reported", written({}, 1000), {}, CacheTime::five_minutes, 0.00375},
        PriceRow{"not_reported_but_asked_for", written({}, 1000), {}, CacheTime::longer, {}},
        PriceRow{"nothing_written", written({}, 0), {}, CacheTime::longer, 0},
        PriceRow{"at_the_step",
                 {.prompt_tokens = 200'000, .completion_tokens = 0},
                 {},
                 CacheTime::five_minutes,
                 0.6},
        PriceRow{"above_the_step",
                 {.prompt_tokens = 200'001, .completion_tokens = 0},
                 {},
                 CacheTime::five_minutes,
                 1.200006},
        PriceRow{"above_with_what_is_cached",
                 {.prompt_tokens = 1, .completion_tokens = 0, .cache_read_tokens = 200'000},
                 {},
                 CacheTime::five_minutes,
                 0.120006},
        PriceRow{"above_without_a_price_there",
                 {.prompt_tokens = 200'000, .completion_tokens = 0, .cache_write_tokens = 1},
                 {},
                 CacheTime::five_minutes,
                 {}},
        PriceRow{"flex",
                 {.prompt_tokens = 1000, .completion_tokens = 0},
                 {.service_tier = "flex"},
                 CacheTime::five_minutes,
                 0.0015},
        PriceRow{"flex_above_the_step",
                 {.prompt_tokens = 200'001, .completion_tokens = 0},
                 {.service_tier = "flex"},
                 CacheTime::five_minutes,
                 {}},
        PriceRow{"priority_without_a_price",
                 {.prompt_tokens = 1, .completion_tokens = 0},
                 {.service_tier = "priority"},
                 CacheTime::five_minutes,
                 {}},
        PriceRow{"reserved",
                 {.prompt_tokens = 1, .completion_tokens = 0},
                 {.service_tier = "reserved"},
                 CacheTime::five_minutes,
                 {}}),
    [](const auto& test) { return test.param.name; });

TEST(Cost, knows_how_long_a_request_asks_to_cache) {
  const auto time_of = [](std::string ttl) {
    return cache_time_of(
        {.messages = {{.content = {TextContent{"x"}, CachePoint{std::move(ttl)}}}}});
  };

  EXPECT_EQ(time_of(""), CacheTime::five_minutes);
  EXPECT_EQ(time_of("5m"), CacheTime::five_minutes);
  EXPECT_EQ(time_of("1h"), CacheTime::longer);
  EXPECT_EQ(cache_time_of({.extra_fields = Json::from_valid_text(
                               R"({"cache_control":{"type":"ephemeral","ttl":"1h"}})")}),
            CacheTime::longer);
}

TEST(Cost, is_unknown_for_another_tier_or_optimized_latency) {
  const Usage used{.prompt_tokens = 1, .completion_tokens = 1};

  EXPECT_TRUE(cost(used, kPrice, {.service_tier = "default", .latency = "standard"}));
  EXPECT_FALSE(cost(used, kPrice, {.service_tier = "flex"}));
  EXPECT_FALSE(cost(used, kPrice, {.service_tier = "priority"}));
  EXPECT_FALSE(cost(used, kPrice, {.latency = "optimized"}));
}

}  // namespace
}  // namespace llm::bedrock
