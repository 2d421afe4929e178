#include "bedrock/catalogue/catalogue.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <llm/bedrock/models.hpp>

#include "bedrock/catalogue/overlay.hpp"
#include "bedrock/catalogue/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Catalogue, has_every_model_once_in_order) {
  const auto models = all_models();

  EXPECT_GT(models.size(), 100U);
  for (std::size_t index = 1; index < models.size(); ++index) {
    EXPECT_LT(models[index - 1].base_id, models[index].base_id);
  }
  for (const ModelFacts& facts : models) EXPECT_EQ(find_model(facts.base_id), &facts);
}

TEST(Catalogue, does_not_find_unknown_models) {
  for (const std::string_view id : {"", "a", "anthropic.claude-v2:", "zzz.last"}) {
    EXPECT_EQ(find_model(id), nullptr) << id;
  }
}

// Source: Bedrock User Guide (model parameters, lifecycle), ListFoundationModels replies.
TEST(Catalogue, knows_the_models_of_the_specification) {
  struct Case {
    std::string_view id;
    WireFormat format;
    std::int64_t context;
    std::int64_t output;
    Support vision;
    std::string_view end_of_life;
    std::string_view successor;
  };
  const std::string_view haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
  const std::string_view sonnet = "anthropic.claude-sonnet-4-6";
  const std::string_view nova = "amazon.nova-lite-v1:0";
  const std::string_view nova_pro = "amazon.nova-pro-v1:0";
  const auto messages = WireFormat::claude_messages;
  const Case cases[] = {
      {"anthropic.claude-3-5-sonnet-20241022-v2:0", messages, 200'000, 8192, Support::yes,
       "2026-07-30", sonnet},
      {"anthropic.claude-3-sonnet-20240229-v1:0", messages, 200'000, 4096, Support::yes,
       "2026-07-30", sonnet},
      {"anthropic.claude-3-haiku-20240307-v1:0", messages, 200'000, 4096, Support::yes,
       "2026-09-10", haiku},
      {"anthropic.claude-v2:1", WireFormat::claude_text, 200'000, 4096, Support::no, "2025-07-21",
       sonnet},
      {"amazon.titan-text-express-v1", WireFormat::titan_text, 8192, 8192, Support::no, "2025-08",
       nova},
      {"amazon.titan-text-lite-v1", WireFormat::titan_text, 4096, 4096, Support::no, "2025-08",
       nova},
      {"meta.llama2-70b-chat-v1", WireFormat::llama2, 4096, 2048, Support::no, "2024-08-12",
       nova_pro},
      {"meta.llama2-13b-chat-v1", WireFormat::llama2, 4096, 2048, Support::no, "2024-08-12",
       nova_pro},
  };
  for (const Case& item : cases) {
    const ModelFacts& facts = facts_of(item.id);

    EXPECT_EQ(facts.wire_format, item.format) << item.id;
    EXPECT_EQ(facts.context_window, item.context) << item.id;
    EXPECT_EQ(facts.max_output_tokens, item.output) << item.id;
    EXPECT_EQ(facts.vision, item.vision) << item.id;
    EXPECT_EQ(facts.streaming, Support::yes) << item.id;
    EXPECT_EQ(facts.tools, item.vision) << item.id;  // the same models have both
    EXPECT_EQ(facts.lifecycle, Lifecycle::end_of_life) << item.id;
    EXPECT_EQ(facts.end_of_life, item.end_of_life) << item.id;
    EXPECT_EQ(facts.successor, item.successor) << item.id;
    EXPECT_TRUE(facts.price.input && facts.price.output) << item.id;
  }
}

TEST(Catalogue, gives_each_family_its_wire_format) {
  for (const ModelFacts& facts : all_models()) {
    const std::string_view id = facts.base_id;
    WireFormat expected = WireFormat::none;
    if (id.starts_with("anthropic.")) expected = WireFormat::claude_messages;
    for (const std::string_view old : {"anthropic.claude-v", "anthropic.claude-instant"}) {
      if (id.starts_with(old)) expected = WireFormat::claude_text;
    }
    if (id.starts_with("amazon.titan-t")) expected = WireFormat::titan_text;
    if (id.starts_with("meta.llama2")) expected = WireFormat::llama2;
    if (id.starts_with("meta.llama3")) expected = WireFormat::llama3;
    if (id.starts_with("meta.llama4")) expected = WireFormat::llama4;
    if (id == "amazon.titan-embed-text-v1") expected = WireFormat::titan_embedding_v1;
    if (id == "amazon.titan-embed-text-v2:0") expected = WireFormat::titan_embedding_v2;
    if (id.starts_with("cohere.embed-") && id.ends_with("-v3")) {
      expected = WireFormat::cohere_embedding_v3;
    }
    if (id == "cohere.embed-v4:0") expected = WireFormat::cohere_embedding_v4;
    if (id.starts_with("amazon.nova-2-multimodal-emb")) expected = WireFormat::nova_embedding;

    EXPECT_EQ(to_string(facts.wire_format), to_string(expected)) << id;
  }
}

TEST(Catalogue, leaves_unknown_out_instead_of_zero) {
  const auto is_unset_or_positive = [](const Price& price) {
    return price.input.value_or(1) > 0 && price.output.value_or(1) > 0 &&
           price.cache_read.value_or(1) > 0 && price.cache_write.value_or(1) > 0;
  };
  for (const ModelFacts& facts : all_models()) {
    EXPECT_TRUE(is_unset_or_positive(facts.price)) << facts.base_id;
    for (const ProfilePrice& profile : facts.profile_prices) {
      EXPECT_TRUE(is_unset_or_positive(profile.price)) << facts.base_id;
      EXPECT_THAT(std::string(facts.profile_prefixes), HasSubstr(std::string(profile.prefix)));
    }
    EXPECT_FALSE(facts.sources.empty()) << facts.base_id;
  }
}

// Source: pi-ai 1.5.2, which lists them as profiles of the United States.
TEST(Catalogue, has_the_price_of_a_profile_where_it_differs) {
  const std::pair<std::string_view, Price> cases[] = {
      {"moonshotai.kimi-k3",
       {.input = 3.3, .output = 16.5, .cache_read = 0.33, .cache_write = 4.125}},
      {"moonshotai.kimi-k3.1",
       {.input = 4.4, .output = 22, .cache_read = 0.22, .cache_write = 5.5}},
      {"xai.grok-4.7", {.input = 2.2, .output = 6.6, .cache_read = 0.55}},
      {"zai.glm-5.3", {.input = 1.848, .output = 5.808, .cache_read = 0.3432, .cache_write = 2.31}},
  };
  for (const auto& [id, price] : cases) {
    const auto profiles = facts_of(id).profile_prices;

    ASSERT_EQ(profiles.size(), 1U) << id;
    EXPECT_EQ(profiles[0].prefix, "us") << id;
    EXPECT_EQ(profiles[0].price, price) << id;
  }
}

TEST(Catalogue, leads_from_every_retired_chat_model_to_one_in_use) {
  for (const ModelFacts& facts : all_models()) {
    if (facts.mode != "chat" || facts.lifecycle == Lifecycle::active ||
        facts.lifecycle == Lifecycle::unknown) {
      continue;
    }
    ASSERT_FALSE(facts.successor.empty()) << facts.base_id;
    EXPECT_EQ(facts_of(facts.successor).lifecycle, Lifecycle::active) << facts.base_id;
  }
}

struct EndRow {
  std::string name;
  std::string_view end;
  std::string_view today;
  bool has_ended;
};

class EndOfLife : public ::testing::TestWithParam<EndRow> {};

TEST_P(EndOfLife, has_come) {
  const EndRow& row = GetParam();
  const ModelFacts facts{.lifecycle = Lifecycle::legacy, .end_of_life = row.end};

  EXPECT_EQ(has_ended(row.end, row.today), row.has_ended);
  EXPECT_EQ(lifecycle_on(row.today, facts),
            row.has_ended ? Lifecycle::end_of_life : Lifecycle::legacy);
}

INSTANTIATE_TEST_SUITE_P(Dates, EndOfLife,
                         ::testing::Values(EndRow{"day_before", "2026-11-26", "2026-11-25", false},
                                           EndRow{"day", "2026-11-26", "2026-11-26", true},
                                           EndRow{"day_after", "2026-11-26", "2026-11-30", true},
                                           EndRow{"month", "2025-08", "2025-08-31", false},
                                           EndRow{"month_after", "2025-08", "2025-09-01", true},
                                           EndRow{"unknown", "", "2026-11-30", false},
                                           EndRow{"no_day", "2026-11-26", "", false}),
                         [](const auto& row) { return row.param.name; });

TEST(ModelInfo, counts_a_date_that_has_passed) {
  const auto jamba = parse_model_id("ai21.jamba-1-5-large-v1:0");

  EXPECT_EQ(to_model_info(*jamba, "2026-11-25").lifecycle, Lifecycle::legacy);
  EXPECT_EQ(to_model_info(*jamba, "2026-11-30").lifecycle, Lifecycle::end_of_life);
}

TEST(DefaultModel, follows_the_region_and_the_date) {
  const std::string_view haiku_5_5 = "anthropic.claude-haiku-5-5";

  EXPECT_EQ(default_base_model("us-gov-west-1", "2026-11-30", nullptr), haiku_5_5);
  EXPECT_EQ(callable_id(haiku_5_5, "us-gov-west-1"), "us-gov.anthropic.claude-haiku-5-5");
  EXPECT_EQ(default_base_model("eu-west-1", "2026-11-30", nullptr), default_base_model());
}

TEST(CallableId, is_a_profile_where_the_base_id_is_not_served_on_demand) {
  EXPECT_EQ(callable_id(facts_of("cohere.embed-v4:0"), "us-east-1"), "cohere.embed-v4:0");
  EXPECT_EQ(callable_id(facts_of("cohere.embed-v4:0"), "eu-central-1"), "eu.cohere.embed-v4:0");
  EXPECT_EQ(callable_id(facts_of("cohere.embed-v4:0"), "ap-south-1"), "global.cohere.embed-v4:0");
  EXPECT_EQ(callable_id(facts_of("amazon.nova-pro-v1:0"), "eu-west-1"), "eu.amazon.nova-pro-v1:0");
  EXPECT_EQ(callable_id(facts_of("amazon.nova-pro-v1:0"), "sa-east-1"), "amazon.nova-pro-v1:0");
}

ModelInfo info_of(std::string_view id) {
  const auto parsed = parse_model_id(id);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return to_model_info(*parsed, "2026-11-30");
}

TEST(ModelInfo, describes_a_native_model) {
  const ModelInfo info = info_of("anthropic.claude-3-haiku-20240307-v1:0:48k");

  EXPECT_EQ(info.id, "anthropic.claude-3-haiku-20240307-v1:0:48k");
  EXPECT_EQ(info.base_id, "anthropic.claude-3-haiku-20240307-v1:0");
  EXPECT_EQ(info.provider, "Anthropic");
  EXPECT_EQ(info.name, "Claude 3 Haiku");
  EXPECT_EQ(info.api, "invoke");
  EXPECT_EQ(info.wire_format, "claude_messages");
  EXPECT_EQ(info.mode, "chat");
  EXPECT_EQ(info.context_window, 200'000);
  EXPECT_EQ(info.max_output_tokens, 4096);
  EXPECT_EQ(info.price, (Price{.input = 0.25, .output = 1.25}));
  EXPECT_THAT(info.input_modalities, ElementsAre("text", "image", "pdf"));
  EXPECT_THAT(info.profile_prefixes, ElementsAre("apac", "eu", "us"));
  EXPECT_EQ(info.lifecycle, Lifecycle::end_of_life);
  EXPECT_FALSE(info.sources.empty());
}

TEST(ModelInfo, leaves_unknown_facts_unset) {
  const ModelInfo info = info_of("acme.model-v1:0");

  EXPECT_EQ(info.id, "acme.model-v1:0");
  EXPECT_EQ(info.base_id, "acme.model-v1:0");
  EXPECT_EQ(info.api, "converse");
  EXPECT_EQ(info.wire_format, "converse");
  EXPECT_EQ(info.context_window, std::nullopt);
  EXPECT_EQ(info.max_output_tokens, std::nullopt);
  EXPECT_EQ(info.tools, Support::unknown);
  EXPECT_EQ(info.price, Price{});
}

TEST(ModelInfo, has_the_price_of_its_profile) {
  const std::string base = "anthropic.claude-haiku-4-5-20251001-v1:0";

  EXPECT_EQ(info_of(base).price.input, 1.0);
  EXPECT_EQ(info_of("us." + base).price.input, 1.1);
  EXPECT_EQ(info_of("global." + base).price.input, 1.0);
}

TEST(ProfilePrefix, prefers_the_geography_and_falls_back_to_global) {
  struct Case {
    std::string_view region;
    std::string_view of_all;     ///< Of a model with every prefix.
    std::string_view of_common;  ///< Of one with apac, eu, us alone.
    std::string_view of_global;  ///< Of one with global alone.
  };
  const Case cases[] = {
      {"us-east-1", "us", "us", "global"},
      {"us-west-2", "us", "us", "global"},
      {"us-gov-west-1", "us-gov", "", ""},
      {"us-iso-east-1", "", "", ""},
      {"us-isob-east-1", "", "", ""},
      {"eu-central-1", "eu", "eu", "global"},
      {"eusc-de-east-1", "", "", ""},
      {"ap-northeast-1", "jp", "apac", "global"},
      {"ap-northeast-2", "apac", "apac", "global"},
      {"ap-northeast-3", "jp", "apac", "global"},
      {"ap-southeast-1", "apac", "apac", "global"},
      {"ap-southeast-2", "au", "apac", "global"},
      {"ap-southeast-4", "au", "apac", "global"},
      {"ap-south-1", "in", "apac", "global"},
      {"ca-central-1", "ca", "us", "global"},
      {"sa-east-1", "global", "", "global"},
      {"me-central-1", "global", "", "global"},
      {"cn-north-1", "", "", ""},
      {"", "global", "", "global"},
  };
  const ModelFacts all{.profile_prefixes = "apac,au,ca,eu,global,in,jp,us,us-gov"};
  const ModelFacts common{.profile_prefixes = "apac,eu,us"};
  const ModelFacts global{.profile_prefixes = "global"};
  for (const Case& item : cases) {
    EXPECT_EQ(profile_prefix(all, item.region), item.of_all) << item.region;
    EXPECT_EQ(profile_prefix(common, item.region), item.of_common) << item.region;
    EXPECT_EQ(profile_prefix(global, item.region), item.of_global) << item.region;
    EXPECT_EQ(profile_prefix({}, item.region), "") << item.region;
  }
}

TEST(CallableId, is_the_profile_where_one_is_needed) {
  const std::string haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
  const std::string llama = "meta.llama3-3-70b-instruct-v1:0";

  EXPECT_EQ(callable_id(haiku, "eu-west-1"), "eu." + haiku);
  EXPECT_EQ(callable_id(haiku, "sa-east-1"), "global." + haiku);
  EXPECT_EQ(callable_id(haiku, "us-gov-west-1"), "");
  EXPECT_EQ(callable_id(llama, "eu-west-1"), "");
  EXPECT_EQ(callable_id("amazon.nova-lite-v1:0", "us-east-1"), "amazon.nova-lite-v1:0");
  EXPECT_EQ(callable_id("acme.unknown-v1:0", "us-east-1"), "acme.unknown-v1:0");
}

TEST(DefaultModel, is_an_active_chat_model_that_every_commercial_region_can_call) {
  const ModelFacts& facts = facts_of(default_base_model());

  EXPECT_EQ(facts.lifecycle, Lifecycle::active);
  EXPECT_EQ(facts.mode, "chat");
  for (const std::string_view region : {"us-east-1", "eu-north-1", "ap-northeast-1", "sa-east-1",
                                        "ca-central-1", "af-south-1", ""}) {
    EXPECT_FALSE(default_model(region).empty()) << region;
  }
}

TEST(PublicCatalogue, lists_every_model) {
  const auto models = catalogue();

  ASSERT_EQ(models.size(), all_models().size());
  EXPECT_EQ(models.front().id, all_models().front().base_id);
  EXPECT_EQ(models.front().base_id, models.front().id);
}

}  // namespace
}  // namespace llm::bedrock
