#include "local/formats/claude/limits.hpp"

#include <gtest/gtest.h>

#include <string>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kHaiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

TEST(ClaudeLimits, keep_four_cache_points) {
  EXPECT_TRUE(check_cache_points(4));
  ASSERT_FALSE(check_cache_points(5));
  EXPECT_EQ(check_cache_points(5).error().message,
            "A maximum of 4 blocks with cache_control may be provided. Found 5.");
}

TEST(ClaudeLimits, count_cache_points_wherever_they_stand) {
  constexpr std::string_view kCached =
      R"({"type":"text","text":"a","cache_control":{"type":"ephemeral"}})";
  const std::string cached(kCached);
  const std::string body =
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"system":[)" + cached + "," +
      cached + R"(],"messages":[{"role":"user","content":[)" + cached + "," + cached + "," +
      cached + "]}]}";
  constexpr std::string_view kPoint = R"({"cachePoint":{"type":"default"}})";
  std::string blocks = R"({"text":"a"})";
  for (int i = 0; i < 5; ++i) blocks += "," + std::string(kPoint);

  const Reply native = test::invoke(kHaiku45, body);
  const Reply conversed = test::handle(
      test::open_service(),
      test::model_request(kHaiku45, "converse",
                          R"({"messages":[{"role":"user","content":[)" + blocks + "]}]}"));

  EXPECT_EQ(test::message_of(native),
            "A maximum of 4 blocks with cache_control may be provided. Found 5.");
  EXPECT_EQ(test::message_of(conversed),
            "The model returned the following errors: A maximum of 4 blocks with cache_control may "
            "be provided. Found 5.");
}

}  // namespace
}  // namespace llm::local
