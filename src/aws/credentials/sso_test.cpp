#include <gtest/gtest.h>

#include <ostream>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/row_name.hpp"

namespace llm::aws {
namespace {

using test_support::all_text;
using test_support::body;
using test_support::CredentialFixture;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;

// SHA-1 of `corp` and of the start URL below.
constexpr std::string_view kSessionCache =
    "/home/u/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
constexpr std::string_view kLegacyCache =
    "/home/u/.aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json";

constexpr std::string_view kCredentials =
    R"({"roleCredentials":{"accessKeyId":"ASIAEXAMPLE","secretAccessKey":"M4RK3R-secret",)"
    R"("sessionToken":"M4RK3R-secret-token","expiration":1767326645000}})";

std::string cache(std::string_view expires_at,
                  std::string_view registration = "2026-03-01T00:00:00Z") {
  return R"({"startUrl":"https://example.awsapps.com/start","region":"eu-central-1",)"
         R"("ACCESSTOKEN":"M4RK3R-secret-access","expiresAt":")" +
         std::string(expires_at) +
         R"(","clientId":"client","clientSecret":"M4RK3R-secret-client",)"
         R"("registrationExpiresAt":")" +
         std::string(registration) +
         R"(","refreshToken":"M4RK3R-secret-refresh","scopes":["sso:account:access"]})";
}

struct SsoFixture : CredentialFixture {
  SsoFixture() { keep("2026-01-02T09:00:00Z"); }
  void keep(std::string_view expires_at) { system->set_file(kSessionCache, cache(expires_at)); }
  void go_legacy() {
    settings.session_name.clear();
    system->set_file(kLegacyCache, *system->file(kSessionCache));
    system->remove_file(kSessionCache);
  }
  [[nodiscard]] ProviderPtr source() const { return sso_source(context, settings); }

  SsoSettings settings{.session_name = "corp",
                       .start_url = "https://example.awsapps.com/start",
                       .region = "eu-central-1",
                       .account_id = "123456789012",
                       .role_name = "Dev/Ops",
                       .source = "profile \"dev\""};
};

constexpr std::string_view kTokenResponse =
    R"({"accessToken":"M4RK3R-secret-new","tokenType":"Bearer","expiresIn":3600,)"
    R"("refreshToken":"M4RK3R-secret-next"})";

TEST(Sso, calls_the_portal_with_the_cached_token) {
  SsoFixture fixture;
  fixture.respond(200, std::string(kCredentials));

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(credentials.session_token, Secret("M4RK3R-secret-token"));
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T04:04:05Z"));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.source,
            "profile \"dev\", role Dev/Ops in account 123456789012 of IAM Identity Center");
  const HttpRequest request = fixture.request(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url,
            "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials"
            "?role_name=Dev%2FOps&account_id=123456789012");
  EXPECT_EQ(header(request, "x-amz-sso_bearer_token"), "M4RK3R-secret-access");
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_EQ(request.body, nullptr);
}

TEST(Sso, finds_the_token_of_the_legacy_form_by_its_start_url) {
  SsoFixture fixture;
  fixture.go_legacy();
  fixture.respond(200, std::string(kCredentials));

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, refreshes_a_token_that_ends_within_five_minutes_and_keeps_the_rest_of_the_file) {
  SsoFixture fixture;
  fixture.keep("2026-01-02T03:09:04Z");
  fixture.respond(200, std::string(kTokenResponse));
  fixture.respond(200, std::string(kCredentials));

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");

  const HttpRequest refresh = fixture.request(0);
  EXPECT_EQ(refresh.method, "POST");
  EXPECT_EQ(refresh.url, "https://oidc.eu-central-1.amazonaws.com/token");
  EXPECT_EQ(header(refresh, "authorization"), "(none)");
  EXPECT_EQ(body(refresh),
            R"({"clientId":"client","clientSecret":"M4RK3R-secret-client",)"
            R"("grantType":"refresh_token","refreshToken":"M4RK3R-secret-refresh"})");
  EXPECT_EQ(header(fixture.request(1), "x-amz-sso_bearer_token"), "M4RK3R-secret-new");
  EXPECT_EQ(*fixture.system->file(kSessionCache),
            R"({"startUrl":"https://example.awsapps.com/start","region":"eu-central-1",)"
            R"("clientId":"client","clientSecret":"M4RK3R-secret-client",)"
            R"("registrationExpiresAt":"2026-03-01T00:00:00Z","scopes":["sso:account:access"],)"
            R"("accessToken":"M4RK3R-secret-new","expiresAt":"2026-01-02T04:04:05Z",)"
            R"("refreshToken":"M4RK3R-secret-next"})");
}

struct NoRefresh {
  std::string name;
  void (*prepare)(SsoFixture&);
};

TEST(Sso, uses_the_token_until_it_ends_when_it_cannot_or_need_not_be_refreshed) {
  const std::vector<NoRefresh> cases = {
      {"more than five minutes", [](SsoFixture& w) { w.keep("2026-01-02T03:09:06Z"); }},
      {"legacy",
       [](SsoFixture& w) {
         w.keep("2026-01-02T03:05:00Z");
         w.go_legacy();
       }},
      {"registration over",
       [](SsoFixture& w) {
         w.system->set_file(kSessionCache, cache("2026-01-02T03:05:00Z", "2026-01-02T03:04:05Z"));
       }},
      {"no refresh token",
       [](SsoFixture& w) {
         w.system->set_file(kSessionCache,
                            R"({"accessToken":"x","expiresAt":"2026-01-02T03:05:00Z"})");
       }},
  };

  for (const NoRefresh& row : cases) {
    SsoFixture fixture;
    row.prepare(fixture);
    fixture.respond(200, std::string(kCredentials));

    EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE") << row.name;
    EXPECT_EQ(fixture.request_count(), 1U) << row.name;
  }
}

TEST(Sso, does_not_refresh_more_often_than_every_thirty_seconds) {
  SsoFixture fixture;
  fixture.keep("2026-01-02T03:08:00Z");
  const std::string refused = R"({"error":"invalid_grant"})";
  const ProviderPtr source = fixture.source();

  fixture.respond(400, refused);
  fixture.respond(200, std::string(kCredentials));
  static_cast<void>(found(source));
  fixture.system->advance(std::chrono::seconds(29));
  fixture.respond(200, std::string(kCredentials));
  static_cast<void>(found(source));
  fixture.system->advance(std::chrono::seconds(1));
  fixture.respond(200, std::string(kTokenResponse));
  fixture.respond(200, std::string(kCredentials));
  static_cast<void>(found(source));

  ASSERT_EQ(fixture.request_count(), 5U);
  EXPECT_EQ(fixture.request(3).method, "POST");
  EXPECT_EQ(fixture.transport->remaining(), 0U);
}

TEST(Sso, uses_a_new_token_that_cannot_be_stored) {
  SsoFixture fixture;
  fixture.keep("2026-01-02T03:05:00Z");
  fixture.respond(503, "");
  fixture.respond(200, std::string(kTokenResponse));
  fixture.respond(200, std::string(kCredentials));
  // The file was read by then.
  fixture.system->on_sleep([&fixture](auto) {
    fixture.system->fail_file(kSessionCache,
                              make_error(ErrorCode::configuration_error, "read-only"));
  });

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, uses_the_token_that_another_process_refreshed_meanwhile) {
  SsoFixture fixture;
  fixture.keep("2026-01-02T03:04:04Z");
  fixture.respond(503, "");
  fixture.respond(400, R"({"error":"invalid_grant"})");
  fixture.respond(200, std::string(kCredentials));
  fixture.system->on_sleep([&fixture](auto) { fixture.keep("2026-01-02T04:00:00Z"); });

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, advises_to_log_in_when_there_is_no_usable_token) {
  struct Row {
    std::string name;
    void (*prepare)(SsoFixture&);
    std::string expected;
  };
  const std::vector<Row> cases = {
      {"no file", [](SsoFixture& w) { w.system->remove_file(kSessionCache); },
       "aws sso login --sso-session corp"},
      {"no file, legacy",
       [](SsoFixture& w) {
         w.go_legacy();
         w.system->remove_file(kLegacyCache);
       },
       "aws sso login --profile dev"},
      {"legacy below another profile",
       [](SsoFixture& w) {
         w.go_legacy();
         w.settings.profile = "base";
         w.system->remove_file(kLegacyCache);
       },
       "aws sso login --profile base"},
      {"expired, legacy",
       [](SsoFixture& w) {
         w.keep("2026-01-02T03:04:05Z");
         w.go_legacy();
       },
       "has expired.\nRun \"aws sso login --profile dev\"."},
      {"expired, refresh refused",
       [](SsoFixture& w) {
         w.keep("2026-01-02T03:04:04Z");
         w.respond(400, R"({"error":"invalid_grant","error_description":"M4RK3R-secret-refresh"})");
       },
       "aws sso login --sso-session corp"},
      {"garbage", [](SsoFixture& w) { w.system->set_file(kSessionCache, "M4RK3R-secret"); },
       "aws sso login"},
      {"no token",
       [](SsoFixture& w) {
         w.system->set_file(kSessionCache, R"({"expiresAt":"2026-01-02T09:00:00Z"})");
       },
       "aws sso login"},
      {"no time",
       [](SsoFixture& w) {
         w.system->set_file(kSessionCache,
                            R"({"accessToken":"M4RK3R-secret","expiresAt":"M4RK3R-secret"})");
       },
       "aws sso login"},
      {"refused by the portal",
       [](SsoFixture& w) { w.respond(401, R"({"message":"Session token not found or invalid"})"); },
       "aws sso login --sso-session corp"},
  };

  for (const Row& row : cases) {
    SsoFixture fixture;
    row.prepare(fixture);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << row.name << ": " << error.message;
    EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
        << row.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
  }
}

TEST(Sso, refuses_invalid_settings_before_any_request) {
  struct Row {
    std::string name;
    void (*spoil)(SsoSettings&);
    std::string expected;
  };
  const std::vector<Row> cases = {
      {"no account", [](SsoSettings& s) { s.account_id.clear(); }, "sso_account_id"},
      {"short account", [](SsoSettings& s) { s.account_id = "12345678901"; }, "12 digits"},
      {"hostile account", [](SsoSettings& s) { s.account_id = "12345678901&"; }, "12 digits"},
      {"no role", [](SsoSettings& s) { s.role_name.clear(); }, "sso_role_name"},
      {"hostile region", [](SsoSettings& s) { s.region = "x@evil.example/#"; }, "sso_region"},
      {"no region", [](SsoSettings& s) { s.region.clear(); }, "sso_region"},
      {"no start url",
       [](SsoSettings& s) {
         s.session_name.clear();
         s.start_url.clear();
       },
       "sso_start_url"},
  };

  for (const Row& row : cases) {
    SsoFixture fixture;
    row.spoil(fixture.settings);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::configuration_error) << row.name;
    EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
        << row.name << ": " << error.message;
    EXPECT_EQ(fixture.request_count(), 0U) << row.name;
  }
}

struct PortalFailure {
  std::string name;
  int status = 200;
  std::string body;
  ErrorCode code = ErrorCode::authentication_error;
  std::string expected;
};

std::vector<PortalFailure> portal_failures() {
  const std::string marker(kMarker);
  return {
      {"not assigned", 403, R"({"message":"No access"})", ErrorCode::authentication_error,
       "No access.\nCheck"},
      {"quotes the token", 401, R"({"message":"bad M4RK3R-secret-access"})",
       ErrorCode::authentication_error, "401"},
      {"throttled", 429, "{}", ErrorCode::rate_limit_error, "429"},
      {"down", 500, "", ErrorCode::server_error, "500"},
      {"redirect", 302, marker, ErrorCode::authentication_error, "redirect"},
      {"garbage", 200, marker, ErrorCode::authentication_error, "JSON"},
      {"huge", 200, std::string(70'000, 'x'), ErrorCode::authentication_error, "64 KiB"},
      {"no credentials", 200, "{}", ErrorCode::authentication_error, "lacks"},
      {"no time", 200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":")" + marker + R"("}})",
       ErrorCode::authentication_error, "lacks"},
      {"absurd time", 200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":"t","expiration":9223372036854775807}})",
       ErrorCode::authentication_error, "lacks"},
  };
}

void PrintTo(const PortalFailure& row, std::ostream* out) { *out << row.name; }

class SsoPortalTest : public ::testing::TestWithParam<PortalFailure> {};

TEST_P(SsoPortalTest, names_the_problem_of_a_portal_response_and_none_of_its_secrets) {
  const PortalFailure& row = GetParam();
  SsoFixture fixture;
  for (int i = 0; i < 3; ++i) fixture.respond(row.status, row.body);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
  EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
      << row.name << ": " << error.message;
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
}

INSTANTIATE_TEST_SUITE_P(Responses, SsoPortalTest, ::testing::ValuesIn(portal_failures()),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(Sso, refuses_absurd_responses_to_a_refresh) {
  for (const std::string response :
       {R"({"accessToken":"M4RK3R-secret"})", R"({"accessToken":"M4RK3R-secret","expiresIn":0})",
        R"({"accessToken":"M4RK3R-secret","expiresIn":9223372036854775807})",
        R"({"expiresIn":3600})", "M4RK3R-secret"}) {
    SsoFixture fixture;
    fixture.keep("2026-01-02T03:04:04Z");
    fixture.respond(200, response);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << response;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << all_text(error);
    EXPECT_EQ(fixture.request_count(), 1U);
  }
}

TEST(Sso, refuses_a_cached_token_that_a_header_cannot_contain) {
  SsoFixture fixture;
  fixture.system->set_file(
      kSessionCache,
      R"({"accessToken":"M4RK3R-secret\r\nx: y","expiresAt":"2026-01-02T09:00:00Z"})");

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::configuration_error);
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
  EXPECT_EQ(fixture.request_count(), 0U);
}

}  // namespace
}  // namespace llm::aws
