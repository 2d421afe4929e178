#include "aws/protocol/service_error.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const base::TimePoint kNow = base::parse_rfc3339("2026-11-22T15:00:00Z").value();

HttpResponseHead head(int status, std::vector<HttpHeader> headers = {}) {
  return {.status = status, .headers = std::move(headers)};
}

TEST(ErrorName, is_the_part_after_the_hash_and_before_colon_and_comma) {
  const struct {
    const char* wire;
    const char* name;
  } cases[] = {
      {"ValidationException", "ValidationException"},
      {"ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/",
       "ValidationException"},
      {"aws.protocoltests#FooError", "FooError"},
      {"com.amazon.coral.service#UnknownOperationException:http://a/b#c",
       "UnknownOperationException"},
      {"ThrottlingException,SomethingElse", "ThrottlingException"},
      {"a#FooError:http://x,y", "FooError"},
      {" FooError ", "FooError"},
      {"#", ""},
      {":", ""},
      {"", ""},
  };
  for (const auto& row : cases) EXPECT_EQ(error_name(row.wire), row.name) << row.wire;
}

// Headers and body as Bedrock sends them.
TEST(ServiceError, is_read_from_header_and_body) {
  const HttpResponseHead response =
      head(400, {{"Content-Type", "application/json"},
                 {"x-amzn-RequestId", "de13b7f8-67fb-4ada-a3cf-9bd40805d05b"},
                 {"x-amzn-ErrorType",
                  "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"}});

  const ServiceError error =
      read_json_error(response, R"({"message":"The provided model identifier is invalid."})", kNow);

  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.code, "ValidationException");
  EXPECT_EQ(error.message, "The provided model identifier is invalid.");
  EXPECT_EQ(error.request_id, "de13b7f8-67fb-4ada-a3cf-9bd40805d05b");
  EXPECT_EQ(error.original_status, 0);
  EXPECT_EQ(error.resource_name, "");
  EXPECT_EQ(error.retry_after, std::nullopt);
}

TEST(ServiceError, takes_its_name_from_the_first_place_that_has_one) {
  const struct {
    const char* header;
    const char* body;
    const char* code;
  } cases[] = {
      {"A", R"({"code":"B","__type":"C"})", "A"},
      {"", R"({"code":"B","__type":"C"})", "B"},
      {"", R"({"code":"x#B:y","__type":"C"})", "B"},
      {"", R"({"__type":"ns#C"})", "C"},
      {"", R"({"code":400,"__type":"ns#C"})", "C"},
      {"", R"({"code":"","__type":"C"})", "C"},
      {"", R"({"code":null})", ""},
      {"", R"(["code"])", ""},
      {"", "", ""},
      {"<script>", R"({"code":"B"})", "B"},
      {"", R"({"code":"two words"})", ""},
      {"", R"({"code":"line\nbreak"})", ""},
  };
  for (const auto& row : cases) {
    const auto error =
        read_json_error(head(400, {{"X-Amzn-Errortype", row.header}}), row.body, kNow);

    EXPECT_EQ(error.code, row.code) << row.body;
  }
}

// The first as seen from bedrock-mantle (NousResearch/hermes-agent#87190, #52316); Anthropic's API
// reference.
TEST(ServiceError, is_read_from_the_member_error_of_bedrock_mantle) {
  const struct {
    const char* body;
    const char* code;
    const char* message;
  } cases[] = {
      {R"({"error":{"code":"invalid_api_key","message":"Invalid bearer token","param":null,)"
       R"("type":"invalid_request_error"}})",
       "invalid_api_key", "Invalid bearer token"},
      {R"({"error":{"code":null,"message":"m","type":"rate_limit_error"}})", "rate_limit_error",
       "m"},
      {R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},)"
       R"("request_id":"req_1"})",
       "overloaded_error", "Overloaded"},
      {R"({"error":"text","message":"m"})", "", "m"},
  };
  for (const auto& row : cases) {
    const auto error = read_json_error(head(401), row.body, kNow);

    EXPECT_EQ(error.code, row.code) << row.body;
    EXPECT_EQ(error.message, row.message) << row.body;
  }
}

TEST(ServiceError, has_its_message_in_either_case) {
  const auto message = [](std::string_view body) {
    return read_json_error(head(403), body, kNow).message;
  };

  EXPECT_EQ(message(R"({"message":"a"})"), "a");
  EXPECT_EQ(message(R"({"Message":"Authentication failed"})"), "Authentication failed");
  EXPECT_EQ(message(R"({"Message":"b","message":"a"})"), "a");
  EXPECT_EQ(message(R"({"message":null,"Message":"b"})"), "b");
  EXPECT_EQ(message(R"({"message":5})"), "");
  EXPECT_EQ(message(R"({})"), "");
}

TEST(ServiceError, keeps_the_message_of_the_model) {
  const auto error = read_json_error(
      head(424), R"({"message":"m","originalStatusCode":502,"resourceName":"arn:aws:bedrock:x"})",
      kNow);

  EXPECT_EQ(error.original_status, 502);
  EXPECT_EQ(error.resource_name, "arn:aws:bedrock:x");
}

TEST(ServiceError, ignores_an_invalid_original_status) {
  for (const char* status : {"99", "600", "-1", "\"500\"", "1e30", "500.5", "null"}) {
    const std::string body = R"({"originalStatusCode":)" + std::string(status) + "}";

    EXPECT_EQ(read_json_error(head(424), body, kNow).original_status, 0) << status;
  }
}

TEST(ServiceError, keeps_the_beginning_of_a_body_that_is_not_json) {
  const std::string html =
      "<html>\r\n<title>503 Service Unavailable</title>" + std::string(500, 'x') + "</html>";

  const auto empty = read_json_error(head(502), "", kNow);
  const auto page = read_json_error(head(503), html, kNow);
  const auto cut = read_json_error(head(503), R"({"message":"cut)", kNow);

  EXPECT_EQ(empty.status, 502);
  EXPECT_EQ(empty.message, "");
  EXPECT_THAT(page.message, ::testing::StartsWith("<html>  <title>503 Service Unavailable"));
  EXPECT_LE(page.message.size(), 200U);
  EXPECT_EQ(cut.message, R"({"message":"cut)");
}

TEST(ServiceError, finds_the_request_id_under_each_of_its_names) {
  const auto request_id = [](std::vector<HttpHeader> headers) {
    return read_json_error(head(400, std::move(headers)), "{}", kNow).request_id;
  };

  EXPECT_EQ(request_id({{"X-Amzn-RequestId", "a-1"}}), "a-1");
  EXPECT_EQ(request_id({{"x-amzn-request-id", "b"}}), "b");
  EXPECT_EQ(request_id({{"X-AMZ-REQUEST-ID", "c"}}), "c");
  EXPECT_EQ(request_id({{"x-amz-request-id", "c"}, {"x-amzn-requestid", "a"}}), "a");
  EXPECT_EQ(request_id({{"x-amzn-requestid", ""}, {"x-amz-request-id", "c"}}), "c");
  EXPECT_EQ(request_id({{"x-amzn-requestid", "two words"}}), "");
  EXPECT_EQ(request_id({{"x-amzn-requestid", std::string(129, 'a')}}), "");
  EXPECT_EQ(request_id({}), "");
}

TEST(ServiceError, reads_the_servers_retry_hint) {
  using Hint = std::optional<std::chrono::milliseconds>;
  const struct {
    std::vector<HttpHeader> headers;
    Hint hint;
  } cases[] = {
      {{}, std::nullopt},
      {{{"x-amz-retry-after", "1500"}}, 1500ms},
      {{{"x-amz-retry-after", " 0 "}}, 0ms},
      {{{"Retry-After", "2"}}, 2s},
      {{{"Retry-After", "2"}, {"X-Amz-Retry-After", "1500"}}, 1500ms},
      {{{"Retry-After", "2"}, {"x-amz-retry-after", "soon"}}, 2s},
      {{{"Retry-After", "2"}, {"x-amz-retry-after", "-5"}}, 2s},
      {{{"Retry-After", "Sun, 22 Nov 2026 15:00:30 GMT"}}, 30s},
      {{{"Retry-After", "Sun, 22 Nov 2026 15:00:00 GMT"}}, 0ms},
      {{{"Retry-After", "Sun, 22 Nov 2026 14:59:59 GMT"}}, std::nullopt},
      {{{"Retry-After", "Sun, 22 Nov 2026"}}, std::nullopt},
      {{{"Retry-After", "-2"}}, std::nullopt},
      {{{"Retry-After", "+2"}}, std::nullopt},
      {{{"Retry-After", "2.5"}}, std::nullopt},
      {{{"Retry-After", "2s"}}, std::nullopt},
      {{{"Retry-After", ""}}, std::nullopt},
      {{{"x-amz-retry-after", "99999999999999999999"}}, std::nullopt},
      {{{"Retry-After", "9223372036854775807"}}, std::nullopt},
      {{{"Retry-After", "999999999999999"}}, std::chrono::seconds(999'999'999'999'999)},
  };
  for (const auto& row : cases) {
    const auto error = read_json_error(head(429, row.headers), "", kNow);

    EXPECT_EQ(error.retry_after, row.hint)
        << (row.headers.empty() ? "no header" : row.headers.back().value);
  }
}

TEST(ErrorInSuccess, is_recognised) {
  const auto unknown = read_error_in_success(
      head(200, {{"x-amzn-RequestId", "id"}}),
      R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1"})",
      kNow);
  const auto typed =
      read_error_in_success(head(200), R"({"__type":"ns#FooError","message":"m"})", kNow);
  const auto untyped = read_error_in_success(head(200), R"({"Message":"Bad key"})", kNow);

  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->status, 200);
  EXPECT_EQ(unknown->code, "UnknownOperationException");
  EXPECT_EQ(unknown->request_id, "id");
  ASSERT_TRUE(typed);
  EXPECT_EQ(typed->code, "FooError");
  EXPECT_EQ(typed->message, "m");
  ASSERT_TRUE(untyped);
  EXPECT_EQ(untyped->code, "");
  EXPECT_EQ(untyped->message, "Bad key");
}

TEST(ErrorInSuccess, is_not_found_where_there_is_none) {
  const char* const bodies[] = {"",
                                "<html></html>",
                                "{}",
                                "[]",
                                R"("message")",
                                R"({"Output":{}})",
                                R"({"output":{"message":{"role":"assistant"}}})",
                                R"({"message":{"role":"assistant","content":[]}})",
                                R"({"message":"text","usage":{}})",
                                R"({"__type":5})"};
  for (const char* body : bodies) {
    EXPECT_EQ(read_error_in_success(head(200), body, kNow).has_value(), false) << body;
  }
}

TEST(StreamError, has_the_name_of_the_http_error) {
  const auto error =
      read_stream_error("modelStreamErrorException",
                        R"({"message":"m","originalStatusCode":500,"originalMessage":"o"})", "id");

  EXPECT_EQ(error.status, 0);
  EXPECT_EQ(error.code, "ModelStreamErrorException");
  EXPECT_EQ(error.message, "m");
  EXPECT_EQ(error.original_status, 500);
  EXPECT_EQ(error.request_id, "id");
}

TEST(StreamError, takes_the_text_of_an_error_message) {
  const auto error = read_stream_error("InternalFailure", "Something\nbroke", "");

  EXPECT_EQ(error.code, "InternalFailure");
  EXPECT_EQ(error.message, "Something broke");
}

TEST(StreamError, has_no_name_when_there_is_none) {
  EXPECT_EQ(read_stream_error("", "{}", "").code, "");
  EXPECT_EQ(read_stream_error("\r\n", "{}", "").code, "");
}

// The text that AWS sends for a wrong signature, with what it quotes of the request.
TEST(SafeMessage, never_holds_the_session_token_of_a_quoted_request) {
  const std::string message =
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method.\n\nThe Canonical String for this request should "
      "have been\n'POST\n/model/a%253A0/converse\n\nhost:h\nx-amz-security-token:SESSIONTOKEN\n'"
      "\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261122T150000Z\nSESSIONTOKEN'";

  const std::string safe = safe_message(message);
  const auto error = read_json_error(
      head(403),
      R"({"message":"x.\n\nThe Canonical String for this request should have been\n'SESSIONTOKEN'"})",
      kNow);

  EXPECT_THAT(safe, ::testing::EndsWith("signing method."));
  EXPECT_THAT(safe, Not(HasSubstr("SESSIONTOKEN")));
  EXPECT_EQ(error.message, "x.");
}

TEST(SafeMessage, cuts_every_form_of_a_quoted_request) {
  const struct {
    const char* message;
    const char* safe;
  } cases[] = {
      {"a. The String-to-Sign should have been 'TOKEN'", "a."},
      {"a. THE CANONICAL STRING FOR THIS REQUEST should have been 'TOKEN'", "a."},
      {"a x-amz-security-token:TOKEN", "a"},
      {"Authorization header requires 'Signature' parameter. Authorization=Bearer TOKEN",
       "Authorization header requires 'Signature' parameter."},
      {"'TOKEN' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer "
       "TOKEN'.",
       ""},
      {"Invalid key=value pair (missing equal-sign) in Authorization header: 'Bearer TOKEN'.",
       "Invalid key=value pair (missing equal-sign) in Authorization header:"},
      {"Credential should be scoped to correct service: 'bedrock'.",
       "Credential should be scoped to correct service: 'bedrock'."},
  };
  for (const auto& row : cases) EXPECT_EQ(safe_message(row.message), row.safe);
}

TEST(SafeMessage, is_printable_utf8) {
  const struct {
    std::string message;
    const char* safe;
  } cases[] = {
      {"isn\xe2\x80\x99t supported", "isn\xe2\x80\x99t supported"},
      {"a\r\nb\tc\x1b[31m\x7f!", "a  b c [31m !"},
      {"a\xc2\x85z\xc2\x9bq\xc2\xa0r", "a z q\xc2\xa0r"},
      {std::string("a\0b", 3), "a b"},
      {"  a  ", "a"},
      {"caf\xe9 \xe2\x82", "caf? ??"},
      {"\xc2", "?"},
  };
  for (const auto& row : cases) EXPECT_EQ(safe_message(row.message), row.safe);
}

TEST(SafeMessage, is_at_most_2000_bytes_and_cuts_no_character) {
  std::string message(1999, 'a');
  message += "\xe2\x80\x99 and more";

  EXPECT_EQ(safe_message(message), std::string(1999, 'a'));
  EXPECT_EQ(safe_message(std::string(5000, 'a')).size(), 2000U);
}

TEST(ServiceError, reads_the_refusals_that_were_recorded) {
  const char* const path = std::getenv("BEDROCK_RECORDED");
  if (path == nullptr)
    GTEST_SKIP() << "BEDROCK_RECORDED is not set: 209 recorded exchanges skipped";
  std::ifstream file(path);
  json::Parser parser;
  int refusals = 0;
  for (std::string line; std::getline(file, line);) {
    const auto exchange = parser.parse(line);
    ASSERT_TRUE(exchange);
    const auto status = static_cast<int>((*exchange)["status"].integer().value_or(0));
    if (status < 400) continue;
    ++refusals;
    HttpResponseHead response{.status = status};
    for (const auto& [name, value] : (*exchange)["response_headers"].members()) {
      response.headers.push_back({std::string(name), value.text_or_empty()});
    }

    const auto error = read_json_error(response, (*exchange)["response"].to_text(), kNow);

    EXPECT_NE(error.message, "") << (*exchange)["id"].text_or_empty();
  }
  EXPECT_GT(refusals, 0);
}

}  // namespace
}  // namespace llm::aws
