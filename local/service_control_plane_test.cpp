// The control plane, through the whole service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "local/service.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using test::get;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ServiceControlPlane, lists_models) {
  const Reply all = test::handle(test::open_service(), get("/foundation-models"));
  const Document meta(
      test::handle(test::open_service(), get("/foundation-models?byProvider=meta")).body);
  const Document images(
      test::handle(test::open_service(), get("/foundation-models?byOutputModality=IMAGE")).body);

  EXPECT_THAT(
      all.body,
      HasSubstr(R"({"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/)"
                R"(amazon.titan-text-express-v1","modelId":"amazon.titan-text-express-v1",)"
                R"("modelName":"Titan Text G1 - Express","providerName":"Amazon",)"
                R"("inputModalities":["TEXT"],"outputModalities":["TEXT"],)"
                R"("responseStreamingSupported":true,"customizationsSupported":[],)"
                R"("inferenceTypesSupported":["ON_DEMAND"],"modelLifecycle":{"status":"LEGACY",)"
                R"("endOfLifeTime":"2025-08-31T00:00:00Z"}})"));
  EXPECT_GT(meta["modelSummaries"].size(), 5U);
  for (const json::Value model : meta["modelSummaries"].elements()) {
    EXPECT_EQ(model["providerName"].string(), "Meta");
  }
  EXPECT_EQ(images["modelSummaries"].size(), 0U);
}

TEST(ServiceControlPlane, refuses_a_filter_it_does_not_know) {
  const Reply reply =
      test::handle(test::open_service(), get("/foundation-models?byInferenceType=SPOT"));

  EXPECT_EQ(test::message_of(reply),
            "1 validation error detected: Value 'SPOT' at 'byInferenceType' failed to satisfy "
            "constraint: Member must satisfy enum value set: [ON_DEMAND, PROVISIONED]");
}

TEST(ServiceControlPlane, lists_models_that_make_vectors) {
  const Document found(
      test::handle(test::open_service(), get("/foundation-models?byOutputModality=EMBEDDING"))
          .body);

  EXPECT_EQ(found["modelSummaries"].size(), 8U);
  for (const json::Value model : found["modelSummaries"].elements()) {
    EXPECT_EQ(model["outputModalities"].to_text(), R"(["EMBEDDING"])");
    EXPECT_EQ(model["responseStreamingSupported"].boolean(), false);
  }
}

TEST(ServiceControlPlane, reports_the_availability_of_a_model) {
  const Reply reply = test::handle(test::open_service(),
                                   get("/foundation-model-availability/amazon.nova-lite-v1%3A0"));
  const Reply unknown =
      test::handle(test::open_service(), get("/foundation-model-availability/x.y"));

  EXPECT_EQ(reply.body,
            R"({"modelId":"amazon.nova-lite-v1:0","agreementAvailability":{"status":"AVAILABLE"},)"
            R"("authorizationStatus":"AUTHORIZED","entitlementAvailability":"AVAILABLE",)"
            R"("regionAvailability":"AVAILABLE"})");
  EXPECT_EQ(unknown.status, 400);
}

TEST(ServiceControlPlane, describes_one_model) {
  const Document by_id(
      test::handle(test::open_service(), get("/foundation-models/anthropic.claude-v2%3A1")).body);
  const Document by_arn(test::handle(test::open_service(),
                                     get("/foundation-models/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3A"
                                         "foundation-model%2Fanthropic.claude-v2%3A1"))
                            .body);
  const Reply unknown = test::handle(test::open_service(), get("/foundation-models/x.y"));

  EXPECT_EQ(by_id["modelDetails"]["modelId"].string(), "anthropic.claude-v2:1");
  EXPECT_EQ(by_arn["modelDetails"]["modelId"].string(), "anthropic.claude-v2:1");
  EXPECT_EQ(unknown.status, 400);
}

TEST(ServiceControlPlane, checks_the_pattern_of_a_provider) {
  EXPECT_EQ(
      test::message_of(test::handle(test::open_service(), get("/foundation-models?byProvider=!!"))),
      "1 validation error detected: Value '!!' at 'byProvider' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [A-Za-z0-9- ]{1,63}");
}

TEST(ServiceControlPlane, names_the_operations_that_it_does_not_serve) {
  const std::vector<std::pair<Request, std::string>> cases{
      {{.method = "POST", .target = "/prompt-routers"}, "CreatePromptRouter"},
      {{.method = "DELETE", .target = "/imported-models/abc"}, "DeleteImportedModel"},
      {{.method = "GET", .target = "/projects"}, "ListProjects"},
      {{.method = "POST", .target = "/async-invoke"}, "StartAsyncInvoke"},
  };
  for (const auto& [request, name] : cases) {
    const Reply reply = test::handle(test::open_service(), request);

    EXPECT_EQ(reply.status, 404);
    EXPECT_THAT(std::string(test::header(reply, "x-amzn-ErrorType")),
                StartsWith("UnknownOperationException:"));
    EXPECT_EQ(test::message_of(reply), "bedrock local does not serve " + name + ".");
  }
}

/// A list operation of which there is nothing to list.
struct ListRow {
  std::string name{};
  std::string path{};
  std::string body{};

  friend void PrintTo(const ListRow& row, std::ostream* out) { *out << row.name; }
};

class EmptyLists : public ::testing::TestWithParam<ListRow> {};

TEST_P(EmptyLists, are_served) {
  const Reply reply = test::handle(test::open_service(), get(GetParam().path));

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(
    All, EmptyLists,
    ::testing::Values(
        ListRow{"guardrails", "/guardrails?maxResults=5", R"({"guardrails":[]})"},
        ListRow{"custom_models", "/custom-models", R"({"modelSummaries":[]})"},
        ListRow{"custom_model_deployments", "/model-customization/custom-model-deployments",
                R"({"modelDeploymentSummaries":[]})"},
        ListRow{"imported_models", "/imported-models", R"({"modelSummaries":[]})"},
        ListRow{"provisioned_models", "/provisioned-model-throughputs",
                R"({"provisionedModelSummaries":[]})"},
        ListRow{"marketplace_endpoints", "/marketplace-model/endpoints",
                R"({"marketplaceModelEndpoints":[]})"},
        ListRow{"prompt_routers", "/prompt-routers", R"({"promptRouterSummaries":[]})"},
        ListRow{"batch_jobs", "/model-invocation-jobs", R"({"invocationJobSummaries":[]})"},
        ListRow{"customization_jobs", "/model-customization-jobs",
                R"({"modelCustomizationJobSummaries":[]})"},
        ListRow{"copy_jobs", "/model-copy-jobs", R"({"modelCopyJobSummaries":[]})"},
        ListRow{"import_jobs", "/model-import-jobs", R"({"modelImportJobSummaries":[]})"},
        ListRow{"evaluation_jobs", "/evaluation-jobs", R"({"jobSummaries":[]})"},
        ListRow{"async_invokes", "/async-invoke", R"({"asyncInvokeSummaries":[]})"},
        ListRow{"logging", "/logging/modelinvocations", "{}"}),
    test::RowName{});

TEST(ServiceControlPlane, checks_the_query_of_empty_lists) {
  EXPECT_THAT(
      test::message_of(test::handle(test::open_service(), get("/prompt-routers?maxResults=0"))),
      HasSubstr("at 'maxResults' failed to satisfy constraint"));
  EXPECT_THAT(
      test::message_of(test::handle(test::open_service(), get("/prompt-routers?nextToken=x"))),
      HasSubstr("nextToken is invalid"));
}

}  // namespace
}  // namespace llm::local
