#include "local/model/prompt_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using namespace std::chrono_literals;

constexpr CacheLimits kLimits{
    .caching = Caching::yes, .minimum_tokens = 1000, .blocks_looked_back = 2};

/// A prompt of blocks with 600 tokens each. A block named `5m` or `1h` is a cache point.
Prompt prompt_of(const std::vector<std::string>& blocks) {
  Prompt prompt{.caches = true};
  for (const std::string& block : blocks) {
    if (block == "5m" || block == "1h") {
      add_cache_point(block, prompt);
      continue;
    }
    prompt.prompt_tokens += 600;
    extend_prefix(block, prompt);
  }
  return prompt;
}

/// Two requests to the same cache, and what the second one reads and writes.
struct Row {
  std::string name{};
  std::vector<std::string> first{};
  std::vector<std::string> second{};
  std::chrono::seconds later{1};
  std::int64_t read = 0;
  std::int64_t written = 0;
  std::int64_t written_for_an_hour = 0;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

std::vector<Row> rows() {
  const std::vector<std::string> two{"a", "b", "5m", "c"};
  return {
      {.name = "same_prefix", .first = two, .second = {"a", "b", "5m", "x"}, .read = 1200},
      {.name = "another_prefix", .first = two, .second = {"a", "x", "5m"}, .written = 1200},
      {.name = "below_the_minimum", .first = {"a", "5m"}, .second = {"a", "5m"}},
      {.name = "after_its_lifetime", .first = two, .second = two, .later = 300s, .written = 1200},
      {.name = "just_before_that", .first = two, .second = two, .later = 299s, .read = 1200},
      {.name = "an_hour",
       .first = {"a", "b", "1h"},
       .second = {"a", "b", "1h"},
       .later = 3599s,
       .read = 1200},
      {.name = "longer_prefix",
       .first = two,
       .second = {"a", "b", "5m", "c", "d", "5m"},
       .read = 1200,
       .written = 1200},
      {.name = "moved_cache_point",
       .first = two,
       .second = {"a", "b", "c", "d", "5m"},
       .read = 1200,
       .written = 1200},
      {.name = "moved_too_far",
       .first = two,
       .second = {"a", "b", "c", "d", "e", "5m"},
       .written = 3000},
      {.name = "both_lifetimes",
       .first = {"z", "z", "5m"},
       .second = {"a", "b", "1h", "c", "5m"},
       .written = 600,
       .written_for_an_hour = 1200},
      {.name = "without_cache_points", .first = two, .second = {"a", "b"}},
  };
}

class PromptCacheUse : public ::testing::TestWithParam<Row> {};

TEST_P(PromptCacheUse, reads_what_was_written) {
  const Row& row = GetParam();
  PromptCache cache;
  (void)cache.use("m ", prompt_of(row.first), kLimits, test::now(), PromptCache::Keep::yes);

  const CacheUsage usage = cache.use("m ", prompt_of(row.second), kLimits, test::now() + row.later,
                                     PromptCache::Keep::yes);

  EXPECT_TRUE(usage.reported);
  EXPECT_EQ(usage.read, row.read);
  EXPECT_EQ(usage.written, row.written);
  EXPECT_EQ(usage.written_for_an_hour, row.written_for_an_hour);
}

INSTANTIATE_TEST_SUITE_P(All, PromptCacheUse, ::testing::ValuesIn(rows()), test::RowName{});

TEST(PromptCache, keeps_a_prefix_that_is_read_for_another_lifetime) {
  PromptCache cache;
  const Prompt prompt = prompt_of({"a", "b", "5m"});
  const auto use = [&](std::chrono::seconds later) {
    return cache.use("m ", prompt, kLimits, test::now() + later, PromptCache::Keep::yes).read;
  };

  EXPECT_EQ(use(0s), 0);
  EXPECT_EQ(use(200s), 1200);
  EXPECT_EQ(use(400s), 1200);
}

TEST(PromptCache, keeps_the_longer_lifetime_of_a_prefix) {
  PromptCache cache;
  const auto read = [&](const std::string& ttl, std::chrono::seconds later) {
    return cache
        .use("m ", prompt_of({"a", "b", ttl}), kLimits, test::now() + later, PromptCache::Keep::yes)
        .read;
  };

  EXPECT_EQ(read("1h", 0s), 0);
  EXPECT_EQ(read("5m", 10s), 1200);
  EXPECT_EQ(read("5m", 3000s), 1200);
}

TEST(PromptCache, is_not_renewed_by_a_request_that_keeps_nothing) {
  PromptCache cache;
  const Prompt prompt = prompt_of({"a", "b", "5m"});
  const auto read = [&](PromptCache::Keep keep, std::chrono::seconds later) {
    return cache.use("m ", prompt, kLimits, test::now() + later, keep).read;
  };

  EXPECT_EQ(read(PromptCache::Keep::yes, 0s), 0);
  EXPECT_EQ(read(PromptCache::Keep::no, 200s), 1200);
  EXPECT_EQ(read(PromptCache::Keep::no, 400s), 0);
}

TEST(Prompt, has_no_prefixes_without_cache_points) {
  Prompt prompt;
  extend_prefix("a", prompt);

  EXPECT_TRUE(prompt.prefixes.empty());
}

TEST(PromptCache, separates_owners_and_forgets_what_it_should) {
  PromptCache cache;
  const Prompt prompt = prompt_of({"a", "b", "5m"});
  const auto read = [&](const std::string& owner, PromptCache::Keep keep) {
    return cache.use(owner, prompt, kLimits, test::now(), keep).read;
  };

  EXPECT_EQ(read("m ", PromptCache::Keep::no), 0);
  EXPECT_EQ(read("m ", PromptCache::Keep::yes), 0);
  EXPECT_EQ(read("other ", PromptCache::Keep::no), 0);
  EXPECT_EQ(read("m ", PromptCache::Keep::yes), 1200);
  cache.clear();
  EXPECT_EQ(read("m ", PromptCache::Keep::yes), 0);
}

TEST(PromptCache, reports_nothing_for_a_model_that_does_not_cache) {
  PromptCache cache;

  EXPECT_FALSE(cache
                   .use("m ", prompt_of({"a", "b", "5m"}), {.caching = Caching::unknown},
                        test::now(), PromptCache::Keep::yes)
                   .reported);
}

}  // namespace
}  // namespace llm::local
