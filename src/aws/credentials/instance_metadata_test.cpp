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
    R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAEXAMPLE",)"
    R"("SecretAccessKey":"M4RK3R-secret","Token":"M4RK3R-secret-token",)"
    R"("Expiration":"2026-01-02T09:04:05Z"})";
constexpr std::string_view kTokenName = "x-aws-ec2-metadata-token";
constexpr std::string_view kRoles =
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

struct InstanceFixture : CredentialFixture {
  [[nodiscard]] ProviderPtr source() const { return instance_metadata_source(context); }
  void give_token(std::string token, std::string lifetime = "21600") {
    respond(200, std::move(token), {{"x-aws-ec2-metadata-token-ttl-seconds", std::move(lifetime)}});
  }
  void give_role() {
    respond(200, "app-role\nanother\n");
    respond(200, std::string(kCredentials));
  }
};

TEST(InstanceMetadata, gets_a_token_then_the_role_then_its_credentials) {
  InstanceFixture fixture;
  fixture.give_token("token-1");
  fixture.give_role();

  const Credentials credentials = found(fixture.source());

  EXPECT_EQ(credentials.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials.secret_access_key, Secret(std::string(kMarker)));
  EXPECT_EQ(credentials.expires_at, base::parse_rfc3339("2026-01-02T09:04:05Z"));
  EXPECT_EQ(credentials.source, "instance metadata, role app-role");
  ASSERT_EQ(fixture.request_count(), 3U);
  EXPECT_EQ(fixture.request(0).method, "PUT");
  EXPECT_EQ(fixture.request(0).url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(header(fixture.request(0), "x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(fixture.request(1).url, kRoles);
  EXPECT_EQ(fixture.request(2).url, std::string(kRoles) + "app-role");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(fixture.request(i).proxy, ProxyUse::never);
    EXPECT_EQ(fixture.request(i).peer, PeerRule::metadata);
    EXPECT_EQ(fixture.request(i).limits.connect, std::chrono::milliseconds(1000));
  }
  EXPECT_EQ(header(fixture.request(2), kTokenName), "token-1");
}

TEST(InstanceMetadata, keeps_the_token_for_the_lifetime_of_the_service) {
  InstanceFixture fixture;
  fixture.give_token("token-1", "60");
  fixture.give_role();
  fixture.give_role();
  fixture.give_token("token-2", "60");
  fixture.give_role();
  const ProviderPtr source = fixture.source();

  static_cast<void>(found(source));
  fixture.system->advance(std::chrono::seconds(59));
  static_cast<void>(found(source));
  fixture.system->advance(std::chrono::seconds(1));
  static_cast<void>(found(source));

  ASSERT_EQ(fixture.request_count(), 8U);
  EXPECT_EQ(header(fixture.request(4), kTokenName), "token-1");
  EXPECT_EQ(fixture.request(5).method, "PUT");
  EXPECT_EQ(header(fixture.request(7), kTokenName), "token-2");
}

TEST(InstanceMetadata, gets_a_new_token_once_when_the_old_one_is_refused) {
  InstanceFixture fixture;
  fixture.give_token("token-1");
  fixture.respond(401, "");
  fixture.give_token("token-2");
  fixture.give_role();

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(header(fixture.request(3), kTokenName), "token-2");
}

TEST(InstanceMetadata, does_not_keep_retrying_with_refused_tokens) {
  InstanceFixture fixture;
  fixture.give_token("token-1");
  fixture.respond(401, "");
  fixture.give_token("token-2");
  fixture.respond(401, "");

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_EQ(error.status_code, 401);
  EXPECT_EQ(fixture.request_count(), 4U);
}

TEST(InstanceMetadata, is_not_configured_where_nothing_responds) {
  for (const ErrorCode code : {ErrorCode::timeout_error, ErrorCode::connection_error}) {
    InstanceFixture fixture;
    fixture.lose(code);

    const std::string reason = reason_not_configured(fixture.source());

    EXPECT_EQ(fixture.request_count(), 1U);
    EXPECT_NE(reason.find("http://169.254.169.254"), std::string::npos) << reason;
    EXPECT_EQ(reason.find("hop limit") != std::string::npos, code == ErrorCode::timeout_error);
  }
}

TEST(InstanceMetadata, fails_when_a_configured_endpoint_does_not_respond) {
  InstanceFixture fixture;
  fixture.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/");
  fixture.lose(ErrorCode::timeout_error);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_NE(error.advice.find("hop limit"), std::string::npos);
  EXPECT_EQ(error.message,
            "No instance metadata service at http://127.0.0.1:1338: The request for an instance "
            "metadata token at http://127.0.0.1:1338: There was no response.");
  EXPECT_EQ(fixture.request(0).url, "http://127.0.0.1:1338/latest/api/token");
}

TEST(InstanceMetadata, is_not_configured_without_a_request_when_it_is_switched_off) {
  for (const std::string value : {"true", "TRUE", " True "}) {
    InstanceFixture fixture;
    fixture.system->set_env("AWS_EC2_METADATA_DISABLED", value);

    EXPECT_EQ(reason_not_configured(fixture.source()), "AWS_EC2_METADATA_DISABLED is true");
    EXPECT_EQ(fixture.request_count(), 0U);
  }
}

TEST(InstanceMetadata, is_not_configured_when_the_service_gives_no_token) {
  // Version 1 is never used; other clients fall back to it after these.
  for (const int status : {400, 403, 404, 405}) {
    InstanceFixture fixture;
    fixture.respond(status, "");

    EXPECT_NE(reason_not_configured(fixture.source()).find(std::to_string(status)),
              std::string::npos);
    EXPECT_EQ(fixture.request_count(), 1U);
  }
}

TEST(InstanceMetadata, is_not_configured_when_the_instance_has_no_role) {
  InstanceFixture without_list;
  without_list.give_token("t");
  without_list.respond(404, "");
  InstanceFixture with_empty_list;
  with_empty_list.give_token("t");
  with_empty_list.respond(200, "\n");

  EXPECT_EQ(reason_not_configured(without_list.source()), "the EC2 instance has no role");
  EXPECT_EQ(reason_not_configured(with_empty_list.source()), "the EC2 instance has no role");
}

TEST(InstanceMetadata, retries_after_a_server_error_and_after_no_response_once_it_is_there) {
  InstanceFixture fixture;
  fixture.respond(503, "");
  fixture.give_token("t");
  fixture.respond(500, "");
  fixture.lose(ErrorCode::timeout_error);
  fixture.give_role();

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

TEST(InstanceMetadata, fails_when_server_errors_do_not_end) {
  InstanceFixture fixture;
  for (int i = 0; i < 3; ++i) fixture.respond(503, "");

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::server_error);
  EXPECT_EQ(error.attempts, 3);
  EXPECT_TRUE(error.retryable);
}

TEST(InstanceMetadata, hands_out_expired_credentials) {
  InstanceFixture fixture;
  fixture.system->set_now(*base::parse_rfc3339("2026-01-02T10:00:00Z"));
  fixture.give_token("t");
  fixture.give_role();

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
}

struct EndpointCase {
  std::string name;
  std::string endpoint;
  std::string mode;
  std::string profile_endpoint;
  std::string profile_mode;
  std::string url;
};

TEST(InstanceMetadata, reads_its_address_from_the_environment_then_the_profile) {
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
    InstanceFixture fixture;
    auto config = std::make_shared<SharedConfig>();
    fixture.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", row.endpoint);
    fixture.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", row.mode);
    config->profiles["dev"]["ec2_metadata_service_endpoint"].value = row.profile_endpoint;
    config->profiles["dev"]["ec2_metadata_service_endpoint_mode"].value = row.profile_mode;
    fixture.context.config = config;
    fixture.give_token("t");
    fixture.give_role();

    static_cast<void>(found(fixture.source()));

    ASSERT_GE(fixture.request_count(), 1U) << row.name;
    EXPECT_EQ(fixture.request(0).url, row.url + "/latest/api/token") << row.name;
  }
}

TEST(InstanceMetadata, refuses_a_bad_mode_or_endpoint) {
  InstanceFixture bad_mode;
  bad_mode.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");
  InstanceFixture bad_endpoint;
  bad_endpoint.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ftp://x");

  EXPECT_EQ(failure(bad_mode.source()).code, ErrorCode::configuration_error);
  EXPECT_EQ(failure(bad_endpoint.source()).code, ErrorCode::configuration_error);
}

TEST(InstanceMetadata, follows_the_configured_timeout_and_attempts) {
  InstanceFixture fixture;
  fixture.system->set_env("AWS_METADATA_SERVICE_TIMEOUT", "5");
  fixture.system->set_env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4");
  for (int i = 0; i < 3; ++i) fixture.lose(ErrorCode::timeout_error);
  fixture.give_token("t");
  fixture.give_role();

  EXPECT_EQ(found(fixture.source()).access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(fixture.request_count(), 6U);
  EXPECT_EQ(fixture.request(0).limits.connect, std::chrono::seconds(5));
  EXPECT_EQ(fixture.request(0).limits.first_byte, std::chrono::seconds(5));
}

TEST(InstanceMetadata, refuses_a_wait_or_a_number_of_attempts_out_of_range) {
  for (const std::string name :
       {"AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"}) {
    for (const std::string value : {"0", "-1", "301", "1.5", "soon", "1s"}) {
      InstanceFixture fixture;
      fixture.system->set_env(name, value);

      const Error error = failure(fixture.source());

      EXPECT_EQ(error.code, ErrorCode::configuration_error) << name << '=' << value;
      EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
      EXPECT_EQ(fixture.request_count(), 0U);
    }
  }
}

struct BadDocument {
  std::string name;
  int status = 200;
  std::string body;
  std::string expected;
};

std::vector<BadDocument> bad_documents() {
  const std::string marker(kMarker);
  return {
      {"refused role", 200,
       R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})",
       "AssumeRoleUnauthorizedAccess"},
      {"refused role with credentials", 200,
       R"({"Code":"Failed","Message":")" + marker + R"(","SecretAccessKey":")" + marker + R"("})",
       "app-role"},
      {"gone", 404, marker, "404"},
      {"garbage", 200, "<html>" + marker, "JSON"},
      {"huge", 200, std::string(70'000, 'x') + marker, "64 KiB"},
      {"redirect", 301, marker, "redirect"},
      {"no token", 200, R"({"AccessKeyId":"A","SecretAccessKey":")" + marker + R"("})", "Token"},
  };
}

void PrintTo(const BadDocument& row, std::ostream* out) { *out << row.name; }

class InstanceDocumentTest : public ::testing::TestWithParam<BadDocument> {};

TEST_P(InstanceDocumentTest, names_the_problem_of_a_document_and_none_of_its_secrets) {
  const BadDocument& bad = GetParam();
  InstanceFixture fixture;
  fixture.give_token("session-" + std::string(kMarker));
  fixture.respond(200, "app-role");
  fixture.respond(bad.status, bad.body);

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::authentication_error) << bad.name;
  EXPECT_NE(test_support::all_text(error).find(bad.expected), std::string::npos)
      << bad.name << ": " << error.message;
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos) << bad.name;
}

INSTANTIATE_TEST_SUITE_P(Responses, InstanceDocumentTest, ::testing::ValuesIn(bad_documents()),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(InstanceMetadata, refuses_a_list_without_a_valid_role_name) {
  for (const std::string& list :
       {std::string("<html>M4RK3R-secret"), std::string("../../user-data"), std::string(65, 'a')}) {
    InstanceFixture fixture;
    fixture.give_token("t");
    fixture.respond(200, list);

    const Error error = failure(fixture.source());

    EXPECT_EQ(error.code, ErrorCode::authentication_error);
    EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
    EXPECT_EQ(fixture.request_count(), 2U);
  }
}

TEST(InstanceMetadata, refuses_a_token_that_a_header_cannot_contain) {
  InstanceFixture fixture;
  fixture.give_token("M4RK3R-secret\r\nx: y");

  const Error error = failure(fixture.source());

  EXPECT_EQ(error.code, ErrorCode::configuration_error);
  EXPECT_EQ(all_text(error).find(kMarker), std::string::npos);
  EXPECT_EQ(fixture.request_count(), 1U);
}

TEST(InstanceMetadata, finds_the_region) {
  InstanceFixture fixture;
  fixture.give_token("t");
  fixture.respond(200, "ap-southeast-2\n");

  const auto region = instance_metadata_region(fixture.context, {});

  ASSERT_TRUE(region);
  EXPECT_EQ(*region, "ap-southeast-2");
  EXPECT_EQ(fixture.request(1).url, "http://169.254.169.254/latest/meta-data/placement/region");
}

TEST(InstanceMetadata, finds_no_region_without_a_valid_response) {
  InstanceFixture silent;
  silent.lose(ErrorCode::timeout_error);
  InstanceFixture refused;
  refused.give_token("t");
  refused.respond(404, "");
  InstanceFixture hostile;
  hostile.give_token("t");
  hostile.respond(200, "x@evil.example/#");

  for (const InstanceFixture* fixture : {&silent, &refused, &hostile}) {
    const auto region = instance_metadata_region(fixture->context, {});
    ASSERT_TRUE(region);
    EXPECT_FALSE(region->has_value());
  }
}

TEST(InstanceMetadata, finds_no_region_when_it_is_stopped) {
  InstanceFixture fixture;
  fixture.respond(503, "");
  std::stop_source stop;
  fixture.system->on_sleep([&stop](auto) { stop.request_stop(); });

  const auto region = instance_metadata_region(fixture.context, stop.get_token());

  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
