#include "local/control/inference_profiles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::Contains;
using ::testing::Not;

std::vector<std::string> ids_of(const json::Value& profiles) {
  std::vector<std::string> ids;
  for (const json::Value profile : profiles.elements()) {
    ids.push_back(profile["inferenceProfileId"].text_or_empty());
  }
  return ids;
}

std::vector<std::string> ids_in(std::string_view region) {
  const Checked<Reply> reply = list_inference_profiles("", region);
  return reply ? ids_of(Document(reply->body)["inferenceProfileSummaries"])
               : std::vector<std::string>{};
}

TEST(InferenceProfiles, name_the_models_they_route_to) {
  const std::string id = "us.anthropic.claude-3-sonnet-20240229-v1:0";
  const auto arn_in = [](const std::string& region) {
    return R"({"modelArn":"arn:aws:bedrock:)" + region +
           R"(::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0"})";
  };

  const Checked<Reply> reply = get_inference_profile(id, "us-west-2");

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body,
            R"({"inferenceProfileName":"US Anthropic Claude 3 Sonnet","description":)"
            R"("Routes requests to Anthropic Claude 3 Sonnet in us-east-1, us-east-2 and )"
            R"(us-west-2.","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z",)"
            R"("inferenceProfileArn":"arn:aws:bedrock:us-west-2:000000000000:inference-profile/)" +
                id + R"(","models":[)" + arn_in("us-east-1") + "," + arn_in("us-east-2") + "," +
                arn_in("us-west-2") + R"(],"inferenceProfileId":")" + id +
                R"(","status":"ACTIVE","type":"SYSTEM_DEFINED"})");
}

TEST(InferenceProfiles, are_those_of_the_region) {
  EXPECT_THAT(ids_in("us-east-1"), Contains("us.amazon.nova-lite-v1:0"));
  EXPECT_THAT(ids_in("us-east-1"), Contains("global.anthropic.claude-sonnet-5"));
  EXPECT_THAT(ids_in("us-east-1"), Not(Contains("eu.amazon.nova-lite-v1:0")));
  EXPECT_THAT(ids_in("eu-west-1"), Contains("eu.amazon.nova-lite-v1:0"));
  EXPECT_THAT(ids_in("us-gov-west-1"), Not(Contains("us.amazon.nova-lite-v1:0")));
  EXPECT_THAT(ids_in("us-gov-west-1"), Contains("us-gov.openai.gpt-oss-120b-1:0"));
}

TEST(InferenceProfiles, are_found_by_arn) {
  const Checked<Reply> reply = get_inference_profile(
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
      "us-east-1");

  ASSERT_TRUE(reply);
  EXPECT_EQ(Document(reply->body)["inferenceProfileName"].string(), "US Nova Lite");
}

TEST(InferenceProfiles, come_in_pages) {
  std::vector<std::string> ids;
  std::string token;
  do {
    const Checked<Reply> page = list_inference_profiles(
        "maxResults=7&nextToken=" + base::percent_encode(token), "us-east-1");
    ASSERT_TRUE(page);
    const Document body(page->body);
    for (std::string& id : ids_of(body["inferenceProfileSummaries"])) ids.push_back(std::move(id));
    ASSERT_LE(body["inferenceProfileSummaries"].size(), 7U);
    token = body["nextToken"].text_or_empty();
  } while (!token.empty());

  EXPECT_EQ(ids, ids_in("us-east-1"));
}

TEST(InferenceProfiles, are_never_made_by_an_application) {
  const Checked<Reply> reply = list_inference_profiles("type=APPLICATION", "us-east-1");

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, R"({"inferenceProfileSummaries":[]})");
}

TEST(InferenceProfiles, refuse_what_they_do_not_know) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"type=OTHER",
       "1 validation error detected: Value 'OTHER' at 'typeEquals' failed to satisfy constraint: "
       "Member must satisfy enum value set: [SYSTEM_DEFINED, APPLICATION]"},
      {"maxResults=0",
       "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: "
       "Member must have value greater than or equal to 1"},
      {"maxResults=1001",
       "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: "
       "Member must have value less than or equal to 1000"},
      {"nextToken=x", "The provided nextToken is invalid."},
  };
  for (const auto& [query, message] : cases) {
    const Checked<Reply> reply = list_inference_profiles(query, "us-east-1");

    ASSERT_FALSE(reply) << query;
    EXPECT_EQ(reply.error().message, message);
  }
  const Checked<Reply> unknown = get_inference_profile("us.x.y", "us-east-1");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().status, 404);
  EXPECT_EQ(unknown.error().name, "ResourceNotFoundException");
}

}  // namespace
}  // namespace llm::local
