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
    R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAEXAMPLE",)"
    R"("SecretAccessKey":"M4RK3R-secret","Token":"M4RK3R-secret-token",)"
    R"("Expiration":"2026-01-02T09:04:05Z"})";
constexpr std::string_view kTokenName = "x-aws-ec2-metadata-token";
constexpr std::string_view kRoles =
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

struct InstanceWorld : CredentialWorld {
  [[nodiscard]] ProviderPtr source() const { return instance_metadata_source(context); }
  void give_token(std::string token, std::string lifetime = "21600") {
    answer(200, std::move(token), {{"x-aws-ec2-metadata-token-ttl-seconds", std::move(lifetime)}});
  }
  void give_role() {
    answer(200, "app-role\nanother\n");
    answer(200, std::string(kKeys));
  }
};

TEST(InstanceMetadata, gets_a_token_then_the_role_then_its_keys) {
  InstanceWorld world;
  world.give_token("token-1");
  world.give_role();

  const Credentials keys = found(world.source());

  EXPECT_EQ(keys.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(keys.expires_at, base::parse_rfc3339("2026-01-02T09:04:05Z"));
  EXPECT_EQ(keys.source, "instance metadata, role app-role");
  ASSERT_EQ(world.request_count(), 3U);
  EXPECT_EQ(world.request(0).method, "PUT");
  EXPECT_EQ(world.request(0).url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(header(world.request(0), "x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(world.request(1).url, kRoles);
  EXPECT_EQ(world.request(2).url, std::string(kRoles) + "app-role");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(world.request(i).proxy, ProxyUse::never);
    EXPECT_EQ(world.request(i).peer, PeerRule::metadata);
    EXPECT_EQ(world.request(i).limits.connect, std::chrono::milliseconds(1000));
  }
  EXPECT_EQ(header(world.request(2), kTokenName), "token-1");
}

TEST(InstanceMetadata, keeps_the_token_as_long_as_the_service_says) {
  InstanceWorld world;
  world.give_token("token-1", "60");
  world.give_role();
  world.give_role();
  world.give_token("token-2", "60");
  world.give_role();
  const ProviderPtr source = world.source();

  static_cast<void>(found(source));
  world.system->advance(std::chrono::seconds(59));
  static_cast<void>(found(source));
  world.system->advance(std::chrono::seconds(1));
  static_cast<void>(found(source));

  ASSERT_EQ(world.request_count(), 8U);
  EXPECT_EQ(header(world.request(4), kTokenName), "token-1");
  EXPECT_EQ(world.request(5).method, "PUT");
  EXPECT_EQ(header(world.request(7), kTokenName), "token-2");
}

TEST(InstanceMetadata, gets_one_new_token_when_the_old_one_is_refused) {
  InstanceWorld world;
  world.give_token("token-1");
  world.answer(401, "");
  world.give_token("token-2");
  world.give_role();

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(header(world.request(3), kTokenName), "token-2");
}

TEST(InstanceMetadata, does_not_go_on_asking_with_refused_tokens) {
  InstanceWorld world;
  world.give_token("token-1");
  world.answer(401, "");
  world.give_token("token-2");
  world.answer(401, "");

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_EQ(error.status_code, 401);
  EXPECT_EQ(world.request_count(), 4U);
}

TEST(InstanceMetadata, is_absent_at_once_where_nothing_answers) {
  for (const ErrorCode code : {ErrorCode::timeout_error, ErrorCode::connection_error}) {
    InstanceWorld world;
    world.lose(code);

    const std::string reason = absence(world.source());

    EXPECT_EQ(world.request_count(), 1U);
    EXPECT_NE(reason.find("http://169.254.169.254"), std::string::npos) << reason;
    EXPECT_EQ(reason.find("hop limit") != std::string::npos, code == ErrorCode::timeout_error);
  }
}

TEST(InstanceMetadata, fails_when_a_configured_endpoint_does_not_answer) {
  InstanceWorld world;
  world.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/");
  world.lose(ErrorCode::timeout_error);

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_NE(error.message.find("hop limit"), std::string::npos);
  EXPECT_EQ(world.request(0).url, "http://127.0.0.1:1338/latest/api/token");
}

TEST(InstanceMetadata, is_absent_without_a_request_when_it_is_switched_off) {
  for (const std::string value : {"true", "TRUE", " True "}) {
    InstanceWorld world;
    world.system->set_env("AWS_EC2_METADATA_DISABLED", value);

    EXPECT_EQ(absence(world.source()), "AWS_EC2_METADATA_DISABLED is true");
    EXPECT_EQ(world.request_count(), 0U);
  }
}

TEST(InstanceMetadata, is_absent_when_the_service_gives_no_token) {
  // Version 1 is never asked for, as other clients do after these.
  for (const int status : {400, 403, 404, 405}) {
    InstanceWorld world;
    world.answer(status, "");

    EXPECT_NE(absence(world.source()).find(std::to_string(status)), std::string::npos);
    EXPECT_EQ(world.request_count(), 1U);
  }
}

TEST(InstanceMetadata, is_absent_when_the_instance_has_no_role) {
  InstanceWorld without_list;
  without_list.give_token("t");
  without_list.answer(404, "");
  InstanceWorld with_empty_list;
  with_empty_list.give_token("t");
  with_empty_list.answer(200, "\n");

  EXPECT_EQ(absence(without_list.source()), "the EC2 instance has no role");
  EXPECT_EQ(absence(with_empty_list.source()), "the EC2 instance has no role");
}

TEST(InstanceMetadata, asks_again_after_a_server_error_and_after_silence_once_it_is_there) {
  InstanceWorld world;
  world.answer(503, "");
  world.give_token("t");
  world.answer(500, "");
  world.lose(ErrorCode::timeout_error);
  world.give_role();

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(InstanceMetadata, fails_when_server_errors_do_not_end) {
  InstanceWorld world;
  for (int i = 0; i < 3; ++i) world.answer(503, "");

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::server_error);
  EXPECT_EQ(error.attempts, 3);
  EXPECT_TRUE(error.retryable);
}

TEST(InstanceMetadata, hands_out_keys_that_have_expired) {
  InstanceWorld world;
  world.system->set_now(*base::parse_rfc3339("2026-01-02T10:00:00Z"));
  world.give_token("t");
  world.give_role();

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
}

struct EndpointCase {
  std::string name;
  std::string endpoint;
  std::string mode;
  std::string profile_endpoint;
  std::string profile_mode;
  std::string url;
};

TEST(InstanceMetadata, takes_its_address_from_environment_then_profile) {
  const std::vector<EndpointCase> cases = {
      {"default", "", "", "", "", "http://169.254.169.254"},
      {"mode", "", "ipv6", "", "", "http://[fd00:ec2::254]"},
      {"mode of the profile", "", "", "", "IPv6", "http://[fd00:ec2::254]"},
      {"mode of the environment first", "", "IPv4", "", "IPv6", "http://169.254.169.254"},
      {"endpoint over mode", "http://127.0.0.1:1", "IPv6", "", "", "http://127.0.0.1:1"},
      {"endpoint of the profile", "", "IPv6", "http://127.0.0.1:2", "", "http://127.0.0.1:2"},
      {"endpoint of the environment first", "http://127.0.0.1:1", "", "http://127.0.0.1:2", "",
       "http://127.0.0.1:1"},
  };

  for (const EndpointCase& row : cases) {
    InstanceWorld world;
    auto config = std::make_shared<SharedConfig>();
    world.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", row.endpoint);
    world.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", row.mode);
    config->profiles["dev"]["ec2_metadata_service_endpoint"].value = row.profile_endpoint;
    config->profiles["dev"]["ec2_metadata_service_endpoint_mode"].value = row.profile_mode;
    world.context.config = config;
    world.give_token("t");
    world.give_role();

    static_cast<void>(found(world.source()));

    ASSERT_GE(world.request_count(), 1U) << row.name;
    EXPECT_EQ(world.request(0).url, row.url + "/latest/api/token") << row.name;
  }
}

TEST(InstanceMetadata, refuses_a_bad_mode_or_endpoint) {
  InstanceWorld bad_mode;
  bad_mode.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");
  InstanceWorld bad_endpoint;
  bad_endpoint.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ftp://x");

  EXPECT_EQ(failure(bad_mode.source()).code, ErrorCode::configuration_error);
  EXPECT_EQ(failure(bad_endpoint.source()).code, ErrorCode::configuration_error);
}

TEST(InstanceMetadata, waits_and_asks_as_often_as_it_is_told) {
  InstanceWorld world;
  world.system->set_env("AWS_METADATA_SERVICE_TIMEOUT", "5");
  world.system->set_env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4");
  for (int i = 0; i < 3; ++i) world.lose(ErrorCode::timeout_error);
  world.give_token("t");
  world.give_role();

  EXPECT_EQ(found(world.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(world.request_count(), 6U);
  EXPECT_EQ(world.request(0).limits.connect, std::chrono::seconds(5));
  EXPECT_EQ(world.request(0).limits.first_byte, std::chrono::seconds(5));
}

TEST(InstanceMetadata, refuses_a_wait_or_a_number_of_attempts_out_of_range) {
  for (const std::string name :
       {"AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"}) {
    for (const std::string value : {"0", "-1", "301", "1.5", "soon", "1s"}) {
      InstanceWorld world;
      world.system->set_env(name, value);

      const Error error = failure(world.source());

      EXPECT_EQ(error.code, ErrorCode::configuration_error) << name << '=' << value;
      EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
      EXPECT_EQ(world.request_count(), 0U);
    }
  }
}

struct BadDocument {
  std::string name;
  int status = 200;
  std::string body;
  std::string says;
};

TEST(InstanceMetadata, says_what_is_wrong_with_a_document_and_nothing_of_its_secrets) {
  const std::string marker(kMarker);
  const std::vector<BadDocument> cases = {
      {"refused role", 200,
       R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})",
       "AssumeRoleUnauthorizedAccess"},
      {"refused role with keys", 200,
       R"({"Code":"Failed","Message":")" + marker + R"(","SecretAccessKey":")" + marker + R"("})",
       "app-role"},
      {"gone", 404, marker, "404"},
      {"garbage", 200, "<html>" + marker, "JSON"},
      {"huge", 200, std::string(70'000, 'x') + marker, "64 KiB"},
      {"redirect", 301, marker, "redirect"},
      {"no token", 200, R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"("})", "Token"},
  };

  for (const BadDocument& bad : cases) {
    InstanceWorld world;
    world.give_token("session-" + marker);
    world.answer(200, "app-role");
    world.answer(bad.status, bad.body);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error) << bad.name;
    EXPECT_NE(error.message.find(bad.says), std::string::npos) << bad.name << ": " << error.message;
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << bad.name;
  }
}

TEST(InstanceMetadata, refuses_a_list_that_names_no_role) {
  for (const std::string& list :
       {std::string("<html>M4RK3R-secret"), std::string("../../user-data"), std::string(65, 'a')}) {
    InstanceWorld world;
    world.give_token("t");
    world.answer(200, list);

    const Error error = failure(world.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
    EXPECT_EQ(world.request_count(), 2U);
  }
}

TEST(InstanceMetadata, refuses_a_token_that_no_header_may_hold) {
  InstanceWorld world;
  world.give_token("M4RK3R-secret\r\nx: y");

  const Error error = failure(world.source());

  EXPECT_EQ(error.code, ErrorCode::configuration_error);
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
  EXPECT_EQ(world.request_count(), 1U);
}

TEST(InstanceMetadata, tells_the_region) {
  InstanceWorld world;
  world.give_token("t");
  world.answer(200, "ap-southeast-2\n");

  const auto region = instance_metadata_region(world.context, {});

  ASSERT_TRUE(region);
  EXPECT_EQ(*region, "ap-southeast-2");
  EXPECT_EQ(world.request(1).url, "http://169.254.169.254/latest/meta-data/placement/region");
}

TEST(InstanceMetadata, tells_no_region_when_there_is_no_good_answer) {
  InstanceWorld silent;
  silent.lose(ErrorCode::timeout_error);
  InstanceWorld refused;
  refused.give_token("t");
  refused.answer(404, "");
  InstanceWorld hostile;
  hostile.give_token("t");
  hostile.answer(200, "x@evil.example/#");

  for (const InstanceWorld* world : {&silent, &refused, &hostile}) {
    const auto region = instance_metadata_region(world->context, {});
    ASSERT_TRUE(region);
    EXPECT_FALSE(region->has_value());
  }
}

TEST(InstanceMetadata, tells_no_region_when_it_is_stopped) {
  InstanceWorld world;
  world.answer(503, "");
  std::stop_source stop;
  world.system->on_sleep([&stop](auto) { stop.request_stop(); });

  const auto region = instance_metadata_region(world.context, stop.get_token());

  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
