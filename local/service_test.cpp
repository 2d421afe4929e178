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
using test::get;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kTitan = "amazon.titan-text-lite-v1";
constexpr std::string_view kBody = R"({"inputText":"Why?"})";

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
