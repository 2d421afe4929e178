#include "bedrock/catalogue/cost.hpp"

#include <gtest/gtest.h>

#include <string>

namespace llm::bedrock {
namespace {

constexpr Price kPrice{.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75};
constexpr ProfilePrice kProfiles[] = {{"eu", {.input = 6, .output = 30}}};

std::optional<double> cost(const Usage& usage, const Price& price = kPrice,
                           const ResponseDetails& details = {}, std::string prefix = {}) {
  const ModelFacts facts{.base_id = "vendor.model", .price = price, .profile_prices = kProfiles};
  return cost_of({.requested_id = "vendor.model", .prefix = std::move(prefix), .facts = &facts},
                 usage, details);
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
  EXPECT_FALSE(cost_of({.requested_id = "vendor.unlisted-v1"}, used, {}));
}

TEST(Cost, needs_no_price_of_what_was_not_used) {
  EXPECT_TRUE(
      cost({.prompt_tokens = 1, .completion_tokens = 0, .cache_read_tokens = 0}, {.input = 3}));
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
