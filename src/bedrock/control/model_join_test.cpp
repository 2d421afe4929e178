#include "bedrock/control/model_join.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/json_page.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kToday = "2026-11-30";

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kHaiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const std::string kNova = "amazon.nova-lite-v1:0";
const std::string kOwn =
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abcdef123456";

const ListedModel& of(const std::vector<ListedModel>& models, std::string_view base_id) {
  const auto found = std::ranges::find(models, base_id, [](const ListedModel& model) {
    return std::string_view(model.info.base_id);
  });
  if (found == models.end()) throw std::runtime_error("not listed: " + std::string(base_id));
  return *found;
}

FoundationModel on_demand(std::string id) {
  return {.id = std::move(id), .inference_types = {"ON_DEMAND"}, .lifecycle = Lifecycle::active};
}

InferenceProfile profile(std::string id, const std::string& base_id) {
  return {.id = std::move(id),
          .type = "SYSTEM_DEFINED",
          .model_arns = {"arn:aws:bedrock:eu-west-1::foundation-model/" + base_id}};
}

InferenceProfile own_profile(const std::string& base_id) {
  InferenceProfile own = profile("abcdef123456", base_id);
  own.arn = kOwn;
  own.type = "APPLICATION";
  return own;
}

TEST(KnownFrom, has_every_model_once_with_the_id_to_call) {
  const auto models = known_from("eu-west-1", kToday, nullptr);

  EXPECT_EQ(models.size(), all_models().size());
  EXPECT_TRUE(std::ranges::is_sorted(models, {},
                                     [](const ListedModel& model) { return model.info.base_id; }));
  EXPECT_EQ(of(models, kHaiku).info.id, "eu." + kHaiku);
  EXPECT_EQ(of(models, kHaiku).info.price.input, 1.1);
  EXPECT_THAT(of(models, kHaiku).callable_ids, ElementsAre("eu." + kHaiku));
  EXPECT_EQ(of(models, kNova).info.id, "eu." + kNova);  // on demand in us-east-1 alone
  EXPECT_EQ(of(models, kNova).served, Support::unknown);
}

TEST(KnownFrom, has_no_id_to_call_where_no_profile_serves_the_region) {
  const auto models = known_from("cn-north-1", kToday, nullptr);

  EXPECT_EQ(of(models, kHaiku).info.id, kHaiku);
  EXPECT_THAT(of(models, kHaiku).callable_ids, IsEmpty());
}

TEST(KnownFrom, replaces_its_models_with_those_of_an_overlay) {
  const auto overlay = CatalogueOverlay::parse(
      R"({"models":[{"id":"acme.m-v1","provider":"Acme","mode":"chat","wire_format":"none"},
          {"id":"amazon.nova-lite-v1:0","provider":"Mine","mode":"chat","wire_format":"none"}]})");
  ASSERT_TRUE(overlay);

  const auto models = known_from("us-east-1", kToday, &*overlay);

  EXPECT_EQ(models.size(), all_models().size() + 1);
  EXPECT_EQ(of(models, "acme.m-v1").info.provider, "Acme");
  EXPECT_EQ(of(models, kNova).info.provider, "Mine");
}

TEST(Join, shows_which_models_the_region_has) {
  const auto models =
      join("eu-west-1", kToday, nullptr, {.models = {on_demand(kNova)}, .profiles = {{}}});

  EXPECT_EQ(of(models, kNova).served, Support::yes);
  EXPECT_THAT(of(models, kNova).callable_ids, ElementsAre(kNova));
  EXPECT_EQ(of(models, kHaiku).served, Support::no);
  EXPECT_THAT(of(models, kHaiku).callable_ids, IsEmpty());
}

TEST(Join, prefers_on_demand_then_the_profiles_of_geography_others_and_account) {
  const std::vector<InferenceProfile> profiles = {
      own_profile(kHaiku), profile("global." + kHaiku, kHaiku), profile("eu." + kHaiku, kHaiku),
      profile("eu." + kNova, kNova)};

  const auto models =
      join("eu-west-1", kToday, nullptr, {.models = {on_demand(kNova)}, .profiles = profiles});

  EXPECT_THAT(of(models, kHaiku).callable_ids,
              ElementsAre("eu." + kHaiku, "global." + kHaiku, kOwn));
  EXPECT_EQ(of(models, kHaiku).info.id, "eu." + kHaiku);
  EXPECT_EQ(of(models, kHaiku).info.price.input, 1.1);
  EXPECT_EQ(of(models, kHaiku).served, Support::yes) << "not every list has profile-only models";
  EXPECT_THAT(of(models, kNova).callable_ids, ElementsAre(kNova, "eu." + kNova));
}

TEST(Join, prefers_the_service_to_the_catalogue) {
  FoundationModel haiku = on_demand("anthropic.claude-3-haiku-20240307-v1:0");
  haiku.lifecycle = Lifecycle::legacy;
  haiku.end_of_life = "2027-01-02T00:00:00Z";
  haiku.streaming = Support::no;
  haiku.name = "Another name";

  const auto models = join("us-east-1", kToday, nullptr, {.models = {haiku}, .profiles = {{}}});

  const ModelInfo& info = of(models, haiku.id).info;
  EXPECT_EQ(info.lifecycle, Lifecycle::legacy);
  EXPECT_EQ(info.end_of_life, "2027-01-02");
  EXPECT_EQ(info.streaming, Support::no);
  EXPECT_EQ(info.name, "Claude 3 Haiku");
}

TEST(Join, lists_no_variant_with_a_suffix_apart) {
  const std::string base = "anthropic.claude-3-haiku-20240307-v1:0";
  FoundationModel variant = on_demand(base + ":48k");
  variant.inference_types = {"PROVISIONED"};
  for (const auto& listed : {std::vector{variant, on_demand(base)}, {on_demand(base), variant}}) {
    const auto models = join("us-east-1", kToday, nullptr, {.models = listed, .profiles = {{}}});

    EXPECT_EQ(models.size(), all_models().size());
    EXPECT_THAT(of(models, base).callable_ids, ElementsAre(base));
  }
}

TEST(Join, falls_back_to_the_profiles_of_the_catalogue) {
  FoundationModel haiku = on_demand(kHaiku);
  haiku.inference_types = {"INFERENCE_PROFILE"};

  const auto models = join("eu-west-1", kToday, nullptr, {.models = {haiku}});

  EXPECT_THAT(of(models, kHaiku).callable_ids, ElementsAre("eu." + kHaiku));
}

TEST(Join, lists_a_model_that_the_catalogue_lacks_as_the_json_page_shows) {
  const FoundationModel writer{.id = "acme.writer-v1:0",
                               .name = "Writer",
                               .provider = "Acme",
                               .input_modalities = {"TEXT"},
                               .output_modalities = {"TEXT"},
                               .streaming = Support::yes,
                               .lifecycle = Lifecycle::legacy,
                               .end_of_life = "2027-01-02T00:00:00Z"};
  const std::vector<InferenceProfile> profiles = {own_profile(writer.id),
                                                  profile("eu." + writer.id, writer.id)};

  const auto models =
      join("eu-west-1", kToday, nullptr, {.models = {writer}, .profiles = profiles});

  EXPECT_EQ(to_json(of(models, writer.id)),
            test_support::minified(test_support::example_under("Model listing")));
}

}  // namespace
}  // namespace llm::bedrock
