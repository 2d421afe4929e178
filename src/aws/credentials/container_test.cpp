#include <gtest/gtest.h>

#include <ostream>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/row_name.hpp"

namespace llm::aws {
namespace {

using test_support::all_text;
using test_support::CredentialFixture;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;
using test_support::reason_not_configured;

constexpr std::string_view kCredentials =
    R"({"RoleArn":"arn:aws:iam::123456789012:role/task","AccessKeyId":"ASIAEXAMPLE",)"
    R"("SecretAccessKey":"M4RK3R-secret","Token":"M4RK3R-secret-token",)"
    R"("Expiration":"2026-01-02T09:04:05Z","AccountId":"123456789012"})";

struct ContainerFixture : CredentialFixture {
  ContainerFixture() {
    system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c");
  }
  [[nodiscard]] ProviderPtr source() const { return container_source(context); }
};

TEST(Container, is_not_configured_when_no_address_is_set) {
  CredentialFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", " ");

  EXPECT_NE(reason_not_configured(container_source(fixture.context)).find("FULL_URI"),
            std::string::npos);
  EXPECT_EQ(fixture.request_count(), 0U);
}

TEST(Container, uses_the_relative_uri_first) {
  ContainerFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/id");
  fixture.respond(200, std::string(kCredentials));

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(credentials.session_token, Secret("M4RK3R-secret-token"));
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T09:04:05Z"));
  EXPECT_EQ(credentials.account_id, "123456789012");
  EXPECT_EQ(credentials.source, "container at 169.254.170.2");
  const HttpRequest request = fixture.request(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "http://169.254.170.2/v2/id");
  EXPECT_EQ(request.proxy, ProxyUse::never);
  EXPECT_EQ(request.peer, PeerRule::metadata);
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_TRUE(request.limits.total);
}

TEST(Container, reads_the_token_file_at_each_lookup_and_prefers_it) {
  ContainerFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "from the variable");
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token");
  fixture.system->set_file("/var/token", "first");
  fixture.respond(200, std::string(kCredentials));
  fixture.respond(200, std::string(kCredentials));
  const ProviderPtr source = fixture.source();

  static_cast<void>(found(source));
  fixture.system->set_file("/var/token", "second");
  static_cast<void>(found(source));

  EXPECT_EQ(header(fixture.request(0), "authorization"), "first");
  EXPECT_EQ(header(fixture.request(1), "authorization"), "second");
}

TEST(Container, sends_the_token_of_the_variable) {
  ContainerFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
  fixture.respond(200, std::string(kCredentials));

  static_cast<void>(found(fixture.source()));

  EXPECT_EQ(header(fixture.request(0), "authorization"), "Basic abc");
}

TEST(Container, refuses_a_token_that_a_header_cannot_contain) {
  for (const std::string token : {"M4RK3R-secret\r", "M4RK3R-secret\n", "a\r\nx: M4RK3R-secret"}) {
    ContainerFixture fixture;
    fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
    EXPECT_EQ(fixture.request_count(), 0U);
  }
}

TEST(Container, fails_when_a_configured_token_file_cannot_be_used) {
  ContainerFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "ignored");
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token");

  const Error missing = failure(fixture.source());
  fixture.system->set_file("/var/token", std::string(70'000, 'x'));
  const Error huge = failure(fixture.source());

  EXPECT_EQ(missing.code, ErrorCode::authentication_error);
  EXPECT_NE(missing.message.find("/var/token"), std::string::npos);
  EXPECT_EQ(huge.code, ErrorCode::configuration_error);
  EXPECT_EQ(fixture.request_count(), 0U);
}

TEST(Container, retries_after_a_server_error_and_after_no_response) {
  ContainerFixture fixture;
  fixture.respond(503, "busy");
  fixture.lose(ErrorCode::timeout_error);
  fixture.respond(200, std::string(kCredentials));

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(fixture.system->sleeps().size(), 2U);
}

TEST(Container, gives_up_after_three_attempts) {
  ContainerFixture fixture;
  for (int i = 0; i < 4; ++i) fixture.lose(ErrorCode::connection_error);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_EQ(error.attempts, 3);
  EXPECT_EQ(fixture.transport->remaining(), 1U);
}

struct BadResponse {
  std::string name;
  int status = 200;
  std::string body;
  std::string expected;
};

std::vector<BadResponse> bad_responses() {
  const std::string marker(kMarker);
  const std::string token = R"("Token":")" + marker + R"(",)";
  const std::string expiration = R"("Expiration":"2026-01-02T09:04:05Z")";
  return {
      {"refused", 400, R"({"code":"BadRole","message":"the role is )" + marker + R"("})",
       "status 400"},
      {"explained", 404, R"({"code":"NoTask","message":"no such task"})", "NoTask"},
      {"html", 403, "<html>" + marker + "</html>", "status 403"},
      {"redirect", 302, marker, "redirect"},
      {"empty", 200, "", "JSON"},
      {"garbage", 200, "{" + marker, "JSON"},
      {"array", 200, R"([")" + marker + R"("])", "AccessKeyId"},
      {"huge", 200, std::string(65 * 1024, 'x') + marker, "64 KiB"},
      {"no key id", 200, R"({"SecretAccessKey":")" + marker + R"("})", "AccessKeyId"},
      {"no secret", 200, "{" + token + R"("AccessKeyId":"A",)" + expiration + "}",
       "SecretAccessKey"},
      {"no token", 200,
       R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"(",)" + expiration + "}", "Token"},
      {"no time", 200,
       R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"(",)" + token +
           R"("Expiration":")" + marker + R"("})",
       "an Expiration that is not a time"},
      {"no expiration", 200,
       R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"(",)" + token + R"("x":1})",
       "no Expiration"},
      {"no time zone", 200,
       R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"(",)" + token +
           R"("Expiration":"2026-01-02 09:04:05"})",
       "an Expiration that has no time zone"},
  };
}

void PrintTo(const BadResponse& row, std::ostream* out) { *out << row.name; }

class ContainerResponseTest : public ::testing::TestWithParam<BadResponse> {};

TEST_P(ContainerResponseTest, names_the_problem_of_a_response_and_none_of_its_secrets) {
  const BadResponse& bad = GetParam();
  ContainerFixture fixture;
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", std::string(kMarker));
  fixture.respond(bad.status, bad.body);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error) << bad.name;
  EXPECT_NE(test_support::all_text(error).find(bad.expected), std::string::npos)
      << bad.name << ": " << error.message;
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << bad.name << all_text(error);
}

INSTANTIATE_TEST_SUITE_P(Responses, ContainerResponseTest, ::testing::ValuesIn(bad_responses()),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(Container, ends_when_it_is_stopped_between_attempts) {
  ContainerFixture fixture;
  fixture.respond(500, "");
  std::stop_source stop;
  fixture.system->on_sleep([&stop](auto) { stop.request_stop(); });

  const auto result = fixture.source()->lookup(stop.get_token());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
