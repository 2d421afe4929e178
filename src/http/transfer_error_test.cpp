#include "http/transfer_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <ostream>
#include <string>

namespace llm::http {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Row {
  std::string name;
  CURLcode failure;
  ErrorCode code;
  bool retryable;
  std::string message;
  std::string advice;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class TransferErrorTest : public testing::TestWithParam<Row> {};

TEST_P(TransferErrorTest, says_what_failed_and_what_to_do) {
  const Error error = transfer_error({.code = GetParam().failure,
                                      .host = "host.test",
                                      .ca_bundle = "/ca.pem",
                                      .connect_limit = std::chrono::milliseconds(3100)});

  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_EQ(error.retryable, GetParam().retryable);
  EXPECT_EQ(error.message, GetParam().message);
  EXPECT_EQ(error.advice, GetParam().advice);
}

TEST(TransferError, says_what_to_install_when_the_system_has_no_authorities) {
  const Error error = transfer_error({.code = CURLE_SSL_CACERT_BADFILE, .host = "host.test"});

  EXPECT_EQ(error.message, "Could not read this system's bundle of certificate authorities.");
  EXPECT_EQ(error.advice, "Install ca-certificates, or set SSL_CERT_FILE to a PEM file.");
}

const std::string kNotSent = "The connection to host.test was lost before the request was sent.";

INSTANTIATE_TEST_SUITE_P(
    Failures, TransferErrorTest,
    testing::Values(
        Row{"host_not_resolved", CURLE_COULDNT_RESOLVE_HOST, ErrorCode::connection_error, true,
            "Could not resolve the host host.test.", "Check the region and the network."},
        Row{"proxy_not_resolved", CURLE_COULDNT_RESOLVE_PROXY, ErrorCode::connection_error, true,
            "Could not resolve the proxy for host.test.", "Check HTTPS_PROXY and NO_PROXY."},
        Row{"not_connected", CURLE_COULDNT_CONNECT, ErrorCode::connection_error, true,
            "Could not connect to host.test.", "Check the endpoint, the network and the proxy."},
        Row{"connect_limit", CURLE_OPERATION_TIMEDOUT, ErrorCode::timeout_error, true,
            "Could not connect to host.test within 3100 ms (connect limit).",
            "Check the network, the proxy and the region."},
        Row{"certificate", CURLE_PEER_FAILED_VERIFICATION, ErrorCode::connection_error, false,
            "Could not verify the TLS certificate of host.test.",
            "If a proxy or a private endpoint uses its own certificate authority, set "
            "AWS_CA_BUNDLE to that authority's PEM file."},
        Row{"ca_bundle", CURLE_SSL_CACERT_BADFILE, ErrorCode::configuration_error, false,
            "Could not read the CA bundle \"/ca.pem\".",
            "Set AWS_CA_BUNDLE, ca_bundle or SSL_CERT_FILE to a PEM file."},
        Row{"handshake", CURLE_SSL_CONNECT_ERROR, ErrorCode::connection_error, true,
            "The TLS handshake with host.test failed.",
            "Check the endpoint, its port and the proxy."},
        Row{"not_http", CURLE_WEIRD_SERVER_REPLY, ErrorCode::connection_error, false,
            "The host host.test did not send a valid HTTP response.",
            "Check the endpoint's scheme and port."},
        Row{"nothing_received", CURLE_GOT_NOTHING, ErrorCode::connection_error, true, kNotSent, ""},
        Row{"receive_error", CURLE_RECV_ERROR, ErrorCode::connection_error, true, kNotSent, ""},
        Row{"not_rewound", CURLE_SEND_FAIL_REWIND, ErrorCode::connection_error, true, kNotSent, ""},
        Row{"memory", CURLE_OUT_OF_MEMORY, ErrorCode::internal_error, false,
            "The HTTP library could not send a request to host.test: Out of memory.", ""},
        Row{"other", CURLE_BAD_FUNCTION_ARGUMENT, ErrorCode::connection_error, true,
            "The request to host.test failed: A libcurl function was given a bad argument.",
            "Check the network."}),
    [](const auto& test) { return test.param.name; });

TEST(TransferError, says_that_no_local_port_is_left) {
  const Error error = transfer_error(
      {.code = CURLE_COULDNT_CONNECT, .host = "host.test", .system_error = EADDRNOTAVAIL});

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_TRUE(error.retryable);
  EXPECT_EQ(error.message, "No local port or address is left for a connection to host.test.");
  EXPECT_THAT(error.advice, HasSubstr("ip_local_port_range"));
}

TEST(TransferError, shows_the_text_of_libcurl_only_where_it_contains_no_data_of_the_peer) {
  const auto message = [](CURLcode code) {
    return transfer_error({.code = code, .host = "host.test", .detail = "detail"}).message;
  };

  for (const CURLcode code :
       {CURLE_COULDNT_CONNECT, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR}) {
    EXPECT_THAT(message(code), HasSubstr("detail")) << code;
  }
  for (const CURLcode code :
       {CURLE_WEIRD_SERVER_REPLY, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_WRITE_ERROR}) {
    EXPECT_THAT(message(code), Not(HasSubstr("detail"))) << code;
  }
}

TEST(TransferError, says_that_a_request_may_have_been_carried_out_once_it_was_sent) {
  const Error error =
      transfer_error({.code = CURLE_RECV_ERROR, .host = "host.test", .request_sent = true});

  EXPECT_EQ(error.message,
            "The connection to host.test was lost before a response arrived. The request may have "
            "been carried out.");
}

TEST(TransferError, counts_the_bytes_of_a_response_that_was_cut_short) {
  const Error error = transfer_error(
      {.code = CURLE_RECV_ERROR, .host = "host.test", .head_arrived = true, .body_bytes = 42});

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_THAT(error.message, HasSubstr("after 42 body bytes"));
}

}  // namespace
}  // namespace llm::http
