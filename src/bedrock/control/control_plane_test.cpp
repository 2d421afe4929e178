#include "bedrock/control/control_plane.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include <llm/testing.hpp>

#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A real response of 2024 from ap-south-1, and one with every member.
constexpr std::string_view kModels =
    R"({"modelSummaries":[)"
    R"({"modelArn":"arn:aws:bedrock:ap-south-1::foundation-model/amazon.titan-text-express-v1",)"
    R"("modelId":"amazon.titan-text-express-v1","modelName":"Titan Text G1 - Express",)"
    R"("providerName":"Amazon","inputModalities":["TEXT"],"outputModalities":["TEXT"],)"
    R"("responseStreamingSupported":true,"customizationsSupported":[],)"
    R"("inferenceTypesSupported":["ON_DEMAND"],"modelLifecycle":{"status":"ACTIVE"}},)"
    R"({"modelArn":"x","modelId":"acme.old","responseStreamingSupported":false,)"
    R"("modelLifecycle":{"status":"LEGACY","endOfLifeTime":"2027-01-02T00:00:00Z"}},)"
    R"({"modelId":"acme.bare"}]})";

std::string page(const std::string& id, const std::string& token) {
  return R"({"inferenceProfileSummaries":[{"inferenceProfileId":")" + id +
         R"(","inferenceProfileArn":"arn:)" + id +
         R"(","inferenceProfileName":"n","type":"SYSTEM_DEFINED","status":"ACTIVE",)"
         R"("models":[{"modelArn":"arn:a"},{"modelArn":"arn:b"}]}])" +
         (token.empty() ? "" : R"(,"nextToken":")" + token + '"') + '}';
}

class ControlPlaneTest : public ::testing::Test {
 protected:
  static ProviderConfig config(std::shared_ptr<const Transport> transport,
                               std::shared_ptr<const port::System> system) {
    auto resolved = resolve({.model = "amazon.nova-lite-v1:0",
                             .region = "ap-south-1",
                             .api_key = Secret("test-key"),
                             .max_retries = 0,
                             .environment_use = EnvironmentUse::ignore,
                             .transport = std::move(transport)},
                            std::move(system));
    if (!resolved) throw std::runtime_error(resolved.error().message);
    return *resolved;
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  ProviderConfig config_ = config(transport_, system_);
  Pipeline pipeline_{config_.pipeline};
  ControlPlane service_{pipeline_, config_};
};

TEST_F(ControlPlaneTest, lists_models_with_their_properties) {
  transport_->expect({.body = {std::string(kModels)}});

  const auto models = service_.list_foundation_models("ap-south-1", *pipeline_.begin({}));

  ASSERT_TRUE(models) << models.error().message;
  ASSERT_EQ(models->size(), 3U);
  const FoundationModel& titan = models->at(0);
  EXPECT_EQ(titan.id, "amazon.titan-text-express-v1");
  EXPECT_EQ(titan.name, "Titan Text G1 - Express");
  EXPECT_EQ(titan.provider, "Amazon");
  EXPECT_THAT(titan.input_modalities, ElementsAre("TEXT"));
  EXPECT_THAT(titan.output_modalities, ElementsAre("TEXT"));
  EXPECT_THAT(titan.inference_types, ElementsAre("ON_DEMAND"));
  EXPECT_EQ(titan.streaming, Support::yes);
  EXPECT_EQ(titan.lifecycle, Lifecycle::active);
  EXPECT_EQ(models->at(1).streaming, Support::no);
  EXPECT_EQ(models->at(1).lifecycle, Lifecycle::legacy);
  EXPECT_EQ(models->at(1).end_of_life, "2027-01-02T00:00:00Z");
  EXPECT_EQ(models->at(2).streaming, Support::unknown);
  EXPECT_EQ(models->at(2).lifecycle, Lifecycle::unknown);
  EXPECT_THAT(models->at(2).inference_types, IsEmpty());
  EXPECT_EQ(transport_->requests().at(0).url,
            "https://bedrock.ap-south-1.amazonaws.com/foundation-models");
}

TEST_F(ControlPlaneTest, lists_profiles_page_by_page) {
  transport_->expect({.body = {page("us.one", "a/b+c")}});
  transport_->expect({.body = {page("us.two", "")}});

  const auto profiles = service_.list_inference_profiles("us-east-1", *pipeline_.begin({}));

  ASSERT_TRUE(profiles) << profiles.error().message;
  ASSERT_EQ(profiles->size(), 2U);
  EXPECT_EQ(profiles->at(0).id, "us.one");
  EXPECT_EQ(profiles->at(0).arn, "arn:us.one");
  EXPECT_EQ(profiles->at(0).type, "SYSTEM_DEFINED");
  EXPECT_THAT(profiles->at(1).model_arns, ElementsAre("arn:a", "arn:b"));
  const auto requests = transport_->requests();
  EXPECT_EQ(requests.at(0).url,
            "https://bedrock.us-east-1.amazonaws.com/inference-profiles?maxResults=1000");
  EXPECT_EQ(requests.at(1).url,
            "https://bedrock.us-east-1.amazonaws.com/inference-profiles"
            "?maxResults=1000&nextToken=a%2Fb%2Bc");
}

TEST_F(ControlPlaneTest, names_the_project_in_every_query) {
  config_.project = "arn:aws:bedrock:us-east-1:123456789012:project/p";
  transport_->expect({.body = {std::string(kModels)}});
  transport_->expect({.body = {page("us.one", "")}});
  transport_->expect({.body = {R"({"models":[]})"}});

  EXPECT_TRUE(service_.list_foundation_models("us-east-1", *pipeline_.begin({})));
  EXPECT_TRUE(service_.list_inference_profiles("us-east-1", *pipeline_.begin({})));
  EXPECT_TRUE(service_.get_inference_profile("us.one", "us-east-1", *pipeline_.begin({})));

  constexpr std::string_view kProject =
      "projectIdentifier=arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aproject%2Fp";
  const auto requests = transport_->requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_TRUE(requests[0].url.ends_with("/foundation-models?" + std::string(kProject)));
  EXPECT_TRUE(requests[1].url.ends_with("?maxResults=1000&" + std::string(kProject)));
  EXPECT_TRUE(requests[2].url.ends_with("/inference-profiles/us.one?" + std::string(kProject)));
}

TEST_F(ControlPlaneTest, ends_an_endless_list_of_pages) {
  for (int i = 0; i < 3; ++i) transport_->expect({.body = {page("us.one", "again")}});

  const auto profiles = service_.list_inference_profiles("us-east-1", *pipeline_.begin({}));

  ASSERT_FALSE(profiles);
  EXPECT_THAT(profiles.error().message, HasSubstr("endless list of pages"));
  EXPECT_EQ(transport_->remaining(), 1U);
}

TEST_F(ControlPlaneTest, reports_a_response_that_is_not_from_the_service) {
  for (const std::string body : {"<html>", "{}", "[]", ""}) {
    transport_->expect({.headers = {{"x-amzn-requestid", "r-1"}}, .body = {body}});

    const auto models = service_.list_foundation_models("us-east-1", *pipeline_.begin({}));

    ASSERT_FALSE(models) << body;
    EXPECT_EQ(models.error().code, ErrorCode::server_error);
    EXPECT_EQ(models.error().request_id, "r-1");
    EXPECT_THAT(models.error().advice, HasSubstr("bedrock_endpoint"));
  }
}

TEST_F(ControlPlaneTest, does_not_repeat_an_api_key_that_a_response_quotes) {
  transport_->expect({.body = {R"({"message":"token test-key-0123456789 is bad"})"}});

  const auto models = service_.list_foundation_models(
      "us-east-1", *pipeline_.begin({.api_key = Secret("test-key-0123456789")}));

  ASSERT_FALSE(models);
  EXPECT_EQ(models.error().message.find("test-key-0123456789"), std::string::npos);
}

TEST_F(ControlPlaneTest, waits_thirty_seconds_at_most) {
  static_cast<void>(service_.list_foundation_models("us-east-1", *pipeline_.begin({})));
  static_cast<void>(service_.list_foundation_models(
      "us-east-1", *pipeline_.begin({.timeout = std::chrono::hours(1)})));
  static_cast<void>(service_.list_foundation_models(
      "us-east-1", *pipeline_.begin({.timeout = std::chrono::seconds(5)})));

  const auto requests = transport_->requests();
  EXPECT_EQ(requests.at(0).limits.total, std::chrono::seconds(30));
  EXPECT_EQ(requests.at(1).limits.total, std::chrono::seconds(30));
  EXPECT_EQ(requests.at(2).limits.total, std::chrono::seconds(5));
}

/// Takes twenty seconds for each response.
class SlowTransport final : public Transport {
 public:
  SlowTransport(std::shared_ptr<const Transport> inner,
                std::shared_ptr<port::ScriptedSystem> system)
      : inner_(std::move(inner)), system_(std::move(system)) {}
  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override {
    system_->advance(std::chrono::seconds(20));
    return inner_->send(request, std::move(stop));
  }

 private:
  std::shared_ptr<const Transport> inner_;
  std::shared_ptr<port::ScriptedSystem> system_;
};

TEST_F(ControlPlaneTest, holds_the_total_time_limit_for_all_pages_together) {
  config_.pipeline.timeouts.total = std::chrono::seconds(50);
  config_.pipeline.transport = std::make_shared<const SlowTransport>(transport_, system_);
  const Pipeline pipeline(config_.pipeline);
  const ControlPlane service(pipeline, config_);
  for (const std::string token : {"a", "b", "c", "d"}) {
    transport_->expect({.body = {page("us.one", token)}});
  }

  const auto profiles = service.list_inference_profiles("us-east-1", *pipeline.begin({}));

  ASSERT_FALSE(profiles);
  EXPECT_EQ(profiles.error().message,
            "ListInferenceProfiles did not finish within 50000 ms (time limit).");
  const auto requests = transport_->requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].limits.total, std::chrono::seconds(30));
  EXPECT_EQ(requests[1].limits.total, std::chrono::seconds(30));
  EXPECT_EQ(requests[2].limits.total, std::chrono::seconds(10));
}

TEST_F(ControlPlaneTest, passes_on_a_refusal) {
  transport_->expect(
      {.status = 403,
       .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
       .body = {R"({"message":"Your account is not authorized to invoke this API operation."})"}});

  const auto models = service_.list_foundation_models("us-east-1", *pipeline_.begin({}));

  ASSERT_FALSE(models);
  EXPECT_EQ(models.error().code, ErrorCode::permission_error);
  EXPECT_THAT(models.error().message, HasSubstr("ListFoundationModels in us-east-1"));
}

}  // namespace
}  // namespace llm::bedrock
