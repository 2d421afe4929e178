#include "http/target_cache.hpp"

#include <gtest/gtest.h>

namespace llm::http {
namespace {

TEST(TargetCache, returns_the_result_of_parsing_every_time) {
  TargetCache cache;
  for (const char* url :
       {"https://a.test/model/x?y=1", "https://a.test/other", "https://a.test?query=/",
        "https://a.test", "https://a.test:444/", "http://a.test/", "http://127.0.0.1:1/",
        "http://127.0.0.1:1?x", "http://[::1]:9/", "http:///a.test/", "a.test/x://b.test"}) {
    for (int i = 0; i < 2; ++i) {
      const auto expected = parse_target(url);

      const auto found = cache.find(url);

      ASSERT_EQ(found.has_value(), expected.has_value()) << url;
      if (!found) continue;
      EXPECT_EQ((*found)->origin, expected->origin) << url;
      EXPECT_EQ((*found)->host, expected->host) << url;
      EXPECT_EQ((*found)->loopback, expected->loopback) << url;
    }
  }
}

TEST(TargetCache, parses_a_known_host_once) {
  TargetCache cache;
  const auto first = cache.find("https://a.test/1");

  const auto second = cache.find("https://a.test/2?x");

  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second) << "the same object";
}

TEST(TargetCache, still_refuses_bytes_not_allowed_in_a_url) {
  using namespace std::string_literals;
  TargetCache cache;
  ASSERT_TRUE(cache.find("http://host/"));

  for (const std::string& url :
       {"http://host/a b"s, "http://host/a\r\nX: y"s, "http://host/a\0b"s, "http://host/#part"s,
        "http://host/\xc3\xa9"s, "http://host\n/"s, "http://user@host/"s, "http://host:99999/"s}) {
    const auto found = cache.find(url);

    ASSERT_FALSE(found) << url;
    EXPECT_EQ(found.error().code, ErrorCode::configuration_error) << url;
    EXPECT_EQ(found.error().message, parse_target(url).error().message);
  }
}

TEST(TargetCache, forgets_the_oldest_and_finds_it_again) {
  TargetCache cache;
  const auto first = cache.find("http://host/");
  for (int port = 1; port <= 20; ++port) {
    ASSERT_TRUE(cache.find("http://host:" + std::to_string(port) + "/"));
  }

  const auto again = cache.find("http://host/");

  ASSERT_TRUE(first && again);
  EXPECT_NE(*first, *again) << "another object";
  EXPECT_EQ((*first)->origin, (*again)->origin);
}

}  // namespace
}  // namespace llm::http
