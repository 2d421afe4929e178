#include "local/model/models.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "local/model/cache_limits.hpp"
#include "local/model/mantle.hpp"
#include "local/test_support.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::local {
namespace {

TEST(Models, are_sorted_by_id) { EXPECT_TRUE(std::ranges::is_sorted(models(), {}, &Model::id)); }

std::string catalogue_text() {
  const std::ifstream file(test_support::source_directory() / "data" / "models.json");
  return {std::istreambuf_iterator<char>(file.rdbuf()), {}};
}

/// An entry of `data/models.json` that must be served here too.
void expect_served(const json::Value& entry) {
  const std::string id = entry["id"].text_or_empty();
  const Model* model = find_model(id);
  ASSERT_NE(model, nullptr) << id;
  EXPECT_FALSE(model->provider().empty()) << id;
  for (const json::Value prefix : entry["profiles"].elements()) {
    EXPECT_EQ(find_profile(prefix.text_or_empty() + "." + id), model)
        << prefix.text_or_empty() << " " << id;
  }
}

/// What an entry says about prompt caching must hold here too.
void expect_cache_limits(const json::Value& entry) {
  const std::string id = entry["id"].text_or_empty();
  const CacheLimits limits = cache_limits(*find_model(id));
  if (entry["prompt_caching"].boolean() == false) {
    EXPECT_EQ(limits.caching, Caching::no) << id;
  }
  if (const auto minimum = entry["cache_min_tokens"].integer()) {
    EXPECT_EQ(limits.caching, Caching::yes) << id;
    EXPECT_EQ(limits.minimum_tokens, *minimum) << id;
  }
}

TEST(CacheLimits, are_known_where_a_family_has_others) {
  const auto caching = [](std::string_view id) { return cache_limits(*find_model(id)).caching; };

  EXPECT_EQ(caching("anthropic.claude-mythos-preview"), Caching::yes);
  EXPECT_EQ(caching("anthropic.claude-instant-v1"), Caching::no);
  EXPECT_EQ(caching("anthropic.claude-v1"), Caching::no);
  EXPECT_EQ(caching("moonshotai.kimi-k3"), Caching::unknown);
  EXPECT_EQ(caching("zai.glm-5.3"), Caching::unknown);
}

TEST(Models, are_all_that_the_catalogue_offers_for_chat) {
  const test::Document catalogue(catalogue_text());
  ASSERT_TRUE(catalogue["models"].is_array());

  for (const json::Value entry : catalogue["models"].elements()) {
    const bool chats = entry["mode"].string() == "chat";
    // Models with an unknown context window are not served.
    if (!chats || !entry["context_window"].exists() || entry["mantle"].string() == "only") continue;
    expect_served(entry);
    expect_cache_limits(entry);
  }
}

TEST(Models, are_all_that_the_catalogue_offers_on_bedrock_mantle) {
  const test::Document catalogue(catalogue_text());
  int found = 0;
  for (const json::Value entry : catalogue["models"].elements()) {
    if (!entry["mantle"].exists()) continue;
    ++found;
    const std::string id = entry["id"].text_or_empty();
    const std::optional<MantleModel> model = find_mantle_model(id);
    ASSERT_TRUE(model) << id;
    const bool is_claude = entry["wire_format"].string() == "claude_messages";
    EXPECT_EQ(model->api == MantleApi::messages, is_claude) << id;
    EXPECT_EQ(is_under_openai(id), entry["quirks"].to_text().contains("openai_path")) << id;
    if (entry["mantle"].string() == "only") EXPECT_EQ(find_model(id), nullptr) << id;
  }
  EXPECT_GT(found, 30);
}

TEST(Models, are_found_by_id_profile_and_arn) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"anthropic.claude-v2:1", "anthropic.claude-v2:1"},
      {"us.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0"},
      {"us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0",
       "anthropic.claude-sonnet-4-5-20250929-v1:0"},
      {"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-lite-v1",
       "amazon.titan-text-lite-v1"},
      {"arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/"
       "us.meta.llama3-3-70b-instruct-v1:0",
       "meta.llama3-3-70b-instruct-v1:0"},
  };
  for (const auto& [identifier, id] : cases) {
    const Checked<const Model*> model = model_to_invoke(identifier);

    ASSERT_TRUE(model) << identifier;
    EXPECT_EQ((*model)->id, id);
  }
}

TEST(Models, are_refused_in_the_words_of_bedrock) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"does-not-exist", "The provided model identifier is invalid."},
      {"xx.anthropic.claude-haiku-4-5-20251001-v1:0", "The provided model identifier is invalid."},
      {"arn:aws:bedrock:us-east-1:1:application-inference-profile/abc",
       "The provided model identifier is invalid."},
      {"anthropic.claude-sonnet-4-6",
       "Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn\u2019t "
       "supported. Retry your request with the ID or ARN of an inference profile that contains "
       "this model."},
      {"a b",
       "1 validation error detected: Value 'a b' at 'modelId' failed to satisfy constraint: Member "
       "must satisfy regular expression pattern: "
       "([a-zA-Z0-9-:.]+)|(arn:aws(-[^:]+)?:bedrock:.+)"},
      {std::string(2049, 'a'),
       "1 validation error detected: Value at 'modelId' failed to satisfy constraint: Member must "
       "have length less than or equal to 2048"},
  };
  for (const auto& [identifier, message] : cases) {
    const Checked<const Model*> model = model_to_invoke(identifier);

    ASSERT_FALSE(model) << identifier;
    EXPECT_EQ(model.error().message, message);
    EXPECT_EQ(model.error().status, 400);
    EXPECT_EQ(model.error().name, "ValidationException");
  }
}

TEST(Models, end_on_the_day_that_was_announced) {
  constexpr std::string_view kProfile = "us.anthropic.claude-3-haiku-20240307-v1:0";
  const base::TimePoint day = *base::parse_rfc3339("2026-09-10T00:00:00Z");

  const Checked<void> ended = check_end_of_life(kProfile, day);

  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().status, 404);
  EXPECT_EQ(ended.error().name, "ResourceNotFoundException");
  EXPECT_EQ(ended.error().message,
            "This model version has reached the end of its life. Please refer to the AWS "
            "documentation for more details.");
  EXPECT_TRUE(check_end_of_life(kProfile, day - std::chrono::seconds(1)));
  EXPECT_TRUE(check_end_of_life("amazon.nova-lite-v1:0", day));
  EXPECT_TRUE(check_end_of_life("does-not-exist", day));
}

TEST(Models, hold_the_eight_of_the_specification) {
  for (const std::string_view id :
       {"anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-sonnet-20240229-v1:0",
        "anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-v2:1",
        "amazon.titan-text-express-v1", "amazon.titan-text-lite-v1", "meta.llama2-70b-chat-v1",
        "meta.llama2-13b-chat-v1"}) {
    EXPECT_TRUE(model_to_invoke(id)) << id;
  }
}

}  // namespace
}  // namespace llm::local
