#include <gtest/gtest.h>

#include <ostream>

#include "aws/credentials/sources.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/p256_key.hpp"
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
using test_support::new_p256_key;

constexpr std::string_view kArn = "arn:aws:sts::123456789012:assumed-role/dev/me";
// SHA-256 of the ARN.
constexpr std::string_view kFile =
    "9c1b2d83f477d75d462f45debe3b2760a8c7eeac3071e5c6f0f4206b59f09242.json";

std::string cache(std::string_view expires_at, const std::string& dpop_key = new_p256_key()) {
  return R"({"accessToken":{"accessKeyId":"ASIAOLD","secretAccessKey":"M4RK3R-secret-old",)"
         R"("sessionToken":"M4RK3R-secret-session","accountId":"123456789012","expiresAt":")" +
         std::string(expires_at) +
         R"("},"tokenType":"urn:aws:params:oauth:token-type:access_token_sigv4",)"
         R"("refreshToken":"M4RK3R-secret-refresh","idToken":"M4RK3R-secret-id",)"
         R"("clientId":"arn:aws:signin:::devtools/same-device","dpopKey":)" +
         json::quoted(dpop_key) + "}";
}

constexpr std::string_view kResponse =
    R"({"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"M4RK3R-secret-new",)"
    R"("sessionToken":"M4RK3R-secret-new-session"},"tokenType":"aws_sigv4","expiresIn":900,)"
    R"("refreshToken":"M4RK3R-secret-next"})";

struct LoginFixture : CredentialFixture {
  LoginFixture() { keep("2026-01-02T03:19:05Z"); }
  void keep(std::string_view expires_at) { system->set_file(path, cache(expires_at)); }
  [[nodiscard]] ProviderPtr source() const { return login_source(context, arn, region); }

  std::string path = "/home/u/.aws/login/cache/" + std::string(kFile);
  std::string arn{kArn};
  std::string region = "eu-west-1";
};

TEST(Login, uses_the_cached_credentials_while_they_last) {
  LoginFixture fixture;

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAOLD");
  EXPECT_EQ(credentials.secret_access_key, Secret("M4RK3R-secret-old"));
  EXPECT_EQ(credentials.session_token, Secret("M4RK3R-secret-session"));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T03:19:05Z"));
  EXPECT_EQ(credentials.source, "login session " + std::string(kArn));
  EXPECT_EQ(fixture.request_count(), 0U);
}

TEST(Login, trims_the_arn_and_follows_the_configured_directory) {
  LoginFixture fixture;
  fixture.system->remove_file(fixture.path);
  fixture.path = "/cache/" + std::string(kFile);
  fixture.arn = "  " + std::string(kArn) + "\t";
  fixture.system->set_env("AWS_LOGIN_CACHE_DIRECTORY", "/cache");
  fixture.keep("2026-01-02T03:19:05Z");

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAOLD");
}

TEST(Login, renews_credentials_that_expire_within_five_minutes_and_keeps_the_rest_of_the_file) {
  LoginFixture fixture;
  fixture.keep("2026-01-02T03:09:05Z");
  fixture.respond(200, std::string(kResponse));

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIANEW");
  EXPECT_EQ(credentials.session_token, Secret("M4RK3R-secret-new-session"));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T03:19:05Z"));
  const HttpRequest request = fixture.request(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://eu-west-1.signin.aws.amazon.com/v1/token");
  EXPECT_EQ(header(request, "content-type"), "application/json");
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_EQ(body(request),
            R"({"clientId":"arn:aws:signin:::devtools/same-device",)"
            R"("grantType":"refresh_token","refreshToken":"M4RK3R-secret-refresh"})");
  const std::string file = *fixture.system->file(fixture.path);
  json::Parser parser;
  const auto stored = parser.parse(file);
  ASSERT_TRUE(stored);
  EXPECT_EQ((*stored)["accessToken"]["accessKeyId"].text_or_empty(), "ASIANEW");
  EXPECT_EQ((*stored)["accessToken"]["accountId"].text_or_empty(), "123456789012");
  EXPECT_EQ((*stored)["accessToken"]["expiresAt"].text_or_empty(), "2026-01-02T03:19:05Z");
  EXPECT_EQ((*stored)["refreshToken"].text_or_empty(), "M4RK3R-secret-next");
  EXPECT_EQ((*stored)["idToken"].text_or_empty(), "M4RK3R-secret-id");
  EXPECT_TRUE((*stored)["dpopKey"].text_or_empty().starts_with("-----BEGIN EC PRIVATE KEY-----"));
}

// The middle part of a DPoP token, decoded.
std::string claims_of(const HttpRequest& request) {
  const std::string token = header(request, "DPoP");
  std::string part(base::split(token, '.').at(1));
  while (part.size() % 4 != 0) part += '=';
  std::string text;
  EXPECT_TRUE(base::append_base64_decoded(part, text));
  return text;
}

TEST(Login, proves_possession_of_the_key_for_each_attempt) {
  LoginFixture fixture;
  fixture.keep("2026-01-02T03:05:00Z");
  fixture.respond(500, "");
  fixture.respond(200, std::string(kResponse));

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIANEW");

  EXPECT_EQ(claims_of(fixture.request(0)),
            R"({"jti":"000102030405060708090a0b0c0d0e0f","htm":"POST",)"
            R"("htu":"https://eu-west-1.signin.aws.amazon.com/v1/token","iat":1767323045})");
  EXPECT_NE(claims_of(fixture.request(0)), claims_of(fixture.request(1)));
}

TEST(Login, is_renewed_where_the_session_was_begun) {
  LoginFixture fixture;
  std::string content = cache("2026-01-02T03:05:00Z");
  content.insert(1, R"("signInRegion":"us-gov-east-1",)");
  fixture.system->set_file(fixture.path, content);
  fixture.respond(200, std::string(kResponse));

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIANEW");

  EXPECT_EQ(fixture.request(0).url, "https://us-gov-east-1.signin.amazonaws-us-gov.com/v1/token");
  EXPECT_NE(fixture.system->file(fixture.path)->find(R"("signInRegion":"us-gov-east-1")"),
            std::string::npos);
}

TEST(Login, continues_with_the_old_credentials_when_they_cannot_be_renewed_yet) {
  LoginFixture fixture;
  fixture.keep("2026-01-02T03:07:00Z");
  fixture.respond(400, R"({"error":"TOKEN_EXPIRED"})");
  const ProviderPtr source = fixture.source();

  EXPECT_EQ(found(source).access_key_id, "ASIAOLD");
  EXPECT_EQ(found(source).access_key_id, "ASIAOLD");

  EXPECT_EQ(fixture.request_count(), 1U);
}

TEST(Login, uses_the_credentials_that_another_process_renewed_meanwhile) {
  LoginFixture fixture;
  fixture.keep("2026-01-02T03:04:04Z");
  fixture.respond(503, "");
  fixture.respond(400, R"({"error":"TOKEN_EXPIRED"})");
  fixture.system->on_sleep([&fixture](auto) { fixture.keep("2026-01-02T03:19:00Z"); });

  EXPECT_EQ(found(fixture.source()).expires_at, base::parse_rfc3339("2026-01-02T03:19:00Z"));
}

struct Refusal {
  std::string name;
  int status = 400;
  std::string body;
  ErrorCode code = ErrorCode::authentication_error;
  std::string expected;
};

std::vector<Refusal> refusals() {
  const std::string marker(kMarker);
  return {
      {"ended", 400, R"({"error":"TOKEN_EXPIRED","message":"The token has expired"})",
       ErrorCode::authentication_error, "(TOKEN_EXPIRED)"},
      {"password", 400, R"({"error":"USER_CREDENTIALS_CHANGED"})", ErrorCode::authentication_error,
       "The password was changed. Run \"aws login --profile dev\"."},
      {"permission", 403, R"({"error":"INSUFFICIENT_PERMISSIONS"})",
       ErrorCode::authentication_error, "signin:CreateOAuth2Token"},
      {"other", 400, R"({"error":"AUTHCODE_EXPIRED"})", ErrorCode::authentication_error,
       "Run \"aws login --profile dev\"."},
      {"quotes the token", 400, R"({"error":"X","message":"M4RK3R-secret-refresh"})",
       ErrorCode::authentication_error, "400"},
      {"redirect", 302, marker, ErrorCode::authentication_error, "redirect"},
      {"down", 503, "", ErrorCode::server_error, "503"},
      {"garbage", 200, marker, ErrorCode::authentication_error, "JSON"},
      {"huge", 200, std::string(70'000, 'x'), ErrorCode::authentication_error, "64 KiB"},
      {"no credentials", 200, R"({"accessToken":{},"expiresIn":900})",
       ErrorCode::authentication_error, "lacks"},
      {"no time", 200,
       R"({"accessToken":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":"t"}})",
       ErrorCode::authentication_error, "lacks"},
  };
}

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class LoginRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(LoginRefusalTest, advises_to_log_in_again_when_the_session_is_over) {
  const Refusal& row = GetParam();
  LoginFixture fixture;
  fixture.keep("2026-01-02T03:04:05Z");
  for (int i = 0; i < 3; ++i) fixture.respond(row.status, row.body);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
  EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
      << row.name << ": " << error.message;
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
}

INSTANTIATE_TEST_SUITE_P(Responses, LoginRefusalTest, ::testing::ValuesIn(refusals()),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(Login, names_the_problem_of_the_cached_session_and_none_of_its_secrets) {
  struct Row {
    std::string name;
    std::string content;
    std::string expected;
  };
  const std::string marker(kMarker);
  const std::vector<Row> cases = {
      {"garbage", marker, "is not a JSON object"},
      {"array", R"([")" + marker + R"("])", "is not a JSON object"},
      {"no credentials", R"({"refreshToken":")" + marker + R"("})", "lacks"},
      {"bad time", cache(marker), "lacks"},
      {"bad proof key", cache("2026-01-02T03:04:05Z", marker), "P-256"},
      {"no refresh token",
       R"({"accessToken":{"accessKeyId":"A","secretAccessKey":")" + marker +
           R"(","sessionToken":"t","expiresAt":"2026-01-02T03:04:05Z"}})",
       "has expired.\nRun \"aws login --profile dev\"."},
  };

  for (const Row& row : cases) {
    LoginFixture fixture;
    fixture.system->set_file(fixture.path, row.content);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << row.name << ": " << error.message;
    EXPECT_NE(test_support::all_text(error).find(row.expected), std::string::npos)
        << row.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
    EXPECT_EQ(fixture.request_count(), 0U) << row.name;
  }
}

TEST(Login, fails_without_a_login_or_with_an_invalid_region) {
  LoginFixture missing;
  missing.system->remove_file(missing.path);
  LoginFixture hostile;
  hostile.keep("2026-01-02T03:04:05Z");
  hostile.region = "x@evil.example/#";
  LoginFixture homeless;
  homeless.system->unset_env("HOME");

  EXPECT_NE(all_text(failure(missing.source())).find("is not logged in.\nRun \"aws login"),
            std::string::npos);
  EXPECT_EQ(failure(hostile.source()).code, ErrorCode::configuration_error);
  EXPECT_EQ(failure(homeless.source()).code, ErrorCode::configuration_error);
  EXPECT_EQ(hostile.request_count(), 0U);
}

}  // namespace
}  // namespace llm::aws
