#include "http/target.hpp"

#include <gtest/gtest.h>

namespace llm::http {
namespace {

TEST(Target, takes_origin_and_host_from_a_url) {
  const auto plain =
      parse_target("https://bedrock-runtime.us-east-1.amazonaws.com/model/a%3A0/invoke?x=1");
  const auto ported = parse_target("http://Example.test:8080/");

  ASSERT_TRUE(plain && ported);
  EXPECT_EQ(plain->origin, "https://bedrock-runtime.us-east-1.amazonaws.com:443");
  EXPECT_EQ(plain->host, "bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_EQ(ported->host, "Example.test:8080");
}

TEST(Target, knows_loopback_in_every_spelling) {
  for (const char* url :
       {"http://127.0.0.1/", "http://127.9.9.9:1/", "http://localhost/", "http://LOCALHOST:80/",
        "http://[::1]:9/", "http://127.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/"}) {
    const auto target = parse_target(url);

    ASSERT_TRUE(target) << url;
    EXPECT_TRUE(target->loopback) << url;
  }
  for (const char* url : {"http://128.0.0.1/", "http://localhost.example/", "http://[::2]/"}) {
    const auto target = parse_target(url);

    ASSERT_TRUE(target) << url;
    EXPECT_FALSE(target->loopback) << url;
  }
}

TEST(Target, refuses_a_url_that_would_not_be_sent_as_written) {
  using namespace std::string_literals;
  for (const std::string& url :
       {"file:///etc/passwd"s, "ftp://host/"s, "gopher://host/"s, "host/path"s, ""s, "http://"s,
        "http://user@host/"s, "http://user:secret@host/"s, "http://:secret@host/"s,
        "http://host/a b"s, "http://host/a\r\nX: y"s, "http://host/a\0b"s, "http://host/#part"s,
        "http://host/\xc3\xa9"s, "http://host:99999/"s}) {
    const auto target = parse_target(url);

    ASSERT_FALSE(target) << url;
    EXPECT_EQ(target.error().code, ErrorCode::configuration_error) << url;
    EXPECT_EQ(target.error().message.find("secret"), std::string::npos) << target.error().message;
  }
}

TEST(RequestHead, refuses_headers_that_would_corrupt_the_request) {
  using namespace std::string_literals;
  const HttpHeader cases[] = {
      {.name = "X-A", .value = "secret\r\nX-Injected: yes"},
      {.name = "X-A", .value = "secret\nX"},
      {.name = "X-A", .value = "secret\0x"s},
      {.name = "X-A", .value = "secret\x7f"},
      {.name = "X-A", .value = "secret\tx"},
      {.name = "X A", .value = "secret"},
      {.name = "X-A:", .value = "secret"},
      {.name = "X-A\r\nX-B", .value = "secret"},
      {.name = "", .value = "secret"},
      {.name = "Transfer-Encoding", .value = "chunked, secret"},
      {.name = "content-length", .value = "3 secret"},
  };
  for (const HttpHeader& header : cases) {
    const auto checked =
        check_head({.headers = {header}, .body = std::make_shared<const std::string>("four")});

    ASSERT_FALSE(checked) << header.name;
    EXPECT_EQ(checked.error().code, ErrorCode::configuration_error);
    EXPECT_EQ(checked.error().message.find("secret"), std::string::npos);
  }
}

TEST(RequestHead, accepts_utf8_values_and_the_actual_length) {
  const auto checked = check_head({.headers = {{.name = "X-A", .value = "caf\xc3\xa9"},
                                               {.name = "Content-Length", .value = "4"}},
                                   .body = std::make_shared<const std::string>("four")});

  EXPECT_TRUE(checked);
}

TEST(RequestHead, refuses_a_method_that_is_not_a_token) {
  EXPECT_FALSE(check_head({.method = "GET / HTTP/1.1\r\nX: y"}));
  EXPECT_FALSE(check_head({.method = ""}));
}

}  // namespace
}  // namespace llm::http
