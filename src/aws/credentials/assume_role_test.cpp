#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/credential_world.hpp"
#include "tests/support/scripted_provider.hpp"
#include "tests/support/sts_responses.hpp"

namespace llm::aws {
namespace {

using test_support::all_text;
using test_support::body;
using test_support::CredentialWorld;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;
using test_support::sts_error;

std::string sts_keys() { return test_support::sts_keys("AssumeRole", kMarker); }

struct RoleWorld : CredentialWorld {
  [[nodiscard]] ProviderPtr source() const {
    return assume_role_source(context, settings, provider_of("base", base));
  }

  AssumeRoleSettings settings{.role_arn = "arn:aws:iam::123456789012:role/app",
                              .session_name = "me@example.com",
                              .origin = "profile \"dev\""};
  Result<CredentialsLookup> base = Credentials{.access_key_id = "AKIABASE",
                                               .secret_access_key = Secret("base-M4RK3R-secret"),
                                               .session_token = Secret("session-M4RK3R-secret"),
                                               .source = "environment"};
};

TEST(AssumeRole, asks_sts_signed_with_the_base_keys) {
  RoleWorld world;
  world.answer(200, sts_keys());

  const Credentials keys = found(world.source());

  EXPECT_EQ(keys.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys.account_id, "123456789012");
  EXPECT_EQ(keys.source,
            "profile \"dev\", role arn:aws:iam::123456789012:role/app with keys of environment");
  const HttpRequest request = world.request(0);
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
  RoleWorld world;
  world.settings.duration = std::chrono::seconds(900);
  world.settings.external_id = "partner/1&2";
  world.answer(200, sts_keys());

  static_cast<void>(found(world.source()));

  EXPECT_TRUE(body(world.request(0)).ends_with("&DurationSeconds=900&ExternalId=partner%2F1%262"));
}

TEST(AssumeRole, asks_a_person_for_the_code_of_the_device) {
  RoleWorld world;
  world.settings.mfa_serial = "arn:aws:iam::123456789012:mfa/me";
  std::string asked;
  world.context.mfa = [&asked](std::string_view serial) -> Result<std::string> {
    asked = serial;
    return "123456";
  };
  world.answer(200, sts_keys());

  static_cast<void>(found(world.source()));

  EXPECT_EQ(asked, world.settings.mfa_serial);
  EXPECT_TRUE(body(world.request(0))
                  .ends_with("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme"
                             "&TokenCode=123456"));
}

TEST(AssumeRole, signs_each_attempt_anew) {
  RoleWorld world;
  world.answer(503, "");
  world.answer(200, sts_keys());
  // A retry waits at most half of 50 ms here: the clock is moved so that the dates differ.
  world.system->on_sleep([&world](auto) { world.system->advance(std::chrono::seconds(2)); });

  static_cast<void>(found(world.source()));

  EXPECT_EQ(header(world.request(0), "x-amz-date"), "20260102T030405Z");
  EXPECT_EQ(header(world.request(1), "x-amz-date"), "20260102T030407Z");
}

TEST(AssumeRole, fails_before_any_request_when_something_is_wrong) {
  struct Row {
    std::string name;
    void (*spoil)(RoleWorld&);
    ErrorCode code;
    std::string says;
  };
  const std::vector<Row> cases = {
      {"no arn", [](RoleWorld& w) { w.settings.role_arn = "app"; }, ErrorCode::configuration_error,
       "role ARN"},
      {"session name", [](RoleWorld& w) { w.settings.session_name = "a b"; },
       ErrorCode::configuration_error, "session name"},
      {"too short", [](RoleWorld& w) { w.settings.duration = std::chrono::seconds(899); },
       ErrorCode::configuration_error, "899"},
      {"too long", [](RoleWorld& w) { w.settings.duration = std::chrono::seconds(43'201); },
       ErrorCode::configuration_error, "43201"},
      {"nobody to ask", [](RoleWorld& w) { w.settings.mfa_serial = "arn:mfa"; },
       ErrorCode::configuration_error, "mfa_serial"},
      {"bad code",
       [](RoleWorld& w) {
         w.settings.mfa_serial = "arn:mfa";
         w.context.mfa = [](std::string_view) -> Result<std::string> { return "12345x"; };
       },
       ErrorCode::authentication_error, "six digits"},
      {"no base", [](RoleWorld& w) { w.base = CredentialsLookup(NotConfigured{"nothing is set"}); },
       ErrorCode::authentication_error, "nothing is set"},
      {"base fails",
       [](RoleWorld& w) {
         w.base = std::unexpected(make_error(ErrorCode::configuration_error, "base broke"));
       },
       ErrorCode::configuration_error, "base broke"},
  };

  for (const Row& row : cases) {
    RoleWorld world;
    row.spoil(world);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_NE(error.message.find(row.says), std::string::npos) << row.name << ": " << error.message;
    EXPECT_EQ(world.request_count(), 0U) << row.name;
  }
}

TEST(AssumeRole, never_says_a_secret) {
  const std::string marker(kMarker);
  for (const std::string& message :
       {"The Canonical String for this request should have been\n'POST\n/\n\n" + marker,
        "token session-" + marker, "secret base-" + marker, "id external-" + marker,
        std::string("code 987654")}) {
    RoleWorld world;
    world.settings.external_id = "external-" + marker;
    world.settings.mfa_serial = "arn:mfa";
    world.context.mfa = [](std::string_view) -> Result<std::string> { return "987654"; };
    world.answer(403, sts_error("SignatureDoesNotMatch", message));

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(marker), std::string::npos) << all_text(error);
    EXPECT_EQ(all_text(error).find("987654"), std::string::npos) << all_text(error);
    EXPECT_EQ(all_text(error).find("Canonical"), std::string::npos) << all_text(error);
  }
}

TEST(AssumeRole, advises_on_what_sts_refused) {
  RoleWorld world;
  world.answer(403, sts_error("AccessDenied",
                              "User: arn:aws:iam::1:user/me is not authorized to perform: "
                              "sts:AssumeRole on resource: arn:aws:iam::1:role/app"));

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_EQ(error.service_code, "AccessDenied");
  EXPECT_EQ(error.request_id, "request-9");
  EXPECT_NE(error.message.find("user/me is not authorized"), std::string::npos);
  EXPECT_NE(error.message.find("trust policy"), std::string::npos);
}

}  // namespace
}  // namespace llm::aws
