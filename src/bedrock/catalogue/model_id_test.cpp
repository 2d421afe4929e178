#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kHaiku3 = "anthropic.claude-3-haiku-20240307-v1:0";

struct Accepted {
  std::string_view id;
  IdKind kind;
  std::string_view base_id;
  std::string_view prefix;
  std::string_view context;
  std::string_view region;
  bool is_known = false;
};

void expect_parsed(const Accepted& expected) {
  const auto parsed = parse_model_id(expected.id);

  ASSERT_TRUE(parsed) << expected.id << ": " << parsed.error().message;
  EXPECT_EQ(parsed->requested_id, expected.id);
  EXPECT_EQ(parsed->kind, expected.kind) << expected.id;
  EXPECT_EQ(parsed->base_id, expected.base_id) << expected.id;
  EXPECT_EQ(parsed->prefix, expected.prefix) << expected.id;
  EXPECT_EQ(parsed->context, expected.context) << expected.id;
  EXPECT_EQ(parsed->region, expected.region) << expected.id;
  EXPECT_EQ(parsed->facts != nullptr, expected.is_known) << expected.id;
  EXPECT_TRUE(!parsed->facts || parsed->facts->base_id == expected.base_id) << expected.id;
}

class AcceptedModelId : public ::testing::TestWithParam<Accepted> {};

TEST_P(AcceptedModelId, is_parsed) { expect_parsed(GetParam()); }

// The id, with "_" for each character that a test name cannot have.
std::string name_of(const ::testing::TestParamInfo<Accepted>& test) {
  std::string name(test.param.id);
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    BaseIdsAndContextSuffixes, AcceptedModelId,
    ::testing::ValuesIn(std::to_array<Accepted>({
        {kHaiku3, IdKind::base_model, kHaiku3, "", "", "", true},
        {"anthropic.claude-3-haiku-20240307-v1:0:48k", IdKind::base_model, kHaiku3, "", "48k", "",
         true},
        {"anthropic.claude-v2", IdKind::base_model, "anthropic.claude-v2", "", "", "", true},
        {"anthropic.claude-v2:1", IdKind::base_model, "anthropic.claude-v2:1", "", "", "", true},
        {"anthropic.claude-v2:1:200k", IdKind::base_model, "anthropic.claude-v2:1", "", "200k", "",
         true},
        {"anthropic.claude-v2:0:18k", IdKind::base_model, "anthropic.claude-v2", "", "18k", "",
         true},
        {"amazon.titan-text-express-v1:0:8k", IdKind::base_model, "amazon.titan-text-express-v1",
         "", "8k", "", true},
        {"amazon.titan-text-lite-v1:0", IdKind::base_model, "amazon.titan-text-lite-v1", "", "", "",
         true},
        {"amazon.nova-pro-v1:0:mm", IdKind::base_model, "amazon.nova-pro-v1:0", "", "mm", "", true},
        {"cohere.embed-english-v3:0:512", IdKind::base_model, "cohere.embed-english-v3", "", "512",
         "", true},
        {"deepseek.v3.2", IdKind::base_model, "deepseek.v3.2", "", "", "", true},
    })),
    name_of);

TEST(ModelId, does_not_take_another_version_for_a_context) {
  const auto parsed = parse_model_id("anthropic.claude-v2:2");

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->base_id, "anthropic.claude-v2:2");
  EXPECT_EQ(parsed->facts, nullptr);
}

TEST(ModelId, parses_inference_profiles) {
  for (const std::string_view prefix :
       {"us", "eu", "apac", "au", "jp", "in", "ca", "us-gov", "global", "mars"}) {
    const std::string id = std::string(prefix) + '.' + std::string(kHaiku3);
    expect_parsed({id, IdKind::inference_profile, kHaiku3, prefix, "", "", true});
  }
  expect_parsed(
      {"us.deepseek.v3.2", IdKind::inference_profile, "deepseek.v3.2", "us", "", "", true});
  expect_parsed({"eu.anthropic.claude-3-haiku-20240307-v1:0:200k", IdKind::inference_profile,
                 kHaiku3, "eu", "200k", "", true});
}

INSTANTIATE_TEST_SUITE_P(
    UnknownButWellFormedIds, AcceptedModelId,
    ::testing::ValuesIn(std::to_array<Accepted>({
        {"anthropic.claude-next-v1:0", IdKind::base_model, "anthropic.claude-next-v1:0", "", "",
         ""},
        {"acme.model-v1:0:64k", IdKind::base_model, "acme.model-v1:0", "", "64k", ""},
        {"us.acme.model-v1:0", IdKind::inference_profile, "acme.model-v1:0", "us", "", ""},
        {"mars.acme.model-v1:0", IdKind::base_model, "mars.acme.model-v1:0", "", "", ""},
        {"abcdef123456", IdKind::unknown, "", "", "", ""},
        {"my_endpoint-1", IdKind::unknown, "", "", "", ""},
        {"Anthropic.Claude-3-Haiku-20240307-v1:0", IdKind::unknown, "", "", "", ""},
        {"US.anthropic.claude-3-haiku-20240307-v1:0", IdKind::unknown, "", "", "", ""},
        {"us.", IdKind::unknown, "", "", "", ""},
        {":0", IdKind::unknown, "", "", "", ""},
    })),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Arns, AcceptedModelId,
    ::testing::ValuesIn(std::to_array<Accepted>({
        {"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
         IdKind::base_model, kHaiku3, "", "", "us-east-1", true},
        {"arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-text-express-v1:0:8k",
         IdKind::base_model, "amazon.titan-text-express-v1", "", "8k", "eu-west-1", true},
        {"arn:aws:bedrock:us-west-2::foundation-model/acme.next-v1:0", IdKind::base_model,
         "acme.next-v1:0", "", "", "us-west-2"},
        {"arn:aws:bedrock:us-east-1:123456789012:inference-profile/"
         "us.anthropic.claude-3-haiku-20240307-v1:0",
         IdKind::inference_profile, kHaiku3, "us", "", "us-east-1", true},
        {"arn:aws:bedrock:::inference-profile/global.anthropic.claude-3-haiku-20240307-v1:0",
         IdKind::inference_profile, kHaiku3, "global", "", "", true},
        {"arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/"
         "us-gov.anthropic.claude-3-haiku-20240307-v1:0",
         IdKind::inference_profile, kHaiku3, "us-gov", "", "us-gov-west-1", true},
        {"arn:aws-cn:bedrock:cn-north-1::foundation-model/amazon.nova-lite-v1:0",
         IdKind::base_model, "amazon.nova-lite-v1:0", "", "", "cn-north-1", true},
        {"arn:aws-iso-b:bedrock:us-isob-east-1::foundation-model/amazon.nova-lite-v1:0",
         IdKind::base_model, "amazon.nova-lite-v1:0", "", "", "us-isob-east-1", true},
        {"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456",
         IdKind::application_profile, "", "", "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456",
         IdKind::provisioned, "", "", "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-text-lite-v1:0:4k/"
         "abcdef123456",
         IdKind::custom, "amazon.titan-text-lite-v1", "", "4k", "us-east-1", true},
        {"arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdef123456",
         IdKind::custom, "", "", "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456", IdKind::imported, "",
         "", "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:prompt-router/r1", IdKind::router, "", "", "",
         "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1",
         IdKind::router, "", "", "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEF1234:3", IdKind::prompt, "", "", "",
         "us-east-1"},
        {"arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint", IdKind::sagemaker, "", "",
         "", "us-east-1"},
        {"arn:aws:bedrock:us-east-1:123456789012:something-new/abc", IdKind::unknown, "", "", "",
         "us-east-1"},
    })),
    name_of);

TEST(ModelId, refuses_what_no_documented_form_allows) {
  const std::string_view cases[] = {
      "",
      ".",
      "..",
      "a b",
      "line\nbreak",
      std::string_view("nul\0byte", 8),
      "caf\xc3\xa9",
      "anthropic.claude?x=1",
      "anthropic.claude#x",
      "anthropic.claude%2e",
      "anthropic/claude",
      "../../secret",
      "arn:",
      "arn:aws:bedrock",
      "arn:aws:bedrock:us-east-1::foundation-model",
      "arn:aws:bedrock:us-east-1::foundation-model/",
      "arn:aws:bedrock:us-east-1::foundation-model/..",
      "arn:aws:bedrock:us-east-1:123456789012:custom-model/../x",
      "arn:aws:bedrock:us-east-1:123456789012:custom-model//x",
      "arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0",
      "arn:aws:bedrock:evil.example:123456789012:provisioned-model/abcdef123456",
      "arn:aws:bedrock:us-east-1-and-much-more-text:123456789012:provisioned-model/abcdef123456",
      "arn:aws:bedrock:us-east-1:1234:provisioned-model/abcdef123456",
      "arn:aws:s3:us-east-1:123456789012:bucket/x",
      "arn:aws:sagemaker:us-east-1:123456789012:model/x",
      "arn:awsx:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
      "arn:azure:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
  };
  for (const std::string_view id : cases) {
    const auto parsed = parse_model_id(id);

    ASSERT_FALSE(parsed) << id;
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration_error) << id;
    EXPECT_TRUE(parsed.error().advice.starts_with("Use a Bedrock model id")) << id;
  }
}

TEST(ModelId, limits_the_length) {
  EXPECT_TRUE(parse_model_id(std::string(2048, 'a')));
  EXPECT_FALSE(parse_model_id(std::string(2049, 'a')));
}

TEST(ModelId, does_not_repeat_hostile_bytes_in_its_message) {
  const auto parsed = parse_model_id("abc\x1b[31m");

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message.find('\x1b'), std::string::npos);
  EXPECT_NE(parsed.error().message.find("Byte 4"), std::string::npos) << parsed.error().message;
}

TEST(ModelId, prefers_the_facts_of_an_overlay) {
  const auto overlay = CatalogueOverlay::parse(
      R"({"models":[
        {"id":"acme.model-v1:0","provider":"Acme","mode":"chat","wire_format":"none"},
        {"id":"amazon.nova-lite-v1:0","provider":"Mine","mode":"chat","wire_format":"none"}]})");
  ASSERT_TRUE(overlay) << overlay.error().message;

  const auto added = parse_model_id("mars.acme.model-v1:0:8k", &*overlay);
  const auto replaced = parse_model_id("us.amazon.nova-lite-v1:0", &*overlay);
  const auto compiled = parse_model_id("amazon.nova-pro-v1:0", &*overlay);

  ASSERT_TRUE(added && replaced && compiled);
  EXPECT_EQ(added->prefix, "mars");
  EXPECT_EQ(added->context, "8k");
  EXPECT_EQ(added->facts, overlay->find("acme.model-v1:0"));
  EXPECT_EQ(replaced->facts->provider, "Mine");
  EXPECT_EQ(compiled->facts, find_model("amazon.nova-pro-v1:0"));
}

}  // namespace
}  // namespace llm::bedrock
