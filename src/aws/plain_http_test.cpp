#include "aws/plain_http.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace llm::aws {
namespace {

struct Row {
  std::string_view name;
  std::string_view url;
  bool is_accepted;
  PeerRule peer;
};

class PlainHttpTest : public ::testing::TestWithParam<Row> {};

TEST_P(PlainHttpTest, stays_on_this_machine) {
  const Row& row = GetParam();
  const Endpoint endpoint = *parse_endpoint(row.url, "x");

  EXPECT_EQ(check_plain_http(endpoint, "x").has_value(), row.is_accepted);
  EXPECT_TRUE(check_plain_http(endpoint, "x", PlainHttp::anywhere));
  EXPECT_EQ(peer_rule(endpoint), row.peer);
}

INSTANTIATE_TEST_SUITE_P(
    Endpoints, PlainHttpTest,
    ::testing::Values(Row{"https", "https://host", true, PeerRule::any},
                      Row{"https_loopback", "https://localhost", true, PeerRule::any},
                      Row{"loopback_name", "http://localhost:1", true, PeerRule::loopback},
                      Row{"loopback_address", "http://127.0.0.1", true, PeerRule::loopback},
                      Row{"elsewhere", "http://host", false, PeerRule::any}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PlainHttp, is_refused_by_the_name_of_the_setting) {
  const auto checked = check_plain_http(*parse_endpoint("http://host", "x"), "AWS_ENDPOINT_URL");

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::configuration_error);
  EXPECT_TRUE(checked.error().message.starts_with("AWS_ENDPOINT_URL: Plain HTTP"));
  EXPECT_EQ(checked.error().advice, "Use https.");
}

TEST(PlainHttp, binds_a_url_to_loopback) {
  EXPECT_EQ(peer_rule("http://localhost/x"), PeerRule::loopback);
  EXPECT_EQ(peer_rule("https://host/x"), PeerRule::any);
}

}  // namespace
}  // namespace llm::aws
