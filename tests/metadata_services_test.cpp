// The credential sources that use a network service, over libcurl and a loopback server.
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "http/curl_transport.hpp"
#include "json/writer.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/p256_key.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/sts_responses.hpp"

namespace llm {
namespace {

using aws::ProviderPtr;
using test_support::failure;
using test_support::found;
using test_support::http_response;
using test_support::RawServer;
using test_support::reason_not_configured;

constexpr std::string_view kRolesPath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kDocument =
    R"({"Code":"Success","AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret",)"
    R"("Token":"token","Expiration":"2026-01-02T09:04:05Z"})";
constexpr std::string_view kPortalAnswer =
    R"({"roleCredentials":{"accessKeyId":"ASIAEXAMPLE","secretAccessKey":"secret",)"
    R"("sessionToken":"token","expiration":1767326645000}})";
constexpr std::string_view kSigninAnswer =
    R"({"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"secret",)"
    R"("sessionToken":"token"},"expiresIn":900,"refreshToken":"next"})";
constexpr std::string_view kRoleArn = "arn:aws:iam::123456789012:role/app";

// Responses by request line, `GET /path`: each in turn, then the last one again; 404 for the rest.
class Routes {
 public:
  void on(std::string_view line, std::vector<std::string> responses) {
    const std::scoped_lock lock(mutex_);
    responses_[std::string(line)] = std::move(responses);
  }

  [[nodiscard]] std::string respond(const std::string& request) {
    const std::scoped_lock lock(mutex_);
    const auto found = responses_.find(request.substr(0, request.find(" HTTP/1.1")));
    if (found == responses_.end()) return http_response("", "404 Not Found");
    std::vector<std::string>& left = found->second;
    std::string next = left.front();
    if (left.size() > 1) left.erase(left.begin());
    return next;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> responses_;
};

// Every service on one loopback server, called through libcurl; clock, files and variables
// scripted.
struct MetadataServices : test_support::CredentialFixture {
  MetadataServices() {
    context.transport = http::curl_transport();
    system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url(""));
    system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/container?id=1"));
    system->set_env("AWS_ENDPOINT_URL_STS", server.url("/sts"));
    system->set_env("AWS_ENDPOINT_URL_SSO", server.url("/portal"));
    system->set_env("AWS_ENDPOINT_URL_SSO_OIDC", server.url("/oidc"));
    system->set_env("AWS_ENDPOINT_URL_SIGNIN", server.url("/signin"));
    routes.on("PUT /latest/api/token", {http_response("token-1"), http_response("token-2")});
    routes.on("GET " + std::string(kRolesPath), {http_response("app")});
    routes.on("GET " + std::string(kRolesPath) + "app", {http_response(kDocument)});
    routes.on("GET /container?id=1", {http_response(kDocument)});
    routes.on("GET /portal/federation/credentials?role_name=Dev&account_id=123456789012",
              {http_response(kPortalAnswer)});
    routes.on("POST /signin/v1/token", {http_response(kSigninAnswer)});
  }

  [[nodiscard]] ProviderPtr instance() const { return instance_metadata_source(context); }
  [[nodiscard]] ProviderPtr container() const { return container_source(context); }
  [[nodiscard]] ProviderPtr web_identity() const {
    return web_identity_source(context, {.token_file = "/token",
                                         .role_arn = std::string(kRoleArn),
                                         .session_name = "me",
                                         .source = "environment"});
  }
  [[nodiscard]] ProviderPtr sso() const {
    return sso_source(context, {.session_name = "corp",
                                .start_url = "https://example.awsapps.com/start",
                                .region = "eu-west-1",
                                .account_id = "123456789012",
                                .role_name = "Dev",
                                .source = "profile \"dev\""});
  }

  Routes routes{};
  RawServer server{{test_support::respond(
                        [this](const std::string& request) { return routes.respond(request); }),
                    test_support::repeat_script()}};
};

// A variable of this process: libcurl reads its proxies there.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() {
    if (old_) {
      ::setenv(name_, old_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_{};
};

std::string keys_of(const ProviderPtr& source) {
  const aws::Credentials credentials = found(source);
  return credentials.access_key_id.empty() ? credentials.source : credentials.access_key_id;
}

TEST(MetadataServices, gives_the_credentials_of_an_instance) {
  MetadataServices fixture;

  EXPECT_EQ(keys_of(fixture.instance()), "ASIAEXAMPLE");

  const auto requests = fixture.server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_NE(requests[0].find("x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"), std::string::npos);
  EXPECT_NE(requests[2].find("x-aws-ec2-metadata-token: token-1\r\n"), std::string::npos);
}

TEST(MetadataServices, gives_the_credentials_of_an_instance_that_refuses_the_first_token) {
  MetadataServices fixture;
  fixture.routes.on("GET " + std::string(kRolesPath),
                    {http_response("", "401 Unauthorized"), http_response("app")});

  EXPECT_EQ(keys_of(fixture.instance()), "ASIAEXAMPLE");
  EXPECT_NE(fixture.server.requests().back().find("x-aws-ec2-metadata-token: token-2\r\n"),
            std::string::npos);
}

TEST(MetadataServices, gives_the_credentials_of_a_container_with_its_token) {
  MetadataServices fixture;
  fixture.system->set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/pod-token");
  fixture.system->set_file("/pod-token", "Bearer abc");

  EXPECT_EQ(keys_of(fixture.container()), "ASIAEXAMPLE");
  EXPECT_NE(fixture.server.requests().at(0).find("authorization: Bearer abc\r\n"),
            std::string::npos);
}

TEST(MetadataServices, gives_the_credentials_of_a_role_with_a_web_identity) {
  MetadataServices fixture;
  fixture.system->set_file("/token", "web+token\n");
  fixture.routes.on(
      "POST /sts/",
      {http_response(test_support::sts_error("IDPCommunicationError", "x"), "400 Bad Request"),
       http_response(test_support::sts_credentials("AssumeRoleWithWebIdentity", "secret"))});

  EXPECT_EQ(keys_of(fixture.web_identity()), "ASIAEXAMPLE");
  EXPECT_TRUE(fixture.server.requests().at(1).ends_with("&WebIdentityToken=web%2Btoken"));
}

TEST(MetadataServices, gives_the_credentials_of_a_role_taken_with_the_keys_of_the_instance) {
  MetadataServices fixture;
  fixture.routes.on("POST /sts/",
                    {http_response(test_support::sts_credentials("AssumeRole", "secret"))});
  const ProviderPtr source = assume_role_source(
      fixture.context, {.role_arn = std::string(kRoleArn), .source = "profile \"dev\""},
      fixture.instance());

  EXPECT_EQ(keys_of(source), "ASIAEXAMPLE");
  const std::string request = fixture.server.requests().back();
  EXPECT_NE(request.find("authorization: AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20260102/"
                         "eu-west-1/sts/aws4_request, "),
            std::string::npos);
  EXPECT_NE(request.find("&RoleSessionName=llm-bedrock-1767323045000"), std::string::npos);
}

TEST(MetadataServices,
     gives_the_credentials_of_a_role_of_iam_identity_center_with_a_refreshed_token) {
  MetadataServices fixture;
  // SHA-1 of `corp`.
  fixture.system->set_file(
      "/home/u/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
      R"({"accessToken":"old","expiresAt":"2026-01-02T03:04:06Z","clientId":"c",)"
      R"("clientSecret":"s","registrationExpiresAt":"2026-02-01T00:00:00Z","refreshToken":"r"})");
  fixture.routes.on("POST /oidc/token",
                    {http_response(R"({"accessToken":"new","expiresIn":3600})")});

  EXPECT_EQ(keys_of(fixture.sso()), "ASIAEXAMPLE");
  const auto requests = fixture.server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[1].find("x-amz-sso_bearer_token: new\r\n"), std::string::npos);
}

TEST(MetadataServices, renews_the_credentials_of_a_login_session) {
  MetadataServices fixture;
  // SHA-256 of the ARN below.
  fixture.system->set_file(
      "/home/u/.aws/login/cache/"
      "9c1b2d83f477d75d462f45debe3b2760a8c7eeac3071e5c6f0f4206b59f09242.json",
      R"({"accessToken":{"accessKeyId":"ASIAOLD","secretAccessKey":"s","sessionToken":"t",)"
      R"("expiresAt":"2026-01-02T03:04:06Z"},"refreshToken":"r","clientId":"c","dpopKey":)" +
          json::quoted(test_support::new_p256_key()) + "}");

  EXPECT_EQ(keys_of(login_source(fixture.context, "arn:aws:sts::123456789012:assumed-role/dev/me",
                                 "eu-west-1")),
            "ASIANEW");
  EXPECT_NE(fixture.server.requests().at(0).find("\r\nDPoP: ey"), std::string::npos);
}

TEST(MetadataServices, asks_metadata_services_directly_whatever_the_proxies_of_the_environment) {
  MetadataServices fixture;
  RawServer proxy(test_support::always_respond(http_response(kDocument)));
  const ScopedVariable lower("http_proxy", proxy.url());
  const ScopedVariable upper("HTTP_PROXY", proxy.url());
  const ScopedVariable all("ALL_PROXY", proxy.url());
  const ScopedVariable exceptions("NO_PROXY", "");

  EXPECT_EQ(keys_of(fixture.instance()), "ASIAEXAMPLE");
  EXPECT_EQ(keys_of(fixture.container()), "ASIAEXAMPLE");
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST(MetadataServices, asks_again_after_a_server_error) {
  MetadataServices fixture;
  const std::string busy = http_response("<html>busy</html>", "503 Service Unavailable");
  fixture.routes.on("PUT /latest/api/token", {busy, http_response("token-1")});
  fixture.routes.on("GET " + std::string(kRolesPath) + "app",
                    {busy, busy, http_response(kDocument)});
  fixture.routes.on("GET /container?id=1", {busy, http_response(kDocument)});

  EXPECT_EQ(keys_of(fixture.instance()), "ASIAEXAMPLE");
  EXPECT_EQ(keys_of(fixture.container()), "ASIAEXAMPLE");
}

TEST(MetadataServices, follows_no_redirect) {
  MetadataServices fixture;
  const std::string redirect =
      "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + fixture.server.url("/elsewhere") +
      "\r\nContent-Length: 0\r\n\r\n";
  fixture.routes.on("GET " + std::string(kRolesPath) + "app", {redirect});
  fixture.routes.on("GET /container?id=1", {redirect});
  fixture.routes.on("POST /sts/", {redirect});
  fixture.system->set_file("/token", "t");

  for (const ProviderPtr& source :
       {fixture.instance(), fixture.container(), fixture.web_identity()}) {
    EXPECT_NE(failure(source).message.find("redirect"), std::string::npos);
  }
  for (const std::string& request : fixture.server.requests()) {
    EXPECT_EQ(request.find("/elsewhere"), std::string::npos);
  }
}

TEST(MetadataServices, refuses_garbage) {
  MetadataServices fixture;
  fixture.routes.on("GET " + std::string(kRolesPath) + "app", {http_response("{\"Code\":")});
  fixture.routes.on("GET /container?id=1", {http_response("<html>")});
  fixture.routes.on("POST /sts/", {http_response("<a><b></a>")});
  fixture.system->set_file("/token", "t");

  for (const ProviderPtr& source :
       {fixture.instance(), fixture.container(), fixture.web_identity()}) {
    EXPECT_EQ(failure(source).code, ErrorCode::authentication_error);
  }
}

TEST(MetadataServices, ends_a_response_without_end) {
  MetadataServices fixture;
  RawServer endless({test_support::read_request(),
                     test_support::send_bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
                     test_support::send_endlessly(std::string(4096, 'x'))});
  fixture.system->set_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", endless.url("/c"));

  const Error error = failure(fixture.container());

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_NE(error.message.find("64 KiB"), std::string::npos) << error.message;
}

TEST(MetadataServices, gives_up_on_a_service_that_does_not_respond_after_a_second) {
  MetadataServices fixture;
  RawServer silent({test_support::read_request(), test_support::await_close()});
  fixture.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.url(""));
  const auto start = std::chrono::steady_clock::now();

  const Error error = failure(fixture.instance());

  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_NE(error.advice.find("hop limit"), std::string::npos) << error.message;
  EXPECT_EQ(silent.requests().size(), 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(MetadataServices, connects_to_metadata_services_only) {
  MetadataServices fixture;
  // TEST-NET-1 (RFC 5737): nothing responds there, and it must not even be tried.
  fixture.system->set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1");

  const Error error = failure(fixture.instance());

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_NE(error.message.find("address is not allowed"), std::string::npos) << error.message;
}

TEST(MetadataServices, finds_the_region_of_the_instance) {
  MetadataServices fixture;
  fixture.routes.on("GET /latest/meta-data/placement/region", {http_response("sa-east-1")});

  const auto region = instance_metadata_region(fixture.context, {});

  ASSERT_TRUE(region);
  EXPECT_EQ(region->value_or(""), "sa-east-1");
}

}  // namespace
}  // namespace llm
