#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/scripted_provider.hpp"
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

std::string sts_credentials() { return test_support::sts_credentials("AssumeRole", kMarker); }

struct RoleFixture : CredentialFixture {
  [[nodiscard]] ProviderPtr source() const {
    return assume_role_source(context, settings, provider_of("base", base));
  }

  AssumeRoleSettings settings{.role_arn = "arn:aws:iam::123456789012:role/app",
                              .session_name = "me@example.com",
                              .source = "profile \"dev\""};
  Result<CredentialsLookup> base = Credentials{.access_key_id = "AKIABASE",
                                               .secret_access_key = Secret("base-M4RK3R-secret"),
                                               .session_token = Secret("session-M4RK3R-secret"),
                                               .source = "environment"};
};

TEST(AssumeRole, calls_sts_signed_with_the_base_credentials) {
  RoleFixture fixture;
  fixture.respond(200, sts_credentials());

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(
      credentials.source,
      "profile \"dev\", role arn:aws:iam::123456789012:role/app with credentials of environment");
  const HttpRequest request = fixture.request(0);
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(body(request),
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fapp"
            "&RoleSessionName=me%40example.com");
  EXPECT_TRUE(header(request, "authorization")
                  .starts_with("AWS4-HMAC-SHA256 "
                               "Credential=AKIABASE/20260102/eu-west-1/sts/aws4_request"))
      << header(request, "authorization");
  EXPECT_EQ(header(request, "x-amz-security-token"), "session-M4RK3R-secret");
  EXPECT_EQ(header(request, "x-amz-date"), "20260102T030405Z");
}

TEST(AssumeRole, sends_duration_and_external_id) {
  RoleFixture fixture;
  fixture.settings.duration = std::chrono::seconds(900);
  fixture.settings.external_id = "partner/1&2";
  fixture.respond(200, sts_credentials());

  static_cast<void>(found(fixture.source()));

  EXPECT_TRUE(
      body(fixture.request(0)).ends_with("&DurationSeconds=900&ExternalId=partner%2F1%262"));
}

TEST(AssumeRole, prompts_for_the_code_of_the_mfa_device) {
  RoleFixture fixture;
  fixture.settings.mfa_serial = "arn:aws:iam::123456789012:mfa/me";
  std::string prompted_for;
  fixture.context.mfa = [&prompted_for](std::string_view serial) -> Result<std::string> {
    prompted_for = serial;
    return "123456";
  };
  fixture.respond(200, sts_credentials());

  static_cast<void>(found(fixture.source()));

  EXPECT_EQ(prompted_for, fixture.settings.mfa_serial);
  EXPECT_TRUE(body(fixture.request(0))
                  .ends_with("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme"
                             "&TokenCode=123456"));
}

TEST(AssumeRole, signs_each_attempt) {
  RoleFixture fixture;
  fixture.respond(503, "");
  fixture.respond(200, sts_credentials());
  // A retry waits at most half of 50 ms here: the clock is moved so that the dates differ.
  fixture.system->on_sleep([&fixture](auto) { fixture.system->advance(std::chrono::seconds(2)); });

  static_cast<void>(found(fixture.source()));

  EXPECT_EQ(header(fixture.request(0), "x-amz-date"), "20260102T030405Z");
  EXPECT_EQ(header(fixture.request(1), "x-amz-date"), "20260102T030407Z");
}

TEST(AssumeRole, fails_before_any_request_when_something_is_wrong) {
  struct Row {
    std::string name;
    void (*spoil)(RoleFixture&);
    ErrorCode code;
    std::string expected;
  };
  const std::vector<Row> cases = {
      {"no arn", [](RoleFixture& w) { w.settings.role_arn = "app"; },
       ErrorCode::configuration_error, "role ARN"},
      {"session name", [](RoleFixture& w) { w.settings.session_name = "a b"; },
       ErrorCode::configuration_error, "session name"},
      {"too short", [](RoleFixture& w) { w.settings.duration = std::chrono::seconds(899); },
       ErrorCode::configuration_error, "899"},
      {"too long", [](RoleFixture& w) { w.settings.duration = std::chrono::seconds(43'201); },
       ErrorCode::configuration_error, "43201"},
      {"nobody to ask", [](RoleFixture& w) { w.settings.mfa_serial = "arn:mfa"; },
       ErrorCode::configuration_error, "mfa_serial"},
      {"bad code",
       [](RoleFixture& w) {
         w.settings.mfa_serial = "arn:mfa";
         w.context.mfa = [](std::string_view) -> Result<std::string> { return "12345x"; };
       },
       ErrorCode::authentication_error, "six digits"},
      {"no base",
       [](RoleFixture& w) { w.base = CredentialsLookup(NotConfigured{"nothing is set"}); },
       ErrorCode::authentication_error, "nothing is set"},
      {"base fails",
       [](RoleFixture& w) {
         w.base = std::unexpected(make_error(ErrorCode::configuration_error, "base broke"));
       },
       ErrorCode::configuration_error, "base broke"},
  };

  for (const Row& row : cases) {
    RoleFixture fixture;
    row.spoil(fixture);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
        << row.name << ": " << error.message;
    EXPECT_EQ(fixture.request_count(), 0U) << row.name;
  }
}

TEST(AssumeRole, never_shows_a_secret) {
  const std::string marker(kMarker);
  for (const std::string& message :
       {"The Canonical String for this request should have been\n'POST\n/\n\n" + marker,
        "token session-" + marker, "secret base-" + marker, "id external-" + marker,
        std::string("code 987654")}) {
    RoleFixture fixture;
    fixture.settings.external_id = "external-" + marker;
    fixture.settings.mfa_serial = "arn:mfa";
    fixture.context.mfa = [](std::string_view) -> Result<std::string> { return "987654"; };
    fixture.respond(403, sts_error("SignatureDoesNotMatch", message));

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(marker), std::string::npos) << all_text(error);
    EXPECT_EQ(all_text(error).find("987654"), std::string::npos) << all_text(error);
    EXPECT_EQ(all_text(error).find("Canonical"), std::string::npos) << all_text(error);
  }
}

TEST(AssumeRole, gives_advice_on_a_refusal_of_sts) {
  RoleFixture fixture;
  fixture.respond(403, sts_error("AccessDenied",
                                 "User: arn:aws:iam::1:user/me is not authorized to perform: "
                                 "sts:AssumeRole on resource: arn:aws:iam::1:role/app"));

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_EQ(error.service_code, "AccessDenied");
  EXPECT_EQ(error.request_id, "request-9");
  EXPECT_NE(error.message.find("user/me is not authorized"), std::string::npos);
  EXPECT_NE(error.advice.find("trust policy"), std::string::npos);
}

}  // namespace
}  // namespace llm::aws
