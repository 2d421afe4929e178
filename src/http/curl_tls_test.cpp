#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/curl_transport.hpp"
#include "tests/support/exchange.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_server.hpp"

namespace llm::http {
namespace {

using namespace test_support;
using testing::HasSubstr;

/// A transport that trusts this certificate alone.
std::shared_ptr<const Transport> trusting(const TlsServer& server,
                                          const TemporaryDirectory& folder) {
  const auto bundle = folder.path() / "bundle.pem";
  write_file(bundle, server.certificate_pem());
  return curl_transport({.ca_bundle = bundle.string(), .user_agent = {}});
}

TEST(CurlTls, sends_nothing_to_a_host_whose_certificate_nobody_vouches_for) {
  TlsServer server("IP:127.0.0.1", http_response("ok"));

  const auto response = curl_transport()->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().advice, HasSubstr("AWS_CA_BUNDLE"));
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, trusts_the_given_bundle) {
  const TemporaryDirectory folder;
  TlsServer server("IP:127.0.0.1", http_response("ok"));

  EXPECT_EQ(fetch(*trusting(server, folder), get(server.url())), "ok");
}

TEST(CurlTls, sends_nothing_to_a_host_of_another_name) {
  const TemporaryDirectory folder;
  TlsServer server("DNS:bedrock.example", http_response("ok"));

  const auto response = trusting(server, folder)->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, HasSubstr("Could not verify the TLS certificate"));
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, sends_nothing_to_a_host_whose_certificate_has_expired) {
  const TemporaryDirectory folder;
  TlsServer server("IP:127.0.0.1", http_response("ok"), std::chrono::hours(-1));

  const auto response = trusting(server, folder)->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_THAT(response.error().message, HasSubstr("expired"));
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, still_refuses_a_stranger_after_a_host_that_it_trusts) {
  const TemporaryDirectory folder;
  TlsServer server("IP:127.0.0.1", http_response("ok"));
  TlsServer stranger("IP:127.0.0.1", http_response("ok"));
  TlsServer misnamed("DNS:bedrock.example", http_response("ok"));
  write_file(folder.path() / "both.pem", server.certificate_pem() + misnamed.certificate_pem());
  const auto transport =
      curl_transport({.ca_bundle = (folder.path() / "both.pem").string(), .user_agent = {}});

  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fetch(*transport, get(server.url())), "ok");
    EXPECT_FALSE(fetch(*transport, get(stranger.url())));
    EXPECT_FALSE(fetch(*transport, get(misnamed.url())));
  }
  EXPECT_EQ(stranger.requests() + misnamed.requests(), 0);
}

TEST(CurlTls, takes_a_changed_bundle_for_the_next_connection) {
  const TemporaryDirectory folder;
  TlsServer first("IP:127.0.0.1", http_response("first"));
  TlsServer second("IP:127.0.0.1", http_response("second"));
  const auto transport = trusting(first, folder);
  ASSERT_EQ(fetch(*transport, get(first.url())), "first");
  ASSERT_FALSE(fetch(*transport, get(second.url())));

  write_file(folder.path() / "bundle.pem", first.certificate_pem() + second.certificate_pem());

  EXPECT_EQ(fetch(*transport, get(second.url())), "second");
}

TEST(CurlTls, names_a_bundle_without_a_certificate) {
  const TemporaryDirectory folder;
  TlsServer server("IP:127.0.0.1", http_response("ok"));
  const std::string bundle = (folder.path() / "bundle.pem").string();
  write_file(bundle, "no PEM");

  const auto response =
      curl_transport({.ca_bundle = bundle, .user_agent = {}})->send(get(server.url()), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(response.error().message, HasSubstr(bundle));
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, names_a_bundle_that_cannot_be_read_and_reads_none_for_http) {
  TlsServer secure("IP:127.0.0.1", http_response("ok"));
  RawServer plain(always_respond(http_response("ok")));
  const auto transport = curl_transport({.ca_bundle = "/nowhere/bundle.pem", .user_agent = {}});

  const auto refused = transport->send(get(secure.url()), {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(refused.error().message, HasSubstr("\"/nowhere/bundle.pem\""));
  EXPECT_EQ(fetch(*transport, get(plain.url())), "ok");
}

}  // namespace
}  // namespace llm::http
