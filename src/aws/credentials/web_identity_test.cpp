#include <gtest/gtest.h>

#include <ostream>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/row_name.hpp"
#include "tests/support/sts_responses.hpp"

namespace llm::aws {
namespace {

using test_support::all_text;
using test_support::body;
using test_support::CredentialFixture;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;
using test_support::sts_error;

std::string sts_credentials() {
  return test_support::sts_credentials("AssumeRoleWithWebIdentity", kMarker);
}

struct WebIdentityFixture : CredentialFixture {
  WebIdentityFixture() { system->set_file("/var/token", "M4RK3R-secret.jwt\n"); }
  [[nodiscard]] ProviderPtr source() const { return web_identity_source(context, settings); }

  WebIdentitySettings settings{.token_file = "/var/token",
                               .role_arn = "arn:aws:iam::123456789012:role/app",
                               .session_name = "build+1",
                               .source = "environment"};
};

TEST(WebIdentity, calls_sts_unsigned_with_the_token_of_the_file) {
  WebIdentityFixture fixture;
  fixture.respond(200, sts_credentials());

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(credentials.session_token, Secret(std::string(kMarker) + "-token"));
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T04:04:05Z"));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.source,
            "web identity (environment), role arn:aws:iam::123456789012:role/app");
  const HttpRequest request = fixture.request(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(header(request, "host"), "sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(header(request, "content-type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_EQ(body(request),
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fapp"
            "&RoleSessionName=build%2B1&WebIdentityToken=M4RK3R-secret.jwt");
}

TEST(WebIdentity, reads_the_file_at_each_lookup) {
  WebIdentityFixture fixture;
  fixture.respond(200, sts_credentials());
  fixture.respond(200, sts_credentials());
  const ProviderPtr source = fixture.source();

  static_cast<void>(found(source));
  fixture.system->set_file("/var/token", "renewed");
  static_cast<void>(found(source));

  EXPECT_TRUE(body(fixture.request(1)).ends_with("&WebIdentityToken=renewed"));
}

TEST(WebIdentity, generates_a_session_name) {
  WebIdentityFixture fixture;
  fixture.settings.session_name.clear();
  fixture.respond(200, sts_credentials());

  static_cast<void>(found(fixture.source()));

  EXPECT_NE(body(fixture.request(0)).find("&RoleSessionName=llm-bedrock-1767323045000&"),
            std::string::npos);
}

struct EndpointCase {
  std::string region;
  EndpointVariant variant;
  std::string configured;
  std::string url;
};

TEST(WebIdentity, asks_the_endpoint_of_the_region_and_variant_or_the_configured_one) {
  const std::vector<EndpointCase> cases = {
      {"us-east-1", {}, "", "https://sts.us-east-1.amazonaws.com/"},
      {"cn-north-1", {}, "", "https://sts.cn-north-1.amazonaws.com.cn/"},
      {"us-gov-west-1", {}, "", "https://sts.us-gov-west-1.amazonaws.com/"},
      {"us-east-1", {.fips = true}, "", "https://sts-fips.us-east-1.amazonaws.com/"},
      {"eu-west-1", {.dual_stack = true}, "", "https://sts.eu-west-1.api.aws/"},
      {"eu-west-1", {}, "http://127.0.0.1:4566/sts/", "http://127.0.0.1:4566/sts/"},
  };

  for (const EndpointCase& row : cases) {
    WebIdentityFixture fixture;
    fixture.context.region = row.region;
    fixture.context.variant = row.variant;
    if (!row.configured.empty()) fixture.system->set_env("AWS_ENDPOINT_URL_STS", row.configured);
    fixture.respond(200, sts_credentials());

    static_cast<void>(found(fixture.source()));

    ASSERT_EQ(fixture.request_count(), 1U) << row.url;
    EXPECT_EQ(fixture.request(0).url, row.url);
  }
}

TEST(WebIdentity, asks_again_when_the_identity_provider_or_sts_has_trouble) {
  WebIdentityFixture fixture;
  fixture.respond(400, sts_error("IDPCommunicationError", "cannot reach"));
  fixture.respond(503, "");
  fixture.respond(200, sts_credentials());

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

struct Refusal {
  std::string name;
  int status = 400;
  std::string body;
  ErrorCode code = ErrorCode::authentication_error;
  std::string expected;
  std::size_t requests = 1;
};

std::vector<Refusal> refusals() {
  const std::string marker(kMarker);
  return {
      {"denied", 403, sts_error("AccessDenied", "Not authorized"), ErrorCode::authentication_error,
       "(AccessDenied): Not authorized.\nAllow"},
      {"expired", 400, sts_error("ExpiredTokenException", "Token expired"),
       ErrorCode::authentication_error, "still being renewed"},
      {"foreign", 400, sts_error("InvalidIdentityToken", "No &lt;provider&gt; &amp; such"),
       ErrorCode::authentication_error, "No <provider> & such"},
      {"quotes the token", 400, sts_error("InvalidIdentityToken", "bad " + marker + ".jwt"),
       ErrorCode::authentication_error, "status 400"},
      {"throttled", 400, sts_error("Throttling", "Rate exceeded"), ErrorCode::rate_limit_error,
       "Throttling", 3},
      {"down", 503, sts_error("ServiceUnavailable", ""), ErrorCode::server_error, "503", 3},
      {"provider unreachable", 400, sts_error("IDPCommunicationError", "x"),
       ErrorCode::authentication_error, "identity provider", 3},
      {"html", 403, "<html>" + marker + "</html>", ErrorCode::authentication_error, "403"},
      {"doctype", 400, "<!DOCTYPE x>" + sts_error("A", "b"), ErrorCode::authentication_error,
       "400"},
      {"redirect", 307, marker, ErrorCode::authentication_error, "redirect"},
      {"huge", 200, std::string(70'000, 'x'), ErrorCode::authentication_error, "64 KiB"},
      {"garbage", 200, marker, ErrorCode::authentication_error, "XML"},
      {"no credentials", 200, "<AResponse><AResult><Credentials/></AResult></AResponse>",
       ErrorCode::authentication_error, "lacks"},
      {"no time", 200, test_support::sts_credentials("A", marker, marker),
       ErrorCode::authentication_error, "Expiration"},
  };
}

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class WebIdentityRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(WebIdentityRefusalTest, names_the_refusal_of_sts_and_nothing_of_the_token) {
  const Refusal& row = GetParam();
  WebIdentityFixture fixture;
  for (int i = 0; i < 3; ++i) fixture.respond(row.status, row.body);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
  EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
      << row.name << ": " << error.message;
  EXPECT_NE(error.message.find("role/app"), std::string::npos) << row.name;
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
  EXPECT_EQ(fixture.request_count(), row.requests) << row.name;
}

INSTANTIATE_TEST_SUITE_P(Responses, WebIdentityRefusalTest, ::testing::ValuesIn(refusals()),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(WebIdentity, keeps_the_code_and_request_id_of_sts) {
  WebIdentityFixture fixture;
  fixture.respond(403, sts_error("AccessDenied", "no"));

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.service_code, "AccessDenied");
  EXPECT_EQ(error.request_id, "request-9");
  EXPECT_EQ(error.status_code, 403);
  EXPECT_EQ(error.attempts, 1);
  EXPECT_FALSE(error.retryable);
}

TEST(WebIdentity, fails_before_any_request_when_something_is_missing_or_malformed) {
  struct Row {
    std::string name;
    void (*spoil)(WebIdentityFixture&);
    ErrorCode code;
  };
  const std::vector<Row> cases = {
      {"no role", [](WebIdentityFixture& w) { w.settings.role_arn.clear(); },
       ErrorCode::configuration_error},
      {"no arn", [](WebIdentityFixture& w) { w.settings.role_arn = "app"; },
       ErrorCode::configuration_error},
      {"session name", [](WebIdentityFixture& w) { w.settings.session_name = "a b"; },
       ErrorCode::configuration_error},
      {"short session name", [](WebIdentityFixture& w) { w.settings.session_name = "a"; },
       ErrorCode::configuration_error},
      {"long session name",
       [](WebIdentityFixture& w) { w.settings.session_name = std::string(65, 'a'); },
       ErrorCode::configuration_error},
      {"no file", [](WebIdentityFixture& w) { w.system->remove_file("/var/token"); },
       ErrorCode::authentication_error},
      {"empty file", [](WebIdentityFixture& w) { w.system->set_file("/var/token", "\n"); },
       ErrorCode::authentication_error},
      {"huge file",
       [](WebIdentityFixture& w) { w.system->set_file("/var/token", std::string(70'000, 'x')); },
       ErrorCode::configuration_error},
      {"region", [](WebIdentityFixture& w) { w.context.region = "x@evil.example/"; },
       ErrorCode::configuration_error},
  };

  for (const Row& row : cases) {
    WebIdentityFixture fixture;
    row.spoil(fixture);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_EQ(fixture.request_count(), 0U) << row.name;
  }
}

}  // namespace
}  // namespace llm::aws
