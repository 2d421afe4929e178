// What the built-in catalogue says that models take.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "bedrock/catalogue/test_support.hpp"

namespace llm::bedrock {
namespace {

struct TakesRow {
  std::string name;
  std::string_view id;
  Support Takes::* fact;
  Support expected;
};

class CatalogueTakes : public ::testing::TestWithParam<TakesRow> {};

TEST_P(CatalogueTakes, says_what_the_model_takes) {
  const TakesRow& row = GetParam();

  EXPECT_EQ(facts_of(row.id).takes.*row.fact, row.expected);
}

constexpr Support kYes = Support::yes;
constexpr Support kNo = Support::no;
constexpr Support kUnknown = Support::unknown;
constexpr std::string_view kHaiku45 = "anthropic.claude-haiku-4-5-20251001-v1:0";
constexpr std::string_view kOpus46 = "anthropic.claude-opus-4-6-v1";
constexpr std::string_view kSonnet46 = "anthropic.claude-sonnet-4-6";
constexpr std::string_view kOpus47 = "anthropic.claude-opus-4-7";
constexpr std::string_view kOpus5 = "anthropic.claude-opus-5";
constexpr std::string_view kOpus55 = "anthropic.claude-opus-5-5";
constexpr std::string_view kFable51 = "anthropic.claude-fable-5-1";

// Sources: the rows of data/models.json name them.
INSTANTIATE_TEST_SUITE_P(
    Facts, CatalogueTakes,
    ::testing::Values(
        TakesRow{"haiku_4_5_budget", kHaiku45, &Takes::thinking_budget, kYes},
        TakesRow{"haiku_4_5_adaptive", kHaiku45, &Takes::thinking_adaptive, kNo},
        TakesRow{"haiku_4_5_both", kHaiku45, &Takes::temperature_and_top_p, kNo},
        TakesRow{"haiku_4_5_schema", kHaiku45, &Takes::schema_invoke, kYes},
        TakesRow{"haiku_4_5_prefill", kHaiku45, &Takes::prefill, kYes},
        TakesRow{"opus_4_6_budget", kOpus46, &Takes::thinking_budget, kYes},
        TakesRow{"sonnet_4_6_budget", kSonnet46, &Takes::thinking_budget, kYes},
        TakesRow{"sonnet_4_6_adaptive", kSonnet46, &Takes::thinking_adaptive, kYes},
        TakesRow{"sonnet_4_6_prefill", kSonnet46, &Takes::prefill, kNo},
        TakesRow{"sonnet_4_6_schema", kSonnet46, &Takes::schema_converse, kYes},
        TakesRow{"sonnet_4_6_temperature", kSonnet46, &Takes::temperature, kUnknown},
        TakesRow{"opus_4_7_budget", kOpus47, &Takes::thinking_budget, kNo},
        TakesRow{"opus_4_7_off", kOpus47, &Takes::thinking_off, kYes},
        TakesRow{"opus_4_7_temperature", kOpus47, &Takes::temperature, kNo},
        TakesRow{"opus_4_7_schema", kOpus47, &Takes::schema_invoke, kUnknown},
        TakesRow{"opus_5_off", kOpus5, &Takes::thinking_off, kYes},
        TakesRow{"opus_5_forced", kOpus5, &Takes::choice_tool, kYes},
        TakesRow{"opus_5_strict", kOpus5, &Takes::strict_converse, kUnknown},
        TakesRow{"opus_5_5_off", kOpus55, &Takes::thinking_off, kNo},
        TakesRow{"opus_5_5_forced", kOpus55, &Takes::choice_tool, kNo},
        TakesRow{"opus_5_5_any", kOpus55, &Takes::choice_any, kNo},
        TakesRow{"opus_5_5_strict", kOpus55, &Takes::strict_invoke, kNo},
        TakesRow{"fable_5_1_any", kFable51, &Takes::choice_any, kNo},
        TakesRow{"minimax_m2_schema", "minimax.minimax-m2", &Takes::schema_converse, kYes},
        TakesRow{"llama_3_3_any", "meta.llama3-3-70b-instruct-v1:0", &Takes::choice_any, kNo},
        TakesRow{"gpt_6_1_temperature", "openai.gpt-6.1-sol", &Takes::temperature, kNo},
        TakesRow{"gpt_5_4_temperature", "openai.gpt-5.4", &Takes::temperature, kUnknown}),
    [](const auto& row) { return row.param.name; });

TEST(Catalogue, says_the_efforts_and_forms_of_ids) {
  EXPECT_EQ(facts_of("anthropic.claude-opus-4-5-20251101-v1:0").takes.efforts, "low,medium,high");
  EXPECT_EQ(facts_of("anthropic.claude-opus-4-5-20251101-v1:0").takes.effort_beta,
            "effort-2025-11-24");
  EXPECT_EQ(facts_of("mistral.pixtral-large-2502-v1:0").takes.tool_call_id, "mistral");
  EXPECT_TRUE(has_word(facts_of(kOpus55).takes.efforts, "xhigh"));
  EXPECT_FALSE(has_word(facts_of(kOpus46).takes.efforts, "xhigh"));
}

TEST(Catalogue, knows_the_quirks_of_other_families) {
  EXPECT_TRUE(facts_of("amazon.titan-text-express-v1").quirks.no_system);
  EXPECT_TRUE(facts_of("mistral.mistral-7b-instruct-v0:2").quirks.no_system);
  EXPECT_TRUE(facts_of("meta.llama3-1-70b-instruct-v1:0").quirks.no_stream_tools);
  EXPECT_TRUE(facts_of("meta.llama4-scout-17b-instruct-v1:0").quirks.no_stream_tools);
  EXPECT_TRUE(facts_of("mistral.mistral-large-2402-v1:0").quirks.no_stream_tools);
  EXPECT_TRUE(facts_of("moonshotai.kimi-k3").quirks.needs_profile);  // listed with a profile only
  EXPECT_FALSE(facts_of("amazon.nova-lite-v1:0").quirks.needs_profile);
}

// Source: recorded exchanges with `outputConfig.textFormat` (data/README.md).
TEST(Catalogue, knows_the_open_weight_models_that_keep_to_a_schema) {
  for (const std::string_view id :
       {"google.gemma-3-27b-it", "mistral.mistral-large-3-675b-instruct",
        "nvidia.nemotron-nano-12b-v2", "qwen.qwen3-32b-v1:0", "zai.glm-4.7-flash"}) {
    EXPECT_EQ(facts_of(id).takes.schema_converse, Support::yes) << id;
  }
}

}  // namespace
}  // namespace llm::bedrock
