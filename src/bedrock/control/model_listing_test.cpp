#include "bedrock/control/model_listing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stop_token>
#include <string>

#include <llm/testing.hpp>

#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kNova = "amazon.nova-lite-v1:0";
const std::string kModels = R"({"modelSummaries":[{"modelId":")" + kNova +
                            R"(","inferenceTypesSupported":["ON_DEMAND"]}]})";

class ModelListingTest : public ::testing::Test {
 protected:
  ProviderConfig config() {
    auto resolved = resolve({.model = kNova,
                             .region = "eu-west-1",
                             .api_key = Secret("test-key"),
                             .max_retries = 0,
                             .environment_use = EnvironmentUse::ignore,
                             .transport = transport_},
                            std::make_shared<port::ScriptedSystem>());
    if (!resolved) throw std::runtime_error(resolved.error().message);
    return *resolved;
  }

  static Support served(const ModelListing& listing) {
    const auto found = std::ranges::find(
        listing.models, kNova, [](const ListedModel& model) { return model.info.base_id; });
    return found == listing.models.end() ? Support::unknown : found->served;
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
};

TEST_F(ModelListingTest, needs_no_request_for_known_models) {
  const ModelListing listing = known_models(config());

  EXPECT_EQ(listing.region, "eu-west-1");
  EXPECT_EQ(listing.region_source, "code");
  EXPECT_GT(listing.models.size(), 100U);
  EXPECT_EQ(served(listing), Support::unknown);
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(ModelListingTest, requests_models_and_profiles_of_the_region) {
  transport_->expect({.body = {kModels}});
  transport_->expect({.body = {R"({"inferenceProfileSummaries":[]})"}});

  const auto listing = served_models(config(), {});

  ASSERT_TRUE(listing) << listing.error().message;
  EXPECT_EQ(served(*listing), Support::yes);
  EXPECT_TRUE(listing->warnings.empty());
  EXPECT_THAT(transport_->requests().at(1).url,
              StartsWith("https://bedrock.eu-west-1.amazonaws.com/inference-profiles"));
}

TEST_F(ModelListingTest, continues_without_profiles_with_a_warning) {
  transport_->expect({.body = {kModels}});
  transport_->expect({.status = 403,
                      .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
                      .body = {R"({"message":"no"})"}});

  const auto listing = served_models(config(), {});

  ASSERT_TRUE(listing) << listing.error().message;
  EXPECT_EQ(served(*listing), Support::yes);
  ASSERT_EQ(listing->warnings.size(), 1U);
  EXPECT_EQ(listing->warnings[0].id, "inference_profiles");
  EXPECT_THAT(listing->warnings[0].message, HasSubstr("ListInferenceProfiles"));
}

TEST_F(ModelListingTest, fails_when_the_models_cannot_be_listed) {
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "no route")});

  const auto listing = served_models(config(), {});

  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, ErrorCode::connection_error);
}

TEST_F(ModelListingTest, ends_when_it_is_cancelled) {
  std::stop_source stop;
  stop.request_stop();

  const auto listing = served_models(config(), stop.get_token());

  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::bedrock
