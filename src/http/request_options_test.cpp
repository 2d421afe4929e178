#include "http/request_options.hpp"

#include <gtest/gtest.h>

namespace llm::http {
namespace {

TEST(EasyOptions, report_an_option_that_this_libcurl_refuses) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  EasyOptions options(easy.get());

  options.set(CURLOPT_PROTOCOLS_STR, "https,no-such-protocol");
  options.set(CURLOPT_NOSIGNAL, 1L);

  EXPECT_NE(options.code(), CURLE_OK);
}

}  // namespace
}  // namespace llm::http
