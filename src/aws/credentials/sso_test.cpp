#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "tests/support/credential_world.hpp"

namespace llm::aws {
namespace {

using test_support::all_text;
using test_support::body;
using test_support::CredentialWorld;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;

// SHA-1 of `corp` and of the start URL below.
constexpr std::string_view kSessionCache =
    "/home/u/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
constexpr std::string_view kLegacyCache =
    "/home/u/.aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json";

constexpr std::string_view kKeys =
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

struct SsoWorld : CredentialWorld {
  SsoWorld() { keep("2026-01-02T09:00:00Z"); }
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
                       .origin = "profile \"dev\""};
};

constexpr std::string_view kTokenAnswer =
    R"({"accessToken":"M4RK3R-secret-new","tokenType":"Bearer","expiresIn":3600,)"
    R"("refreshToken":"M4RK3R-secret-next"})";

TEST(Sso, asks_the_portal_with_the_cached_token) {
  SsoWorld world;
  world.answer(200, std::string(kKeys));

  const Credentials keys = found(world.source());

  EXPECT_EQ(keys.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(keys.session_token, Secret("M4RK3R-secret-token"));
  EXPECT_EQ(keys.expires_at, base::parse_rfc3339("2026-01-02T04:04:05Z"));
  EXPECT_EQ(keys.account_id, "123456789012");
  EXPECT_EQ(keys.source,
            "profile \"dev\", role Dev/Ops in account 123456789012 of IAM Identity Center");
  const HttpRequest request = world.request(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url,
            "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials"
            "?role_name=Dev%2FOps&account_id=123456789012");
  EXPECT_EQ(header(request, "x-amz-sso_bearer_token"), "M4RK3R-secret-access");
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_EQ(request.body, nullptr);
}

TEST(Sso, finds_the_token_of_the_legacy_form_by_its_start_url) {
  SsoWorld world;
  world.go_legacy();
  world.answer(200, std::string(kKeys));

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, refreshes_a_token_that_ends_within_five_minutes_and_keeps_the_rest_of_the_file) {
  SsoWorld world;
  world.keep("2026-01-02T03:09:04Z");
  world.answer(200, std::string(kTokenAnswer));
  world.answer(200, std::string(kKeys));

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");

  const HttpRequest refresh = world.request(0);
  EXPECT_EQ(refresh.method, "POST");
  EXPECT_EQ(refresh.url, "https://oidc.eu-central-1.amazonaws.com/token");
  EXPECT_EQ(header(refresh, "authorization"), "(none)");
  EXPECT_EQ(body(refresh),
            R"({"clientId":"client","clientSecret":"M4RK3R-secret-client",)"
            R"("grantType":"refresh_token","refreshToken":"M4RK3R-secret-refresh"})");
  EXPECT_EQ(header(world.request(1), "x-amz-sso_bearer_token"), "M4RK3R-secret-new");
  EXPECT_EQ(*world.system->file(kSessionCache),
            R"({"startUrl":"https://example.awsapps.com/start","region":"eu-central-1",)"
            R"("clientId":"client","clientSecret":"M4RK3R-secret-client",)"
            R"("registrationExpiresAt":"2026-03-01T00:00:00Z","scopes":["sso:account:access"],)"
            R"("accessToken":"M4RK3R-secret-new","expiresAt":"2026-01-02T04:04:05Z",)"
            R"("refreshToken":"M4RK3R-secret-next"})");
}

struct NoRefresh {
  std::string name;
  void (*prepare)(SsoWorld&);
};

TEST(Sso, uses_the_token_until_it_ends_when_it_cannot_or_need_not_be_refreshed) {
  const std::vector<NoRefresh> cases = {
      {"more than five minutes", [](SsoWorld& w) { w.keep("2026-01-02T03:09:06Z"); }},
      {"legacy",
       [](SsoWorld& w) {
         w.keep("2026-01-02T03:05:00Z");
         w.go_legacy();
       }},
      {"registration over",
       [](SsoWorld& w) {
         w.system->set_file(kSessionCache, cache("2026-01-02T03:05:00Z", "2026-01-02T03:04:05Z"));
       }},
      {"no refresh token",
       [](SsoWorld& w) {
         w.system->set_file(kSessionCache,
                            R"({"accessToken":"x","expiresAt":"2026-01-02T03:05:00Z"})");
       }},
  };

  for (const NoRefresh& row : cases) {
    SsoWorld world;
    row.prepare(world);
    world.answer(200, std::string(kKeys));

    EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE") << row.name;
    EXPECT_EQ(world.request_count(), 1U) << row.name;
  }
}

TEST(Sso, does_not_refresh_more_often_than_every_thirty_seconds) {
  SsoWorld world;
  world.keep("2026-01-02T03:08:00Z");
  const std::string refused = R"({"error":"invalid_grant"})";
  const ProviderPtr source = world.source();

  world.answer(400, refused);
  world.answer(200, std::string(kKeys));
  static_cast<void>(found(source));
  world.system->advance(std::chrono::seconds(29));
  world.answer(200, std::string(kKeys));
  static_cast<void>(found(source));
  world.system->advance(std::chrono::seconds(1));
  world.answer(200, std::string(kTokenAnswer));
  world.answer(200, std::string(kKeys));
  static_cast<void>(found(source));

  ASSERT_EQ(world.request_count(), 5U);
  EXPECT_EQ(world.request(3).method, "POST");
  EXPECT_EQ(world.transport->remaining(), 0U);
}

TEST(Sso, goes_on_with_a_new_token_that_cannot_be_kept) {
  SsoWorld world;
  world.keep("2026-01-02T03:05:00Z");
  world.answer(503, "");
  world.answer(200, std::string(kTokenAnswer));
  world.answer(200, std::string(kKeys));
  // The file was read by then.
  world.system->on_sleep([&world](auto) {
    world.system->fail_file(kSessionCache, make_error(ErrorCode::configuration_error, "read-only"));
  });

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, takes_the_token_that_another_process_refreshed_meanwhile) {
  SsoWorld world;
  world.keep("2026-01-02T03:04:04Z");
  world.answer(503, "");
  world.answer(400, R"({"error":"invalid_grant"})");
  world.answer(200, std::string(kKeys));
  world.system->on_sleep([&world](auto) { world.keep("2026-01-02T04:00:00Z"); });

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(Sso, tells_to_log_in_when_there_is_no_usable_token) {
  struct Row {
    std::string name;
    void (*prepare)(SsoWorld&);
    std::string says;
  };
  const std::vector<Row> cases = {
      {"no file", [](SsoWorld& w) { w.system->remove_file(kSessionCache); },
       "aws sso login --sso-session corp"},
      {"no file, legacy",
       [](SsoWorld& w) {
         w.go_legacy();
         w.system->remove_file(kLegacyCache);
       },
       "aws sso login --profile dev"},
      {"legacy below another profile",
       [](SsoWorld& w) {
         w.go_legacy();
         w.settings.profile = "base";
         w.system->remove_file(kLegacyCache);
       },
       "aws sso login --profile base"},
      {"expired, legacy",
       [](SsoWorld& w) {
         w.keep("2026-01-02T03:04:05Z");
         w.go_legacy();
       },
       "has expired; run: aws sso login --profile dev"},
      {"expired, refresh refused",
       [](SsoWorld& w) {
         w.keep("2026-01-02T03:04:04Z");
         w.answer(400, R"({"error":"invalid_grant","error_description":"M4RK3R-secret-refresh"})");
       },
       "aws sso login --sso-session corp"},
      {"garbage", [](SsoWorld& w) { w.system->set_file(kSessionCache, "M4RK3R-secret"); },
       "aws sso login"},
      {"no token",
       [](SsoWorld& w) {
         w.system->set_file(kSessionCache, R"({"expiresAt":"2026-01-02T09:00:00Z"})");
       },
       "aws sso login"},
      {"no time",
       [](SsoWorld& w) {
         w.system->set_file(kSessionCache,
                            R"({"accessToken":"M4RK3R-secret","expiresAt":"M4RK3R-secret"})");
       },
       "aws sso login"},
      {"refused by the portal",
       [](SsoWorld& w) { w.answer(401, R"({"message":"Session token not found or invalid"})"); },
       "aws sso login --sso-session corp"},
  };

  for (const Row& row : cases) {
    SsoWorld world;
    row.prepare(world);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << row.name << ": " << error.message;
    EXPECT_NE(error.message.find(row.says), std::string::npos) << row.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
  }
}

TEST(Sso, refuses_settings_that_cannot_be_right_before_any_request) {
  struct Row {
    std::string name;
    void (*spoil)(SsoSettings&);
    std::string says;
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
    SsoWorld world;
    row.spoil(world.settings);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::configuration_error) << row.name;
    EXPECT_NE(error.message.find(row.says), std::string::npos) << row.name << ": " << error.message;
    EXPECT_EQ(world.request_count(), 0U) << row.name;
  }
}

struct PortalFailure {
  std::string name;
  int status = 200;
  std::string body;
  ErrorCode code = ErrorCode::authentication_error;
  std::string says;
};

TEST(Sso, says_what_is_wrong_with_an_answer_of_the_portal_and_nothing_of_its_secrets) {
  const std::string marker(kMarker);
  const std::vector<PortalFailure> cases = {
      {"not assigned", 403, R"({"message":"No access"})", ErrorCode::authentication_error,
       "No access; check"},
      {"quotes the token", 401, R"({"message":"bad M4RK3R-secret-access"})",
       ErrorCode::authentication_error, "401"},
      {"throttled", 429, "{}", ErrorCode::rate_limit_error, "429"},
      {"down", 500, "", ErrorCode::server_error, "500"},
      {"redirect", 302, marker, ErrorCode::authentication_error, "redirect"},
      {"garbage", 200, marker, ErrorCode::authentication_error, "JSON"},
      {"huge", 200, std::string(70'000, 'x'), ErrorCode::authentication_error, "64 KiB"},
      {"no keys", 200, "{}", ErrorCode::authentication_error, "lacks"},
      {"no time", 200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":")" + marker + R"("}})",
       ErrorCode::authentication_error, "lacks"},
      {"absurd time", 200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":"t","expiration":9223372036854775807}})",
       ErrorCode::authentication_error, "lacks"},
  };

  for (const PortalFailure& row : cases) {
    SsoWorld world;
    for (int i = 0; i < 3; ++i) world.answer(row.status, row.body);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_NE(error.message.find(row.says), std::string::npos) << row.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
  }
}

TEST(Sso, refuses_absurd_answers_to_a_refresh) {
  for (const std::string answer :
       {R"({"accessToken":"M4RK3R-secret"})", R"({"accessToken":"M4RK3R-secret","expiresIn":0})",
        R"({"accessToken":"M4RK3R-secret","expiresIn":9223372036854775807})",
        R"({"expiresIn":3600})", "M4RK3R-secret"}) {
    SsoWorld world;
    world.keep("2026-01-02T03:04:04Z");
    world.answer(200, answer);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << answer;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << all_text(error);
    EXPECT_EQ(world.request_count(), 1U);
  }
}

TEST(Sso, refuses_a_cached_token_that_no_header_may_hold) {
  SsoWorld world;
  world.system->set_file(
      kSessionCache,
      R"({"accessToken":"M4RK3R-secret\r\nx: y","expiresAt":"2026-01-02T09:00:00Z"})");

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::configuration_error);
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
  EXPECT_EQ(world.request_count(), 0U);
}

}  // namespace
}  // namespace llm::aws
