#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"
#include "tests/support/credential_world.hpp"

namespace llm::aws {
namespace {

using test_support::absence;
using test_support::all_text;
using test_support::CredentialWorld;
using test_support::failure;
using test_support::found;
using test_support::header;
using test_support::kMarker;

constexpr std::string_view kKeys =
    R"({"RoleArn":"arn:aws:iam::123456789012:role/task","AccessKeyId":"ASIAEXAMPLE",)"
    R"("SecretAccessKey":"M4RK3R-secret","Token":"M4RK3R-secret-token",)"
    R"("Expiration":"2026-01-02T09:04:05Z","AccountId":"123456789012"})";

struct ContainerWorld : CredentialWorld {
  ContainerWorld() { system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c"); }
  [[nodiscard]] ProviderPtr source() const { return container_source(context); }
};

TEST(Container, is_absent_when_no_address_is_set) {
  CredentialWorld world;
  world.system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", " ");

  EXPECT_NE(absence(container_source(world.context)).find("FULL_URI"), std::string::npos);
  EXPECT_EQ(world.request_count(), 0U);
}

TEST(Container, asks_the_relative_uri_first) {
  ContainerWorld world;
  world.system->set_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/id");
  world.answer(200, std::string(kKeys));

  const Credentials keys = found(world.source());

  EXPECT_EQ(keys.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(keys.session_token, Secret("M4RK3R-secret-token"));
  EXPECT_EQ(keys.expires_at, base::parse_rfc3339("2026-01-02T09:04:05Z"));
  EXPECT_EQ(keys.account_id, "123456789012");
  EXPECT_EQ(keys.source, "container at 169.254.170.2");
  const HttpRequest request = world.request(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "http://169.254.170.2/v2/id");
  EXPECT_EQ(request.proxy, ProxyUse::never);
  EXPECT_EQ(request.peer, PeerRule::metadata);
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_TRUE(request.limits.total);
}

TEST(Container, reads_the_token_file_at_each_lookup_and_prefers_it) {
  ContainerWorld world;
  world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "from the variable");
  world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token");
  world.system->set_file("/var/token", "first");
  world.answer(200, std::string(kKeys));
  world.answer(200, std::string(kKeys));
  const ProviderPtr source = world.source();

  static_cast<void>(found(source));
  world.system->set_file("/var/token", "second");
  static_cast<void>(found(source));

  EXPECT_EQ(header(world.request(0), "authorization"), "first");
  EXPECT_EQ(header(world.request(1), "authorization"), "second");
}

TEST(Container, sends_the_token_of_the_variable) {
  ContainerWorld world;
  world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
  world.answer(200, std::string(kKeys));

  static_cast<void>(found(world.source()));

  EXPECT_EQ(header(world.request(0), "authorization"), "Basic abc");
}

TEST(Container, refuses_a_token_that_no_header_may_hold) {
  for (const std::string token : {"M4RK3R-secret\r", "M4RK3R-secret\n", "a\r\nx: M4RK3R-secret"}) {
    ContainerWorld world;
    world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
    EXPECT_EQ(world.request_count(), 0U);
  }
}

TEST(Container, fails_when_a_configured_token_file_cannot_be_used) {
  ContainerWorld world;
  world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "ignored");
  world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token");

  const Error missing = failure(world.source());
  world.system->set_file("/var/token", std::string(70'000, 'x'));
  const Error huge = failure(world.source());

  EXPECT_EQ(missing.code, ErrorCode::authentication_error);
  EXPECT_NE(missing.message.find("/var/token"), std::string::npos);
  EXPECT_EQ(huge.code, ErrorCode::configuration_error);
  EXPECT_EQ(world.request_count(), 0U);
}

TEST(Container, asks_again_after_a_server_error_and_after_silence) {
  ContainerWorld world;
  world.answer(503, "busy");
  world.lose(ErrorCode::timeout_error);
  world.answer(200, std::string(kKeys));

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(world.system->sleeps().size(), 2U);
}

TEST(Container, gives_up_after_three_attempts) {
  ContainerWorld world;
  for (int i = 0; i < 4; ++i) world.lose(ErrorCode::connection_error);

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_EQ(error.attempts, 3);
  EXPECT_EQ(world.transport->remaining(), 1U);
}

struct BadAnswer {
  std::string name;
  int status = 200;
  std::string body;
  std::string says;
};

TEST(Container, says_what_is_wrong_with_an_answer_and_nothing_of_its_secrets) {
  const std::string marker(kMarker);
  const std::string token = R"("Token":")" + marker + R"(",)";
  const std::string expiration = R"("Expiration":"2026-01-02T09:04:05Z")";
  const std::vector<BadAnswer> cases = {
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
       "Expiration"},
  };

  for (const BadAnswer& bad : cases) {
    ContainerWorld world;
    world.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", marker);
    world.answer(bad.status, bad.body);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << bad.name;
    EXPECT_NE(error.message.find(bad.says), std::string::npos) << bad.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << bad.name << all_text(error);
  }
}

TEST(Container, ends_when_it_is_stopped_between_attempts) {
  ContainerWorld world;
  world.answer(500, "");
  std::stop_source stop;
  world.system->on_sleep([&stop](auto) { stop.request_stop(); });

  const auto result = world.source()->lookup(stop.get_token());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
