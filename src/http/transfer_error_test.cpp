#include "http/transfer_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::http {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  CURLcode code;
  ErrorCode expected;
  bool retryable;
  const char* words;
};

TEST(TransferError, says_what_failed_where_and_whether_to_try_again) {
  const Case cases[] = {
      {CURLE_COULDNT_RESOLVE_HOST, ErrorCode::connection_error, true, "could not resolve the host"},
      {CURLE_COULDNT_RESOLVE_PROXY, ErrorCode::connection_error, true, "HTTPS_PROXY"},
      {CURLE_COULDNT_CONNECT, ErrorCode::connection_error, true, "could not connect"},
      {CURLE_OPERATION_TIMEDOUT, ErrorCode::timeout_error, true, "3100 ms (connect limit)"},
      {CURLE_PEER_FAILED_VERIFICATION, ErrorCode::connection_error, false, "AWS_CA_BUNDLE"},
      {CURLE_SSL_CACERT_BADFILE, ErrorCode::configuration_error, false, "\"/ca.pem\""},
      {CURLE_SSL_CONNECT_ERROR, ErrorCode::connection_error, true, "TLS handshake"},
      {CURLE_WEIRD_SERVER_REPLY, ErrorCode::connection_error, false, "no HTTP answer"},
      {CURLE_GOT_NOTHING, ErrorCode::connection_error, true, "before an answer came"},
      {CURLE_RECV_ERROR, ErrorCode::connection_error, true, "before an answer came"},
      {CURLE_SEND_FAIL_REWIND, ErrorCode::connection_error, true, "before an answer came"},
      {CURLE_OUT_OF_MEMORY, ErrorCode::internal_error, false, "HTTP library"},
      {CURLE_BAD_FUNCTION_ARGUMENT, ErrorCode::connection_error, true, "failed"},
  };
  for (const Case& expected : cases) {
    const Error error = transfer_error({.code = expected.code,
                                        .host = "host.test",
                                        .ca_bundle = "/ca.pem",
                                        .connect_limit = std::chrono::milliseconds(3100)});

    EXPECT_EQ(error.code, expected.expected) << expected.code;
    EXPECT_EQ(error.retryable, expected.retryable) << expected.code;
    EXPECT_THAT(error.message, HasSubstr(expected.words));
    if (error.code != ErrorCode::configuration_error) {
      EXPECT_THAT(error.message, HasSubstr("host.test"));
    }
  }
}

TEST(TransferError, shows_the_words_of_libcurl_only_where_no_peer_has_written_them) {
  const auto message = [](CURLcode code) {
    return transfer_error({.code = code, .host = "host.test", .detail = "words"}).message;
  };

  for (const CURLcode code :
       {CURLE_COULDNT_CONNECT, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR}) {
    EXPECT_THAT(message(code), HasSubstr("words")) << code;
  }
  for (const CURLcode code :
       {CURLE_WEIRD_SERVER_REPLY, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_WRITE_ERROR}) {
    EXPECT_THAT(message(code), Not(HasSubstr("words"))) << code;
  }
}

TEST(TransferError, counts_the_bytes_of_an_answer_that_was_cut_short) {
  const Error error = transfer_error(
      {.code = CURLE_RECV_ERROR, .host = "host.test", .head_arrived = true, .body_bytes = 42});

  EXPECT_EQ(error.code, ErrorCode::connection_error);
  EXPECT_THAT(error.message, HasSubstr("after 42 body bytes"));
}

}  // namespace
}  // namespace llm::http
