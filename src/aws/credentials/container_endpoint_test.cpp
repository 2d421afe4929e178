#include "aws/credentials/container_endpoint.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace llm::aws {
namespace {

TEST(ContainerEndpoint, takes_a_path_at_the_address_of_ecs) {
  const auto endpoint = container_endpoint_from_path("/v2/credentials/id?a=b");

  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->url, "http://169.254.170.2/v2/credentials/id?a=b");
  EXPECT_EQ(endpoint->host, "169.254.170.2");
  EXPECT_EQ(endpoint->peer, PeerRule::metadata);
}

TEST(ContainerEndpoint, refuses_a_relative_uri_that_would_change_the_host) {
  const std::vector<std::string> cases = {
      "@evil.example/",    ".evil.example/", "evil",       "",
      ":80@evil.example/", "/a b",           "/a\r\nx: y", "/a#b"};

  for (const std::string& path : cases) {
    const auto endpoint = container_endpoint_from_path(path);
    ASSERT_FALSE(endpoint) << path;
    EXPECT_EQ(endpoint.error().code, ErrorCode::configuration_error);
  }
}

struct AllowedUrl {
  std::string given;
  std::string url;
  std::string host;
  PeerRule peer = PeerRule::metadata;
};

TEST(ContainerEndpoint, takes_https_and_the_plain_addresses_over_http) {
  const std::vector<AllowedUrl> cases = {
      {"http://169.254.170.2/creds", "http://169.254.170.2/creds", "169.254.170.2"},
      {"http://169.254.170.23/v1/credentials", "http://169.254.170.23/v1/credentials",
       "169.254.170.23"},
      {"http://[fd00:ec2::23]/v1", "http://[fd00:ec2::23]/v1", "[fd00:ec2::23]"},
      {"http://127.0.0.1:8080/creds?role=x", "http://127.0.0.1:8080/creds?role=x",
       "127.0.0.1:8080"},
      {"http://127.8.9.10/", "http://127.8.9.10/", "127.8.9.10"},
      {"http://[::1]:9000/a/", "http://[::1]:9000/a/", "[::1]:9000"},
      {"http://localhost:1338/x", "http://localhost:1338/x", "localhost:1338"},
      {"http://localhost?x=1", "http://localhost/?x=1", "localhost"},
      {"https://credentials.example/creds", "https://credentials.example/creds",
       "credentials.example", PeerRule::any},
  };

  for (const AllowedUrl& allowed : cases) {
    const auto endpoint = container_endpoint_from_url(allowed.given);
    ASSERT_TRUE(endpoint) << allowed.given;
    EXPECT_EQ(endpoint->url, allowed.url);
    EXPECT_EQ(endpoint->host, allowed.host);
    EXPECT_EQ(endpoint->peer, allowed.peer) << allowed.given;
  }
}

TEST(ContainerEndpoint, refuses_other_hosts_and_other_spellings_over_http) {
  const std::vector<std::string> cases = {
      "http://credentials.example/creds",
      "http://127.1/",
      "http://2130706433/",
      "http://0x7f.1/",
      "http://0x7f000001/",
      "http://0177.0.0.1/",
      "http://127.0.0.01/",
      "http://127.0.0.256/",
      "http://127.0.0/",
      "http://127.0.0.1.evil.example/",
      "http://[::ffff:127.0.0.1]/",
      "http://[::ffff:169.254.170.2]/",
      "http://169.254.169.254/latest/",
      "http://169.254.170.2.evil.example/",
      "http://localhost.evil.example/",
      "http://localhost./",
      "http://user@127.0.0.1/",
      "http://127.0.0.1@evil.example/",
      "http://127.0.0.1\\@evil.example/",
      "http://evil.example#@127.0.0.1/",
      "http://evil.example/?@127.0.0.1/",
      "http:///creds",
      "http://127.0.0.1:0x50/",
      "http://127.0.0.1:99999/",
      "http://127.0.0.1/a b",
      "http://127.0.0.1/a\nb",
      "ftp://127.0.0.1/",
      "file:///etc/passwd",
      "127.0.0.1/creds",
      "https://user:password@credentials.example/",
      "",
  };

  for (const std::string& url : cases) {
    const auto endpoint = container_endpoint_from_url(url);
    ASSERT_FALSE(endpoint) << url << " became " << endpoint->url;
    EXPECT_EQ(endpoint.error().code, ErrorCode::configuration_error) << url;
  }
}

}  // namespace
}  // namespace llm::aws
