#include "local/frontend/authentication.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A request as the AWS SDK for JavaScript 3.1164.0 signed it, recomputed by hand.
Request sdk_request() {
  Request request{.method = "POST"};
  request.target =
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F"
      "us.anthropic.claude-3-haiku-20240307-v1%3A0/converse";
  request.body = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})";
  request.headers = {
      {"content-type", "application/json"},
      {"content-length", "56"},
      {"x-amz-user-agent", "aws-sdk-js/3.1163.0"},
      {"user-agent", "aws-sdk-js/3.1163.0 ua/2.1"},
      {"host", "127.0.0.1:44299"},
      {"amz-sdk-invocation-id", "8791e04b-d2f3-4ef6-8d36-6f71c2702640"},
      {"amz-sdk-request", "attempt=1; max=1"},
      {"x-amz-date", "20261122T152202Z"},
      {"x-amz-security-token", "tok"},
      {"x-amz-content-sha256", "c3335e07d6e89650bf94cb98664be69f8774dbc3198df221f113db0a59ea14f0"},
      {"authorization",
       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/bedrock/aws4_request, "
       "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
       "x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-user-agent, "
       "Signature=c8616b9afe2dafe6da308cb7f3d80b185068a22d8ae0120760a5711610662200"}};
  return request;
}

ServerOptions sdk_options() {
  ServerOptions options;
  options.credentials = {
      {"AKIDEXAMPLE", Secret(std::string("secret")), Secret(std::string("tok"))}};
  return options;
}

std::string& value_of(Request& request, std::string_view name) {
  for (HttpHeader& header : request.headers) {
    if (header.name == name) return header.value;
  }
  throw std::logic_error("no such header");
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  text.replace(text.find(from), from.size(), to);
}

TEST(Authentication, accepts_what_the_javascript_sdk_signed) {
  const Checked<Principal> principal = authenticate(sdk_request(), sdk_options(), test::now());

  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->signed_region, "us-east-1");
}

TEST(Authentication, refuses_a_signature_for_another_service) {
  const Checked<Principal> principal =
      authenticate(sdk_request(), sdk_options(), test::now(), "bedrock-mantle");

  ASSERT_FALSE(principal);
  EXPECT_EQ(principal.error().message,
            "Credential should be scoped to correct service: 'bedrock-mantle'. ");
}

TEST(Authentication, accepts_a_signed_authority_in_place_of_the_host) {
  Request request = test::model_request(test::kHaiku, "invoke", "{}");
  request.headers[0] = {":authority", "127.0.0.1"};
  test::sign(request, {});
  request.headers.push_back({"host", "127.0.0.1"});

  EXPECT_TRUE(authenticate(request, {}, test::now()));
  value_of(request, ":authority") = "127.0.0.2";
  EXPECT_FALSE(authenticate(request, {}, test::now()));
}

TEST(Authentication, refuses_a_request_that_was_changed_after_signing) {
  const std::vector<std::pair<std::string_view, std::function<void(Request&)>>> changes{
      {"method", [](Request& r) { r.method = "PUT"; }},
      {"path", [](Request& r) { replace(r.target, "converse", "invoke"); }},
      {"raw colon", [](Request& r) { replace(r.target, "v1%3A0", "v1:1"); }},
      {"query", [](Request& r) { r.target += "?a=1"; }},
      {"body", [](Request& r) { replace(r.body, "hi", "ho"); }},
      {"content-type", [](Request& r) { value_of(r, "content-type") = "text/plain"; }},
      {"host", [](Request& r) { value_of(r, "host") = "127.0.0.1"; }},
      {"date", [](Request& r) { value_of(r, "x-amz-date") = "20261122T152203Z"; }},
      {"second value", [](Request& r) { r.headers.push_back({"x-amz-user-agent", "other"}); }},
      {"signature", [](Request& r) { replace(value_of(r, "authorization"), "c8616b", "c8616c"); }},
      {"signed headers",
       [](Request& r) { replace(value_of(r, "authorization"), "content-length;", ""); }},
  };
  for (const auto& [what, change] : changes) {
    Request request = sdk_request();
    change(request);

    const Checked<Principal> principal = authenticate(request, sdk_options(), test::now());

    ASSERT_FALSE(principal) << what;
    EXPECT_EQ(principal.error().name, "InvalidSignatureException") << what;
    EXPECT_THAT(principal.error().message,
                StartsWith("The request signature we calculated does not match the signature you "
                           "provided. Check your AWS Secret Access Key and signing method. Consult "
                           "the service documentation for details."))
        << what;
  }
}

TEST(Authentication, shows_the_canonical_request_when_the_signature_is_wrong) {
  Request request = sdk_request();
  replace(request.body, "hi", "ho");

  const Checked<Principal> principal = authenticate(request, sdk_options(), test::now());

  ASSERT_FALSE(principal);
  EXPECT_THAT(principal.error().message,
              HasSubstr("\n\nThe Canonical String for this request should have been\n'POST\n"
                        "/model/arn%253Aaws%253Abedrock%253Aus-east-1%253A123456789012%253A"
                        "inference-profile%252Fus.anthropic.claude-3-haiku-20240307-v1%253A0/"
                        "converse\n\namz-sdk-invocation-id:"));
  EXPECT_THAT(principal.error().message,
              HasSubstr("'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n"
                        "20261122T152202Z\n20261122/us-east-1/bedrock/aws4_request\n"));
}

/// A request with one fault, and its refusal.
struct Row {
  std::string_view name;
  std::function<void(Request&, test::Signer&)> before_signing;
  std::function<void(Request&)> after_signing;
  int status;
  std::string_view exception;
  std::string_view message;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

void nothing_before(Request&, test::Signer&) {}
void nothing_after(Request&) {}

std::string& authorization_of(Request& request) { return value_of(request, "Authorization"); }

std::vector<Row> refusals() {
  return {
      {"no_authorization", nothing_before, [](Request& r) { r.headers.pop_back(); }, 403,
       "MissingAuthenticationTokenException", "Missing Authentication Token"},
      {"another_scheme", nothing_before, [](Request& r) { authorization_of(r) = "Basic eDp5"; },
       403, "MissingAuthenticationTokenException", "Missing Authentication Token"},
      {"algorithm_only", nothing_before,
       [](Request& r) { authorization_of(r) = "AWS4-HMAC-SHA256 x"; }, 400,
       "IncompleteSignatureException",
       "Authorization header requires 'Credential' parameter. Authorization header requires "
       "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
       "Authorization=AWS4-HMAC-SHA256 x"},
      {"no_date", nothing_before,
       [](Request& r) {
         std::erase_if(r.headers, [](const HttpHeader& h) { return h.name == "X-Amz-Date"; });
       },
       400, "IncompleteSignatureException",
       "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
       "Authorization=AWS4-HMAC-SHA256 Credential="},
      {"four_parts", nothing_before,
       [](Request& r) { replace(authorization_of(r), "/bedrock/", "/"); }, 400,
       "IncompleteSignatureException",
       "Credential must have exactly 5 slash-delimited elements, e.g. "
       "keyid/date/region/service/term, got 'local/20261122/us-east-1/aws4_request'"},
      {"another_date_format", nothing_before,
       [](Request& r) { value_of(r, "X-Amz-Date") = "2026-11-22"; }, 400,
       "IncompleteSignatureException",
       "Date must be in ISO-8601 'basic format'. Got '2026-11-22'."},
      {"unknown_access_key_id", [](Request&, test::Signer& s) { s.access_key_id = "AKIA"; },
       nothing_after, 403, "UnrecognizedClientException",
       "The security token included in the request is invalid."},
      {"session_token_of_other_credentials",
       [](Request&, test::Signer& s) { s.session_token = "t"; }, nothing_after, 403,
       "UnrecognizedClientException", "The security token included in the request is invalid."},
      {"another_service", [](Request&, test::Signer& s) { s.service = "bedrock-runtime"; },
       nothing_after, 403, "InvalidSignatureException",
       "Credential should be scoped to correct service: 'bedrock'."},
      {"no_region", [](Request&, test::Signer& s) { s.region = "nowhere"; }, nothing_after, 403,
       "InvalidSignatureException", "Credential should be scoped to a valid region."},
      {"another_terminator", nothing_before,
       [](Request& r) { replace(authorization_of(r), "aws4_request", "aws5_request"); }, 403,
       "InvalidSignatureException", "Credential should be scoped with a valid terminator"},
      {"another_day_in_the_scope", nothing_before,
       [](Request& r) { replace(authorization_of(r), "20261122", "20261121"); }, 403,
       "InvalidSignatureException",
       "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
       "'20261121' != '20261122', from '20261122T152202Z'."},
      {"too_old", [](Request&, test::Signer& s) { s.date = "20261122T151701Z"; }, nothing_after,
       403, "InvalidSignatureException",
       "Signature expired: 20261122T151701Z is now earlier than 20261122T151702Z "
       "(20261122T152202Z - 5 min.)"},
      {"too_new", [](Request&, test::Signer& s) { s.date = "20261122T152703Z"; }, nothing_after,
       403, "InvalidSignatureException",
       "Signature not yet current: 20261122T152703Z is still later than 20261122T152702Z "
       "(20261122T152202Z + 5 min.)"},
      {"host_not_signed", nothing_before,
       [](Request& r) { replace(authorization_of(r), "host;", ""); }, 403,
       "InvalidSignatureException",
       "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
      {"authority_signed_without_the_header", nothing_before,
       [](Request& r) { replace(authorization_of(r), "host;", ":authority;"); }, 403,
       "InvalidSignatureException",
       "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
      {"date_not_signed", nothing_before,
       [](Request& r) { replace(authorization_of(r), ";x-amz-date", ""); }, 403,
       "InvalidSignatureException",
       "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization."},
      {"wrong_secret", [](Request&, test::Signer& s) { s.secret = "other"; }, nothing_after, 403,
       "InvalidSignatureException", "The request signature we calculated does not match"},
  };
}

class AuthenticationRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(AuthenticationRefusals, are_in_the_words_of_aws) {
  const Row& row = GetParam();
  Request request = test::model_request(test::kHaiku, "invoke", "{}");
  test::Signer signer;
  row.before_signing(request, signer);
  test::sign(request, signer);
  row.after_signing(request);

  const Checked<Principal> principal = authenticate(request, {}, test::now());

  ASSERT_FALSE(principal);
  EXPECT_EQ(principal.error().status, row.status);
  EXPECT_EQ(principal.error().name, row.exception);
  EXPECT_THAT(principal.error().message, StartsWith(row.message));
  EXPECT_EQ(principal.error().layer, Layer::front_end);
}

INSTANTIATE_TEST_SUITE_P(, AuthenticationRefusals, ::testing::ValuesIn(refusals()),
                         test::RowName{});

TEST(Authentication, accepts_a_clock_that_is_five_minutes_off) {
  for (const std::string_view date : {"20261122T151702Z", "20261122T152702Z"}) {
    Request request = test::model_request(test::kHaiku, "invoke", "{}");
    test::sign(request, {.date = std::string(date)});

    EXPECT_TRUE(authenticate(request, {}, test::now())) << date;
  }
}

TEST(Authentication, requires_the_session_token_of_the_credentials) {
  ServerOptions options;
  options.credentials[0].session_token = Secret(std::string("session"));
  Request with = test::model_request(test::kHaiku, "invoke", "{}");
  test::sign(with, {.session_token = "session"});
  Request without = test::model_request(test::kHaiku, "invoke", "{}");
  test::sign(without, {});

  EXPECT_TRUE(authenticate(with, options, test::now()));
  EXPECT_EQ(authenticate(without, options, test::now()).error().name,
            "UnrecognizedClientException");
}

TEST(Authentication, accepts_only_the_configured_region) {
  ServerOptions options;
  options.region = "eu-west-1";
  Request request = test::model_request(test::kHaiku, "invoke", "{}");
  test::sign(request, {});

  const Checked<Principal> principal = authenticate(request, options, test::now());

  ASSERT_FALSE(principal);
  EXPECT_THAT(principal.error().message,
              StartsWith("Credential should be scoped to a valid region."));
}

TEST(Authentication, checks_api_keys) {
  ServerOptions options;
  options.api_keys = {Secret(std::string("ABSKright"))};
  const std::vector<std::pair<std::string, std::string_view>> cases{
      {"Bearer ABSKright", ""},
      {"Bearer ABSKwrong", "Authentication failed: Please make sure your API Key is valid."},
      {"Bearer bedrock-api-key-x",
       "Authentication failed: Please make sure your API Key is valid."},
      {"Bearer secret", "Invalid API Key format: Must start with pre-defined prefix"},
  };
  for (const auto& [authorization, message] : cases) {
    Request request = test::model_request(test::kHaiku, "invoke", "{}");
    request.headers.push_back({"Authorization", authorization});

    const Checked<Principal> principal = authenticate(request, options, test::now());

    ASSERT_EQ(principal.has_value(), message.empty()) << authorization;
    if (principal) continue;
    EXPECT_EQ(principal.error().message, message);
    EXPECT_EQ(principal.error().status, 403);
    EXPECT_EQ(principal.error().layer, Layer::api_key);
  }
}

TEST(Authentication, accepts_everything_when_it_is_switched_off) {
  ServerOptions options;
  options.verify_signatures = false;

  EXPECT_TRUE(
      authenticate(test::model_request(test::kHaiku, "invoke", "{}"), options, test::now()));
}

}  // namespace
}  // namespace llm::local
