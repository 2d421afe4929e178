#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "tests/support/credential_world.hpp"
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

std::string sts_keys() { return test_support::sts_keys("AssumeRoleWithWebIdentity", kMarker); }

struct WebIdentityWorld : CredentialWorld {
  WebIdentityWorld() { system->set_file("/var/token", "M4RK3R-secret.jwt\n"); }
  [[nodiscard]] ProviderPtr source() const { return web_identity_source(context, settings); }

  WebIdentitySettings settings{.token_file = "/var/token",
                               .role_arn = "arn:aws:iam::123456789012:role/app",
                               .session_name = "build+1",
                               .origin = "environment"};
};

TEST(WebIdentity, asks_sts_unsigned_with_the_token_of_the_file) {
  WebIdentityWorld world;
  world.answer(200, sts_keys());

  const Credentials keys = found(world.source());

  EXPECT_EQ(keys.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(keys.session_token, Secret(std::string(kMarker) + "-token"));
  EXPECT_EQ(keys.expires_at, base::parse_rfc3339("2026-01-02T04:04:05Z"));
  EXPECT_EQ(keys.account_id, "123456789012");
  EXPECT_EQ(keys.source, "web identity (environment), role arn:aws:iam::123456789012:role/app");
  const HttpRequest request = world.request(0);
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
  WebIdentityWorld world;
  world.answer(200, sts_keys());
  world.answer(200, sts_keys());
  const ProviderPtr source = world.source();

  static_cast<void>(found(source));
  world.system->set_file("/var/token", "renewed");
  static_cast<void>(found(source));

  EXPECT_TRUE(body(world.request(1)).ends_with("&WebIdentityToken=renewed"));
}

TEST(WebIdentity, makes_up_a_session_name) {
  WebIdentityWorld world;
  world.settings.session_name.clear();
  world.answer(200, sts_keys());

  static_cast<void>(found(world.source()));

  EXPECT_NE(body(world.request(0)).find("&RoleSessionName=llm-bedrock-1767323045000&"),
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
    WebIdentityWorld world;
    world.context.region = row.region;
    world.context.variant = row.variant;
    if (!row.configured.empty()) world.system->set_env("AWS_ENDPOINT_URL_STS", row.configured);
    world.answer(200, sts_keys());

    static_cast<void>(found(world.source()));

    ASSERT_EQ(world.request_count(), 1U) << row.url;
    EXPECT_EQ(world.request(0).url, row.url);
  }
}

TEST(WebIdentity, asks_again_when_the_identity_provider_or_sts_has_trouble) {
  WebIdentityWorld world;
  world.answer(400, sts_error("IDPCommunicationError", "cannot reach"));
  world.answer(503, "");
  world.answer(200, sts_keys());

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

struct Refusal {
  std::string name;
  int status = 400;
  std::string body;
  ErrorCode code = ErrorCode::authentication_error;
  std::string says;
  std::size_t requests = 1;
};

TEST(WebIdentity, says_why_sts_refused_and_nothing_of_the_token) {
  const std::string marker(kMarker);
  const std::vector<Refusal> cases = {
      {"denied", 403, sts_error("AccessDenied", "Not authorized"), ErrorCode::authentication_error,
       "(AccessDenied): Not authorized; allow"},
      {"expired", 400, sts_error("ExpiredTokenException", "Token expired"),
       ErrorCode::authentication_error, "renews it"},
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
      {"no keys", 200, "<AResponse><AResult><Credentials/></AResult></AResponse>",
       ErrorCode::authentication_error, "lacks"},
      {"no time", 200, test_support::sts_keys("A", marker, marker), ErrorCode::authentication_error,
       "Expiration"},
  };

  for (const Refusal& row : cases) {
    WebIdentityWorld world;
    for (int i = 0; i < 3; ++i) world.answer(row.status, row.body);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_NE(error.message.find(row.says), std::string::npos) << row.name << ": " << error.message;
    EXPECT_NE(error.message.find("role/app"), std::string::npos) << row.name;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << row.name << all_text(error);
    EXPECT_EQ(world.request_count(), row.requests) << row.name;
  }
}

TEST(WebIdentity, keeps_the_code_and_request_id_of_sts) {
  WebIdentityWorld world;
  world.answer(403, sts_error("AccessDenied", "no"));

  const Error error = failure(world.source());

  EXPECT_EQ(error.service_code, "AccessDenied");
  EXPECT_EQ(error.request_id, "request-9");
  EXPECT_EQ(error.status_code, 403);
  EXPECT_EQ(error.attempts, 1);
  EXPECT_FALSE(error.retryable);
}

TEST(WebIdentity, fails_before_any_request_when_something_is_missing_or_malformed) {
  struct Row {
    std::string name;
    void (*spoil)(WebIdentityWorld&);
    ErrorCode code;
  };
  const std::vector<Row> cases = {
      {"no role", [](WebIdentityWorld& w) { w.settings.role_arn.clear(); },
       ErrorCode::configuration_error},
      {"no arn", [](WebIdentityWorld& w) { w.settings.role_arn = "app"; },
       ErrorCode::configuration_error},
      {"session name", [](WebIdentityWorld& w) { w.settings.session_name = "a b"; },
       ErrorCode::configuration_error},
      {"short session name", [](WebIdentityWorld& w) { w.settings.session_name = "a"; },
       ErrorCode::configuration_error},
      {"long session name",
       [](WebIdentityWorld& w) { w.settings.session_name = std::string(65, 'a'); },
       ErrorCode::configuration_error},
      {"no file", [](WebIdentityWorld& w) { w.system->remove_file("/var/token"); },
       ErrorCode::authentication_error},
      {"empty file", [](WebIdentityWorld& w) { w.system->set_file("/var/token", "\n"); },
       ErrorCode::authentication_error},
      {"huge file",
       [](WebIdentityWorld& w) { w.system->set_file("/var/token", std::string(70'000, 'x')); },
       ErrorCode::configuration_error},
      {"region", [](WebIdentityWorld& w) { w.context.region = "x@evil.example/"; },
       ErrorCode::configuration_error},
  };

  for (const Row& row : cases) {
    WebIdentityWorld world;
    row.spoil(world);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, row.code) << row.name << ": " << error.message;
    EXPECT_EQ(world.request_count(), 0U) << row.name;
  }
}

}  // namespace
}  // namespace llm::aws
