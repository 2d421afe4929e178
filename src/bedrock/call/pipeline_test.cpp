#include "bedrock/call/pipeline.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "aws/protocol/sign_request.hpp"
#include "base/time.hpp"
#include "bedrock/call/pipeline_test_support.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

TEST_P(PipelineTest, signs_what_it_sends) {
  transport_->expect(success());

  ASSERT_TRUE(send());

  const HttpRequest request = transport_->requests().at(0);
  EXPECT_EQ(request.url, "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke");
  EXPECT_THAT(header(request, "authorization"),
              ::testing::HasSubstr("Credential=AKID/20260102/us-east-1/bedrock/aws4_request"));
  EXPECT_EQ(header(request, "x-amz-security-token"), "tok");
  EXPECT_EQ(header(request, "host"), "bedrock-runtime.us-east-1.amazonaws.com");
}

TEST_P(PipelineTest, signs_the_url_that_it_sends) {
  const aws::Credentials credentials{
      .access_key_id = "AKID", .secret_access_key = Secret("shh"), .session_token = Secret("tok")};
  request_.endpoint = *aws::parse_endpoint("https://proxy.example:8443/base", "x");
  request_.path = "/model/a%3A0/invoke";
  request_.query = "maxResults=1";
  transport_->expect(success());

  ASSERT_TRUE(send());

  const HttpRequest sent = transport_->requests().at(0);
  EXPECT_EQ(sent.url, "https://proxy.example:8443/base/model/a%3A0/invoke?maxResults=1");
  HttpRequest expected = sent;
  ASSERT_TRUE(aws::sign_request(expected, credentials, "us-east-1", "bedrock", system_->now()));
  EXPECT_EQ(header(sent, "authorization"), header(expected, "authorization"));
}

TEST_P(PipelineTest, retries_a_throttled_call_and_signs_each_attempt_again) {
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));
  transport_->expect(success());

  const Result<Response> response = send();

  ASSERT_TRUE(response);
  EXPECT_EQ(response->attempts, 3);
  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(milliseconds(500), milliseconds(1000)));
  const auto requests = transport_->requests();
  // Two within one second have the same signature.
  EXPECT_NE(header(requests[0], "x-amz-date"), header(requests[2], "x-amz-date"));
  EXPECT_NE(header(requests[0], "authorization"), header(requests[2], "authorization"));
  EXPECT_EQ(header(requests[0], "amz-sdk-invocation-id"),
            header(requests[2], "amz-sdk-invocation-id"));
  EXPECT_EQ(header(requests[2], "amz-sdk-request"), "attempt=3; max=3");
}

TEST_P(PipelineTest, gives_up_after_three_attempts_and_counts_them) {
  for (int i = 0; i < 3; ++i) transport_->expect(refusal(503, "ServiceUnavailableException", "{}"));

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::server_error);
  EXPECT_EQ(response.error().attempts, 3);
  EXPECT_TRUE(response.error().retryable);
}

struct FinalRefusal {
  int status;
  std::string name;
};

class FinalRefusalTest : public PipelineFixture,
                         public ::testing::WithParamInterface<FinalRefusal> {};

TEST_P(FinalRefusalTest, is_not_retried) {
  transport_->expect(refusal(GetParam().status, GetParam().name, R"({"message":"no"})"));

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().attempts, 1);
}

INSTANTIATE_TEST_SUITE_P(Exceptions, FinalRefusalTest,
                         ::testing::Values(FinalRefusal{400, "ValidationException"},
                                           FinalRefusal{403, "AccessDeniedException"},
                                           FinalRefusal{404, "ResourceNotFoundException"},
                                           FinalRefusal{408, "ModelTimeoutException"},
                                           FinalRefusal{424, "ModelErrorException"},
                                           FinalRefusal{400, "ServiceQuotaExceededException"}),
                         [](const auto& row) { return row.param.name; });

TEST_P(PipelineTest, waits_as_long_as_the_server_asks) {
  ScriptedResponse throttled = refusal(429, "ThrottlingException", kThrottled);
  throttled.headers.push_back({"x-amz-retry-after", "1500"});
  transport_->expect(throttled);
  transport_->expect(success());

  ASSERT_TRUE(send());

  EXPECT_THAT(system_->sleeps(), ::testing::ElementsAre(milliseconds(1500)));
}

TEST_P(PipelineTest, obeys_max_retries_of_the_call) {
  transport_->expect(refusal(503, "ServiceUnavailableException", "{}"));

  const Result<Response> response = send({.max_retries = 0});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().attempts, 1);
}

TEST_P(PipelineTest, refuses_an_invalid_number_of_retries) {
  for (const int retries : {-5, 101, std::numeric_limits<int>::max()}) {
    const Result<Response> response = send({.max_retries = retries});

    ASSERT_FALSE(response) << retries;
    EXPECT_EQ(response.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(response.error().message, ::testing::HasSubstr("max_retries"));
  }
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_P(PipelineTest, shares_one_retry_quota_between_calls) {
  const Pipeline pipeline(config_);
  int sent = 0;
  for (int call = 0; call < 40; ++call) {
    for (int i = 0; i < 3; ++i)
      transport_->expect(refusal(503, "ServiceUnavailableException", "{}"));
    const Result<Response> response = send_by(pipeline);
    ASSERT_FALSE(response);
    sent += response.error().attempts;
  }

  // 500 tokens pay for 35 retries of 14.
  EXPECT_EQ(sent, 40 + 35);
}

TEST_P(PipelineTest, retries_a_timeout_only_with_retry_timeouts) {
  Error timeout = make_error(ErrorCode::timeout_error, "No first byte.");
  transport_->expect({.failure = timeout});
  EXPECT_EQ(send().error().attempts, 1);

  config_.retry_timeouts = true;
  transport_->expect({.failure = timeout});
  transport_->expect(success());
  EXPECT_EQ(send()->attempts, 2);
}

TEST_P(PipelineTest, treats_a_truncated_response_as_a_lost_one) {
  const ScriptedResponse stalled = {.body = {"{"},
                                    .read_failure = make_error(ErrorCode::timeout_error, "Idle.")};
  transport_->expect(stalled);
  EXPECT_EQ(send().error().attempts, 1);

  config_.retry_timeouts = true;
  transport_->expect(stalled);
  transport_->expect(success());
  const Result<Response> response = send();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->attempts, 2);
}

TEST_P(PipelineTest, retries_a_connection_that_failed) {
  Error lost = make_error(ErrorCode::connection_error, "Reset.");
  lost.retryable = true;
  transport_->expect({.failure = lost});
  transport_->expect(success());

  EXPECT_EQ(send()->attempts, 2);
}

// On a loop, whoever cancels destroys the task.
TEST_F(PipelineFixture, ends_a_wait_when_the_caller_stops) {
  std::stop_source source;
  system_->on_sleep([&](milliseconds) { source.request_stop(); });
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));

  const Result<Response> response = send({.stop = source.get_token()});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
  EXPECT_EQ(response.error().attempts, 1);
}

TEST_P(PipelineTest, does_not_wait_past_the_time_limit) {
  transport_->expect(refusal(429, "ThrottlingException", kThrottled));

  const Result<Response> response = send({.timeout = milliseconds(300)});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::rate_limit_error);
  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_P(PipelineTest, gives_each_attempt_what_is_left_of_the_time_limit) {
  transport_->expect(refusal(503, "ServiceUnavailableException", "{}"));
  transport_->expect(success());

  ASSERT_TRUE(send({.timeout = milliseconds(10'000)}));

  const auto requests = transport_->requests();
  EXPECT_EQ(requests[0].limits.total, milliseconds(10'000));
  EXPECT_EQ(requests[1].limits.total, milliseconds(10'000 - 25));
}

TEST_P(PipelineTest, takes_the_longest_time_limit_there_is) {
  transport_->expect(success());

  ASSERT_TRUE(send({.timeout = milliseconds::max()}));

  EXPECT_EQ(transport_->requests().at(0).limits.total, std::chrono::years(1));
}

ScriptedResponse skewed(std::string_view date) {
  ScriptedResponse response =
      refusal(403, "InvalidSignatureException",
              R"({"message":"Signature expired: x is now earlier than y"})");
  response.headers.push_back({"date", std::string(date)});
  return response;
}

TEST_P(PipelineTest, corrects_its_clock_from_a_verified_server) {
  transport_->expect(skewed("Fri, 02 Jan 2026 03:34:05 GMT"));
  transport_->expect(success());

  const Result<Response> response = send();

  ASSERT_TRUE(response);
  EXPECT_EQ(header(transport_->requests().at(1), "x-amz-date"), "20260102T033405Z");
  EXPECT_TRUE(system_->sleeps().empty());
}

TEST_P(PipelineTest, leaves_its_clock_alone_when_the_date_proves_nothing) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"small offset", "Fri, 02 Jan 2026 03:06:05 GMT"},
      {"absurd offset", "Fri, 02 Jan 2032 03:04:05 GMT"},
      {"no date", ""}};
  for (const auto& [what, date] : cases) {
    transport_->expect(skewed(date));
    EXPECT_EQ(send().error().attempts, 1) << what;
  }

  ScriptedResponse cached = skewed("Fri, 02 Jan 2026 03:34:05 GMT");
  cached.headers.push_back({"age", "7"});
  transport_->expect(cached);
  EXPECT_EQ(send().error().attempts, 1) << "from a cache";
}

TEST_P(PipelineTest, takes_no_time_from_a_server_without_tls) {
  request_.endpoint = *aws::parse_endpoint("http://127.0.0.1:8080", "x");
  transport_->expect(skewed("Fri, 02 Jan 2026 03:34:05 GMT"));

  EXPECT_EQ(send().error().attempts, 1);
}

TEST_P(PipelineTest, reports_an_empty_chain_without_sending) {
  config_.identity.credentials = aws::chain({});

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::authentication_error);
  EXPECT_EQ(response.error().attempts, 0);
}

TEST_P(PipelineTest, refuses_a_response_that_is_not_a_stream) {
  request_.delivery = Delivery::streaming;
  transport_->expect({.headers = {{"content-type", "text/html"}}, .body = {"<html>"}});

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::stream_error);
}

TEST_P(PipelineTest, reads_the_error_in_a_200_response_to_a_stream) {
  request_.delivery = Delivery::streaming;
  transport_->expect(
      {.headers = {{"content-type", "application/json"}},
       .body = {
           R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})"}});

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(response.error().service_code, "UnknownOperationException");
}

TEST_P(PipelineTest, limits_the_first_byte_of_streams_only) {
  transport_->expect(success());
  ASSERT_TRUE(send());
  request_.delivery = Delivery::streaming;
  transport_->expect({.headers = {{"content-type", "application/vnd.amazon.eventstream"}}});
  ASSERT_TRUE(send());

  const auto requests = transport_->requests();
  EXPECT_FALSE(requests[0].limits.first_byte);
  EXPECT_EQ(requests[1].limits.first_byte, milliseconds(300'000));
  EXPECT_FALSE(requests[1].limits.total);
}

TEST_P(PipelineTest, keeps_secrets_out_of_its_errors) {
  transport_->expect(refusal(
      403, "InvalidSignatureException",
      R"({"message":"The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\n/x\n\nx-amz-security-token:tok\n'"})"));

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message.find("tok:"), std::string::npos);
  EXPECT_EQ(response.error().message.find("x-amz-security-token"), std::string::npos);
  EXPECT_EQ(response.error().message.find("shh"), std::string::npos);
}

TEST_P(PipelineTest, refuses_a_response_over_the_limit) {
  const std::string megabyte(1024 * 1024, 'x');
  transport_->expect({.body = std::vector<std::string>(65, megabyte)});

  const Result<Response> response = send();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::model_error);
  EXPECT_EQ(response.error().message, "InvokeModel: The response is larger than 67108864 bytes.");
}

INSTANTIATE_TEST_SUITE_P(Drivers, PipelineTest,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);

}  // namespace
}  // namespace llm::bedrock
