#include "bedrock/catalogue/base_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kProfile =
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abcdef123456";
constexpr std::string_view kProvisioned =
    "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/abcdef123456";
constexpr std::string_view kHaiku = "anthropic.claude-haiku-4-5-20251001-v1:0";

ModelId id_of(std::string_view text) {
  const auto parsed = parse_model_id(text);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *parsed;
}

/// The ARNs of one model in several places; an empty place: the one without a region.
std::vector<std::string> arns(std::string_view model, std::vector<std::string> regions) {
  std::vector<std::string> all;
  for (const std::string& region : regions) {
    all.push_back("arn:aws:bedrock:" + region + "::foundation-model/" + std::string(model));
  }
  return all;
}

TEST(BaseModel, is_what_the_user_names) {
  ModelId id = id_of(kProvisioned);

  ASSERT_TRUE(name_base_model(id, "meta.llama3-3-70b-instruct-v1:0", nullptr));

  EXPECT_EQ(id.requested_id, kProvisioned);
  EXPECT_EQ(id.kind, IdKind::provisioned);
  EXPECT_EQ(id.base_id, "meta.llama3-3-70b-instruct-v1:0");
  EXPECT_EQ(id.facts, find_model("meta.llama3-3-70b-instruct-v1:0"));
  EXPECT_EQ(to_model_info(id, "2026-11-30").price, Price{}) << "throughput is paid by the hour";
}

TEST(BaseModel, has_the_price_of_the_profile_that_the_user_names) {
  ModelId id = id_of(kProfile);

  ASSERT_TRUE(name_base_model(id, "eu." + std::string(kHaiku), nullptr));

  EXPECT_EQ(id.base_id, kHaiku);
  EXPECT_EQ(to_model_info(id, "2026-11-30").price.input, 1.1);
}

TEST(BaseModel, may_be_named_even_if_the_id_names_it) {
  ModelId id = id_of("us." + std::string(kHaiku));

  EXPECT_TRUE(name_base_model(id, kHaiku, nullptr));

  EXPECT_EQ(id.prefix, "us");
}

TEST(BaseModel, is_refused_if_unknown_or_contradictory) {
  struct Case {
    std::string_view id;
    std::string_view base_model;
    std::string_view message;
  };
  const Case cases[] = {
      {kProfile, "acme.tomorrow-v1:0", "\"acme.tomorrow-v1:0\" is not in the catalogue"},
      {kProfile, "a b", "base_model: Byte 2 of the model id"},
      {"amazon.nova-lite-v1:0", kHaiku, "\"amazon.nova-lite-v1:0\" is amazon.nova-lite-v1:0"},
  };
  for (const Case& row : cases) {
    ModelId id = id_of(row.id);

    const auto named = name_base_model(id, row.base_model, nullptr);

    ASSERT_FALSE(named) << row.base_model;
    EXPECT_EQ(named.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(named.error().message, HasSubstr(row.message));
  }
}

TEST(BaseModel, is_what_all_models_of_a_profile_are) {
  struct Case {
    std::vector<std::string> regions;
    std::string_view prefix;
    bool priced;
  };
  const Case cases[] = {
      {{"eu-west-1"}, "", true},
      {{"us-east-1", "us-east-2", "us-west-2"}, "us", true},
      {{"eu-west-1", "eu-north-1"}, "eu", true},
      {{"us-gov-west-1", "us-gov-east-1"}, "us-gov", true},
      {{"us-east-1", ""}, "global", true},
      {{""}, "global", true},
      {{"ap-northeast-1", "ap-northeast-3"}, "", false},  // jp or apac
      {{"ca-central-1", "us-east-1"}, "", false},
  };
  for (const Case& row : cases) {
    ModelId id = id_of(kProfile);

    ASSERT_TRUE(take_base_model(id, arns(kHaiku, row.regions), nullptr)) << row.regions.front();

    EXPECT_EQ(id.base_id, kHaiku);
    EXPECT_EQ(id.facts, find_model(kHaiku));
    EXPECT_EQ(id.prefix, row.prefix);
    EXPECT_EQ(id.priced, row.priced) << row.regions.front();
  }
}

TEST(BaseModel, is_not_guessed_from_an_opaque_profile) {
  std::vector<std::string> mixed = arns(kHaiku, {"us-east-1"});
  mixed.push_back(arns("amazon.nova-lite-v1:0", {"us-west-2"}).front());
  const std::vector<std::vector<std::string>> cases = {
      {}, mixed, {"no ARN"}, {std::string(kProvisioned)}};
  for (const auto& model_arns : cases) {
    ModelId id = id_of(kProfile);

    EXPECT_FALSE(take_base_model(id, model_arns, nullptr));

    EXPECT_EQ(id.base_id, "");
    EXPECT_EQ(id.facts, nullptr);
  }
}

}  // namespace
}  // namespace llm::bedrock
