#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "http/curl_transport.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_server.hpp"

namespace llm::http {
namespace {

using namespace std::chrono_literals;
using namespace test_support;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Sets a variable of the environment until the end of the scope.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// Names a proxy for both schemes, for every host.
struct ProxyEnvironment {
  explicit ProxyEnvironment(const std::string& url)
      : http("http_proxy", url), https("HTTPS_PROXY", url) {}
  ScopedVariable http;
  ScopedVariable https;
  ScopedVariable exceptions{"NO_PROXY", ""};
  ScopedVariable lower_exceptions{"no_proxy", ""};
};

TEST(CurlRoute, goes_through_the_proxy_of_the_environment) {
  RawServer proxy(always_respond(http_response("by proxy")));
  const ProxyEnvironment environment(proxy.url());

  const auto response = fetch(*curl_transport(), get("http://host.invalid/path"));

  EXPECT_EQ(response, "by proxy");
  EXPECT_THAT(proxy.requests().at(0), StartsWith("GET http://host.invalid/path HTTP/1.1\r\n"));
}

TEST(CurlRoute, shows_a_proxy_no_header_of_a_request_that_it_tunnels) {
  RawServer proxy({read_request(),
                   send_bytes("HTTP/1.1 407 Proxy Authentication Required\r\n"
                              "Content-Length: 4\r\n\r\nhtml"),
                   await_close()});
  const ProxyEnvironment environment(proxy.url());
  HttpRequest request = get("https://host.invalid/");
  request.headers = {{.name = "Authorization", .value = "Bearer s3cret"}};

  const auto response = curl_transport()->send(request, {});

  EXPECT_THAT(proxy.requests().at(0), StartsWith("CONNECT host.invalid:443 HTTP/1.1\r\n"));
  EXPECT_THAT(proxy.requests().at(0), Not(HasSubstr("s3cret")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_THAT(response.error().message, HasSubstr("status 407"));
}

TEST(CurlRoute, verifies_a_proxy_that_speaks_tls) {
  const TemporaryDirectory folder;
  TlsServer proxy("IP:127.0.0.1", http_response("by proxy"));
  TlsServer expired("IP:127.0.0.1", http_response("by proxy"), std::chrono::hours(-1));
  const auto bundle = folder.path() / "bundle.pem";
  write_file(bundle, proxy.certificate_pem() + expired.certificate_pem());
  const auto trusting = curl_transport({.ca_bundle = bundle.string(), .user_agent = {}});
  const HttpRequest request = get("http://host.invalid/path");

  {
    const ProxyEnvironment environment(proxy.url());
    EXPECT_EQ(fetch(*trusting, request), "by proxy");
    EXPECT_FALSE(fetch(*curl_transport(), request)) << "nobody vouches for it";
  }
  const ProxyEnvironment environment(expired.url());
  EXPECT_FALSE(fetch(*curl_transport({.ca_bundle = bundle.string(), .user_agent = {}}), request));

  EXPECT_EQ(proxy.requests(), 1);
  EXPECT_EQ(expired.requests(), 0);
}

TEST(CurlRoute, leaves_loopback_out_of_the_proxy_of_the_environment) {
  RawServer proxy(always_respond(http_response("by proxy")));
  RawServer server(always_respond(http_response("directly")));
  const ProxyEnvironment environment(proxy.url());

  const auto by_address = fetch(*curl_transport(), get(server.url()));
  const auto by_name =
      fetch(*curl_transport(), get("http://localhost:" + std::to_string(server.port())));

  EXPECT_EQ(by_address, "directly");
  EXPECT_EQ(by_name, "directly");
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST(CurlRoute, uses_no_proxy_when_the_request_forbids_it_or_restricts_its_peer) {
  RawServer proxy(always_respond(http_response("by proxy")));
  const ProxyEnvironment environment(proxy.url());
  HttpRequest direct = get("http://host.invalid/");
  direct.proxy = ProxyUse::never;
  HttpRequest ruled = get("http://host.invalid/");
  ruled.peer = PeerRule::loopback;

  for (const HttpRequest& request : {direct, ruled}) {
    const auto response = curl_transport()->send(request, {});

    ASSERT_FALSE(response);
    EXPECT_THAT(response.error().message, HasSubstr("Could not resolve the host"));
  }
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST(CurlRoute, takes_no_password_from_a_netrc_file) {
  const TemporaryDirectory home;
  write_file(home.path() / ".netrc", "default login somebody password s3cret\n");
  const ScopedVariable variable("HOME", home.path().string());
  RawServer server(always_respond(http_response("ok")));

  ASSERT_EQ(fetch(*curl_transport(), get(server.url())), "ok");

  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Authorization")));
}

TEST(CurlRoute, goes_to_loopback_under_every_rule) {
  RawServer server(always_respond(http_response("ok")));

  for (const PeerRule rule : {PeerRule::any, PeerRule::loopback, PeerRule::metadata}) {
    HttpRequest request = get(server.url());
    request.peer = rule;

    EXPECT_EQ(fetch(*curl_transport(), request), "ok") << static_cast<int>(rule);
  }
}

TEST(CurlRoute, does_not_connect_to_an_address_that_the_rule_forbids) {
  // RFC 5737 and RFC 3849 addresses for documentation: nobody has them.
  for (const char* url :
       {"http://192.0.2.1/", "http://[2001:db8::1]/", "http://[::ffff:192.0.2.1]/"}) {
    for (const PeerRule rule : {PeerRule::loopback, PeerRule::metadata}) {
      HttpRequest request = get(url);
      request.peer = rule;
      request.limits.connect = 100ms;

      const auto response = curl_transport()->send(request, {});

      ASSERT_FALSE(response) << url;
      EXPECT_EQ(response.error().code, ErrorCode::connection_error) << url;
      EXPECT_FALSE(response.error().retryable) << url;
      EXPECT_THAT(response.error().message, HasSubstr("its address is not allowed"));
    }
  }
}

}  // namespace
}  // namespace llm::http
