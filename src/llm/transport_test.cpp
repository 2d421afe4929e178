#include <llm/transport.hpp>

#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(HttpResponseHead, finds_a_header_whatever_its_case) {
  const HttpResponseHead head{.status = 200,
                              .headers = {{"Content-Type", "application/json"},
                                          {"x-amzn-RequestId", "1"},
                                          {"X-Amzn-RequestID", "2"}}};

  EXPECT_EQ(head.header("content-type"), "application/json");
  EXPECT_EQ(head.header("X-AMZN-REQUESTID"), "1");
  EXPECT_EQ(head.header("content"), "");
}

}  // namespace
}  // namespace llm
