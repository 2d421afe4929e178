#include "local/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kTitan = "amazon.titan-text-lite-v1";
constexpr std::string_view kBody = R"({"inputText":"Why?"})";

Request get(std::string target) { return {.method = "GET", .target = std::move(target)}; }

TEST(Service, replies_with_the_headers_of_bedrock) {
  const Reply reply = test::invoke(kTitan, kBody);

  const Document body(reply.body);
  EXPECT_EQ(test::header(reply, "Date"), "Sun, 22 Nov 2026 15:22:02 GMT");
  EXPECT_EQ(test::header(reply, "Content-Type"), "application/json");
  EXPECT_EQ(test::header(reply, "x-amzn-RequestId"), "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Input-Token-Count"), "1");
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Output-Token-Count"),
            test::element(body["results"], 0)["tokenCount"].to_text());
  EXPECT_NE(test::header(reply, "X-Amzn-Bedrock-Invocation-Latency"), "");
}

TEST(Service, streams_frames_as_recorded) {
  const Reply reply = test::invoke_stream(kTitan, kBody);

  const std::vector<test::Event> events = test::events_of(reply);
  const std::vector<std::pair<std::string, std::string>> headers{
      {":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}};
  EXPECT_TRUE(reply.streamed);
  EXPECT_EQ(test::header(reply, "Content-Type"), "application/vnd.amazon.eventstream");
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Content-Type"), "application/json");
  ASSERT_EQ(events.size(), reply.frames.size());
  for (const test::Event& event : events) {
    const std::string padding = Document(event.payload)["p"].text_or_empty();
    EXPECT_EQ(event.headers, headers);
    EXPECT_THAT(event.payload, StartsWith(R"({"bytes":")"));
    EXPECT_GE(padding.size(), 2U);
    EXPECT_LE(padding.size(), 61U);
    EXPECT_THAT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                StartsWith(padding));
  }
}

TEST(Service, completes_the_same_prompt_alike) {
  EXPECT_EQ(test::invoke(kTitan, kBody).body, test::invoke(kTitan, kBody).body);
}

TEST(Service, waits_before_each_event_when_it_has_a_pace) {
  ServerOptions options;
  options.verify_signatures = false;
  options.pace = std::chrono::milliseconds(7);

  const Reply reply = test::handle(
      Service(options), test::model_request(kTitan, "invoke-with-response-stream", kBody));

  ASSERT_FALSE(reply.frames.empty());
  for (const Frame& frame : reply.frames) EXPECT_EQ(frame.delay.count(), 7);
}

TEST(Service, refuses_as_rest_json_does) {
  const Reply reply = test::invoke("does-not-exist", kBody);

  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(test::header(reply, "x-amzn-ErrorType"),
            "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/");
  EXPECT_EQ(reply.body, R"({"message":"The provided model identifier is invalid."})");
}

TEST(Service, authenticates_before_anything_else) {
  const Service service{ServerOptions{}};

  const Reply unsigned_reply =
      test::handle(service, test::model_request("does-not-exist", "invoke", "{"));
  Request bearer = test::model_request(kTitan, "invoke", kBody);
  bearer.headers.push_back({"Authorization", "Bearer ABSKx"});
  const Reply bearer_reply = test::handle(service, bearer);

  EXPECT_EQ(unsigned_reply.status, 403);
  EXPECT_EQ(test::header(unsigned_reply, "x-amzn-ErrorType"),
            "MissingAuthenticationTokenException:http://internal.amazon.com/coral/"
            "com.amazon.coral.service/");
  EXPECT_EQ(unsigned_reply.body, R"({"message":"Missing Authentication Token"})");
  EXPECT_THAT(bearer_reply.body, StartsWith(R"({"Message":"Authentication failed)"));
}

TEST(Service, serves_a_request_that_is_signed) {
  Request request = test::model_request("anthropic.claude-v2:1", "invoke",
                                        R"({"prompt":"\n\nHuman: x\n\nAssistant:",)"
                                        R"("max_tokens_to_sample":9})");
  test::sign(request, {});

  EXPECT_EQ(test::handle(Service{ServerOptions{}}, request).status, 200);
}

TEST(Service, refuses_models_past_their_end_of_life_on_request) {
  ServerOptions options;
  options.verify_signatures = false;
  options.end_of_life = EndOfLife::refuse;
  const Service service(std::move(options));

  for (const std::string_view operation : {"invoke", "converse", "count-tokens"}) {
    const Reply reply = test::handle(service, test::model_request(kTitan, operation, kBody));

    EXPECT_EQ(reply.status, 404) << operation;
    EXPECT_THAT(test::header(reply, "x-amzn-ErrorType"), StartsWith("ResourceNotFoundException:"));
  }
  EXPECT_EQ(test::handle(service, get("/foundation-models/amazon.titan-text-lite-v1")).status, 200);
}

TEST(Service, knows_no_other_operation) {
  const Reply reply = test::handle(test::open_service(), get("/nothing"));

  EXPECT_EQ(reply.status, 404);
  EXPECT_THAT(test::header(reply, "x-amzn-ErrorType"), StartsWith("UnknownOperationException:"));
}

TEST(Service, refuses_what_is_too_large) {
  const Reply body = test::invoke(kTitan, std::string(25'000'001, ' '));
  std::string prompt;
  for (int i = 0; i < 5000; ++i) prompt += "word ";
  const Reply text = test::invoke(kTitan, R"({"inputText":")" + prompt + "\"}");

  EXPECT_EQ(test::message_of(body),
            "1 validation error detected: Value at 'body' failed to satisfy constraint: Member "
            "must have length less than or equal to 25000000");
  EXPECT_EQ(test::message_of(text), "Input is too long for requested model.");
}

TEST(Service, closes_the_connection_after_broken_http) {
  for (const auto& [defect, status] : {std::pair{Defect::malformed, 400},
                                       {Defect::headers_too_large, 400},
                                       {Defect::body_too_large, 413},
                                       {Defect::no_descriptors, 503}}) {
    const Reply reply = test::handle(test::open_service(), {.defect = defect});

    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.after, After::close);
  }
}

TEST(Service, names_the_header_that_is_repeated) {
  const Reply reply = test::handle(
      test::open_service(),
      {.headers = {{"Accept", "a"}, {"accept", "b"}, {"X-Amz-Date", "1"}, {"x-amz-date", "2"}},
       .defect = Defect::repeated_header});

  EXPECT_EQ(test::message_of(reply), "The header X-Amz-Date occurs more than once in the request.");
}

TEST(Service, lists_models) {
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

TEST(Service, refuses_a_filter_it_does_not_know) {
  const Reply reply =
      test::handle(test::open_service(), get("/foundation-models?byInferenceType=SPOT"));

  EXPECT_EQ(test::message_of(reply),
            "1 validation error detected: Value 'SPOT' at 'byInferenceType' failed to satisfy "
            "constraint: Member must satisfy enum value set: [ON_DEMAND, PROVISIONED]");
}

TEST(Service, lists_models_that_make_vectors) {
  const Document found(
      test::handle(test::open_service(), get("/foundation-models?byOutputModality=EMBEDDING"))
          .body);

  EXPECT_EQ(found["modelSummaries"].size(), 8U);
  for (const json::Value model : found["modelSummaries"].elements()) {
    EXPECT_EQ(model["outputModalities"].to_text(), R"(["EMBEDDING"])");
    EXPECT_EQ(model["responseStreamingSupported"].boolean(), false);
  }
}

TEST(Service, reports_the_availability_of_a_model) {
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

TEST(Service, describes_one_model) {
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

TEST(Service, holds_the_head_of_streams_alone) {
  ServerOptions options;
  options.verify_signatures = false;
  options.head_delay = std::chrono::milliseconds(7);
  options.script = {{.match = {.call = 3},
                     .fault = fault::SlowFirstByte{.delay = std::chrono::milliseconds(20)}}};
  const Service service(std::move(options));
  const Request stream = test::model_request(kTitan, "invoke-with-response-stream", kBody);

  EXPECT_EQ(test::handle(service, stream).plan.before_head.count(), 7);
  EXPECT_EQ(
      test::handle(service, test::model_request(kTitan, "invoke", kBody)).plan.before_head.count(),
      0);
  EXPECT_EQ(test::handle(service, stream).plan.before_head.count(), 27);
}

TEST(Service, names_the_operations_that_it_does_not_serve) {
  const std::vector<std::pair<Request, std::string>> cases{
      {{.method = "POST", .target = "/guardrails"}, "CreateGuardrail"},
      {{.method = "DELETE", .target = "/guardrails/abc"}, "DeleteGuardrail"},
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

TEST(Service, checks_the_query_of_empty_lists) {
  EXPECT_THAT(test::message_of(test::handle(test::open_service(), get("/guardrails?maxResults=0"))),
              HasSubstr("at 'maxResults' failed to satisfy constraint"));
  EXPECT_THAT(test::message_of(test::handle(test::open_service(), get("/guardrails?nextToken=x"))),
              HasSubstr("nextToken is invalid"));
}

TEST(Service, refuses_a_profile_of_another_geography) {
  const std::string body = R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})";
  const auto reply = [&](std::string_view model, std::string region, bool any_region) {
    ServerOptions options;
    options.any_region = any_region;
    Request request = test::model_request(model, "converse", body);
    test::sign(request, {.region = std::move(region)});
    return test::handle(Service(std::move(options)), request);
  };
  constexpr std::string_view kProfile = "eu.amazon.nova-lite-v1:0";

  EXPECT_EQ(reply(kProfile, "eu-west-1", false).status, 200);
  EXPECT_EQ(reply(kProfile, "us-east-1", true).status, 200);
  EXPECT_EQ(reply("amazon.nova-lite-v1:0", "us-east-1", false).status, 200);
  EXPECT_EQ(reply("us.amazon.nova-lite-v1:0", "ca-central-1", false).status, 200);
  EXPECT_EQ(reply("global.anthropic.claude-sonnet-4-6", "sa-east-1", false).status, 200);
  EXPECT_EQ(test::message_of(reply(kProfile, "us-east-1", false)),
            "The provided model identifier is invalid.");
  EXPECT_EQ(reply("us.amazon.nova-lite-v1:0", "us-gov-west-1", false).status, 400);
}

TEST(Service, checks_project_identifiers_wherever_they_may_be) {
  const std::string hello = R"("messages":[{"role":"user","content":[{"text":"Hi"}]}])";
  const auto statuses = [&](const std::string& project) {
    Request native = test::model_request(kTitan, "invoke", kBody);
    native.headers.push_back({"X-Amzn-Bedrock-ProjectIdentifier", project});
    const Service service = test::open_service();
    return std::vector<int>{
        test::handle(service, test::model_request(
                                  "amazon.nova-lite-v1:0", "converse",
                                  "{" + hello + R"(,"projectIdentifier":")" + project + "\"}"))
            .status,
        test::handle(service, native).status,
        test::handle(service, get("/foundation-models?projectIdentifier=" + project)).status,
        test::handle(service, get("/inference-profiles?projectIdentifier=" + project)).status};
  };

  EXPECT_EQ(statuses("default"), (std::vector<int>{200, 200, 200, 200}));
  EXPECT_EQ(statuses("arn:aws:bedrock:us-east-1:123456789012:project/proj_1"),
            (std::vector<int>{200, 200, 200, 200}));
  EXPECT_EQ(statuses("a.b"), (std::vector<int>{400, 400, 400, 400}));
}

TEST(Service, checks_the_pattern_of_a_provider) {
  EXPECT_EQ(
      test::message_of(test::handle(test::open_service(), get("/foundation-models?byProvider=!!"))),
      "1 validation error detected: Value '!!' at 'byProvider' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [A-Za-z0-9- ]{1,63}");
}

TEST(Service, serves_a_model_under_its_aliases) {
  const std::string arn =
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3";
  ServerOptions options;
  options.verify_signatures = false;
  options.model_aliases = {{arn, "us.amazon.nova-lite-v1:0"}};
  const Service service(std::move(options));
  const std::string body = R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})";

  const HandledRequest handled = service.handle(test::model_request(arn, "converse", body),
                                                {.now = test::now(), .request_id = "id"});
  const Document profile(
      test::handle(service, get("/inference-profiles/" + base::percent_encode(arn))).body);

  EXPECT_TRUE(service.check_aliases());
  EXPECT_EQ(handled.reply.status, 200) << handled.reply.body;
  EXPECT_EQ(handled.model, arn);
  EXPECT_EQ(profile["type"].string(), "APPLICATION");
  EXPECT_EQ(profile["inferenceProfileArn"].string(), arn);
  EXPECT_EQ(test::element(profile["models"], 0)["modelArn"].string(),
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0");
  EXPECT_EQ(test::handle(test::open_service(), test::model_request(arn, "converse", body)).status,
            400);
}

TEST(Service, refuses_an_alias_that_it_cannot_serve) {
  const auto refusal = [](ModelAlias alias) {
    ServerOptions options;
    options.model_aliases = {std::move(alias)};
    return Service(std::move(options)).check_aliases().error();
  };

  EXPECT_EQ(refusal({"", "amazon.nova-lite-v1:0"}).message, "A model alias has no id.");
  EXPECT_EQ(refusal({"", "amazon.nova-lite-v1:0"}).advice, "Write ID=BASE.");
  EXPECT_EQ(
      refusal({"mine", "nothing"}).message,
      "The model alias \"mine\" for \"nothing\" cannot be used: The provided model identifier "
      "is invalid.");
  EXPECT_THAT(refusal({"mine", "anthropic.claude-sonnet-4-6"}).message,
              HasSubstr("with on-demand throughput isn\u2019t supported."));
}

}  // namespace
}  // namespace llm::local
