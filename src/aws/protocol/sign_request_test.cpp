#include "aws/protocol/sign_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

base::TimePoint at(std::string_view text) { return base::parse_compact_iso8601(text).value(); }

Credentials credentials(std::string_view token) {
  return {.access_key_id = "AKID",
          .secret_access_key = Secret("secret"),
          .session_token = Secret(std::string(token))};
}

std::vector<std::string> values_of(const HttpRequest& request, std::string_view name) {
  std::vector<std::string> values;
  for (const HttpHeader& header : request.headers) {
    if (header.name == name) values.push_back(header.value);
  }
  return values;
}

TEST(SignRequest, adds_date_token_host_and_signature) {
  HttpRequest request{
      .url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-v1%3A0/invoke?b=2&a=1",
      .headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"},
                  {"user-agent", "ours"},
                  {"X-Amzn-Trace-Id", "added by proxies"},
                  {"X-Amzn-Bedrock-GuardrailVersion", "DRAFT"},
                  {"amz-sdk-request", "attempt=1; max=3"}},
      .body = std::make_shared<const std::string>("{}")};

  const auto result =
      sign_request(request, credentials("token"), "us-east-1", "bedrock", at("20261122T152202Z"));

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(values_of(request, "host"),
              ::testing::ElementsAre("bedrock-runtime.us-east-1.amazonaws.com"));
  EXPECT_THAT(values_of(request, "x-amz-date"), ::testing::ElementsAre("20261122T152202Z"));
  EXPECT_THAT(values_of(request, "x-amz-security-token"), ::testing::ElementsAre("token"));
  const Signature expected =
      sign({.method = "POST",
            .path = "/model/m-v1%3A0/invoke",
            .query = "a=1&b=2",
            .headers = {{"content-type", "application/json"},
                        {"host", "bedrock-runtime.us-east-1.amazonaws.com"},
                        {"x-amz-date", "20261122T152202Z"},
                        {"x-amz-security-token", "token"},
                        {"x-amzn-bedrock-guardrailversion", "DRAFT"}},
            .payload_sha256 = base::sha256("{}")},
           {.date = "20261122", .region = "us-east-1", .service = "bedrock"}, "AKID", "secret");
  EXPECT_THAT(values_of(request, "authorization"), ::testing::ElementsAre(expected.authorization));
}

TEST(SignRequest, signs_again_when_it_was_signed_before) {
  HttpRequest request{.url = "https://host.example/", .headers = {{"Authorization", "Bearer old"}}};
  ASSERT_TRUE(
      sign_request(request, credentials("old"), "us-east-1", "bedrock", at("20261122T152202Z")));
  HttpRequest fresh{.url = request.url};

  ASSERT_TRUE(
      sign_request(request, credentials(""), "us-east-1", "bedrock", at("20261122T152302Z")));

  ASSERT_TRUE(sign_request(fresh, credentials(""), "us-east-1", "bedrock", at("20261122T152302Z")));
  EXPECT_EQ(request.headers, fresh.headers);
}

TEST(SignRequest, signs_the_host_header_that_is_there) {
  HttpRequest request{.url = "http://127.0.0.1:8080/", .headers = {{"Host", "other.example"}}};

  ASSERT_TRUE(sign_request(request, credentials(""), "r", "s", at("20261122T152202Z")));

  EXPECT_THAT(values_of(request, "host"), ::testing::IsEmpty());
  const Signature expected =
      sign({.method = "POST",
            .path = "/",
            .query = "",
            .headers = {{"host", "other.example"}, {"x-amz-date", "20261122T152202Z"}},
            .payload_sha256 = base::sha256("")},
           {.date = "20261122", .region = "r", .service = "s"}, "AKID", "secret");
  EXPECT_THAT(values_of(request, "authorization"), ::testing::ElementsAre(expected.authorization));
}

TEST(SignRequest, includes_the_port_in_the_host_unless_it_is_the_default) {
  const struct {
    const char* url;
    const char* host;
  } cases[] = {
      {"https://h.example", "h.example"},      {"https://h.example?a=1", "h.example"},
      {"https://h.example:443/", "h.example"}, {"https://h.example:80/", "h.example:80"},
      {"http://h.example:80/", "h.example"},   {"http://127.0.0.1:8080/x", "127.0.0.1:8080"},
      {"http://[::1]:8080/x", "[::1]:8080"},   {"http://[::1]/x", "[::1]"},
  };
  for (const auto& row : cases) {
    HttpRequest request{.url = row.url};

    ASSERT_TRUE(sign_request(request, credentials(""), "r", "s", at("20261122T152202Z")));

    EXPECT_THAT(values_of(request, "host"), ::testing::ElementsAre(row.host)) << row.url;
  }
}

TEST(SignRequest, refuses_invalid_urls) {
  const char* const urls[] = {"",
                              "host.example/",
                              "ftp://host.example/",
                              "https://",
                              "https:///path",
                              "https://:443/",
                              "https://user:password@host.example/",
                              "https://host.example/#fragment",
                              "https://host.example/a b",
                              "https://host.example/a\r\nX: y",
                              "https://host.example/\xc3\xa4"};
  for (const char* url : urls) {
    HttpRequest request{.url = url, .headers = {{"a", "b"}}};

    const auto result =
        sign_request(request, credentials("token"), "r", "s", at("20261122T152202Z"));

    ASSERT_FALSE(result) << url;
    EXPECT_EQ(result.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(result.error().message, Not(HasSubstr("password")));
    EXPECT_EQ(request.headers.size(), 1U);
  }
}

TEST(SignRequest, refuses_control_bytes_without_naming_a_value) {
  HttpRequest plain{.url = "https://host.example/"};
  HttpRequest injected = plain;
  injected.headers = {{"x-amzn-bedrock-trace", "confidential\r\nx-injected: yes"}};
  Credentials bad_id = credentials("");
  bad_id.access_key_id = "AKID\n";

  const auto bad_header = sign_request(injected, credentials(""), "r", "s", at("20261122T152202Z"));
  const auto bad_token =
      sign_request(plain, credentials("confidential\n"), "r", "s", at("20261122T152202Z"));
  const auto bad_key = sign_request(plain, bad_id, "r", "s", at("20261122T152202Z"));

  ASSERT_FALSE(bad_header);
  EXPECT_EQ(bad_header.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(bad_header.error().message, HasSubstr("x-amzn-bedrock-trace"));
  EXPECT_THAT(bad_header.error().message, Not(HasSubstr("confidential")));
  ASSERT_FALSE(bad_token);
  EXPECT_THAT(bad_token.error().message, HasSubstr("x-amz-security-token"));
  EXPECT_THAT(bad_token.error().message, Not(HasSubstr("confidential")));
  ASSERT_FALSE(bad_key);
  EXPECT_THAT(plain.headers, ::testing::IsEmpty());
}

TEST(CheckHeaders, accepts_only_tokens_and_printable_values) {
  const struct {
    HttpHeader header;
    bool good;
  } cases[] = {
      {{"x-amz-date", "20150830T123600Z"}, true},
      {{"X_a!#$%&'*+.^`|~9", ""}, true},
      {{"a", "a b;\"c\" \xc3\xa4"}, true},
      {{"", "a"}, false},
      {{"a b", "a"}, false},
      {{"a:", "a"}, false},
      {{"a\r", "a"}, false},
      {{"\xc3\xa4", "a"}, false},
      {{"a", "a\rb"}, false},
      {{"a", "a\nb"}, false},
      {{"a", "a\tb"}, false},
      {{"a", "\x1f"}, false},
      {{"a", "\x7f"}, false},
      {{"a", std::string(1, '\0')}, false},
  };
  for (const auto& row : cases) {
    const auto result = check_headers({{"before", "fine"}, row.header});

    EXPECT_EQ(result.has_value(), row.good) << ::testing::PrintToString(row.header.value);
  }
}

}  // namespace
}  // namespace llm::aws
