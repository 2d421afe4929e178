#include "local/http/http2_message.hpp"

#include <gtest/gtest.h>

namespace llm::local {
namespace {

Http2Request begun() {
  Http2Request request;
  request.add_field(":method", "POST");
  request.add_field(":scheme", "http");
  request.add_field(":authority", "127.0.0.1:8080");
  request.add_field(":path", "/model/a%3A1:2%2F/invoke?x=%20");
  return request;
}

TEST(Http2Request, takes_method_and_path_as_they_are) {
  Http2Request arriving = begun();
  arriving.add_data("{\"a\"");
  arriving.add_data(":1}");

  const Request request = arriving.take();

  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/model/a%3A1:2%2F/invoke?x=%20");
  EXPECT_EQ(request.body, "{\"a\":1}");
  EXPECT_EQ(request.defect, Defect::none);
  EXPECT_EQ(arriving.body_size(), 0U);
}

TEST(Http2Request, keeps_the_authority_and_makes_a_host_of_it) {
  const Request request = begun().take();

  EXPECT_EQ(request.header(":authority"), "127.0.0.1:8080");
  EXPECT_EQ(request.header("host"), "127.0.0.1:8080");
  EXPECT_EQ(request.headers.size(), 2U);
}

TEST(Http2Request, keeps_the_host_that_it_was_given) {
  Http2Request arriving = begun();
  arriving.add_field("host", "127.0.0.1:8080");

  const Request request = arriving.take();

  EXPECT_EQ(request.defect, Defect::none);
  EXPECT_EQ(request.headers.size(), 2U);
}

TEST(Http2Request, has_a_defect_when_its_host_is_not_its_authority) {
  Http2Request arriving = begun();
  arriving.add_field("host", "example.com");

  EXPECT_EQ(arriving.take().defect, Defect::malformed);
}

TEST(Http2Request, has_a_defect_when_a_header_that_decides_something_is_repeated) {
  Http2Request arriving = begun();
  arriving.add_field("authorization", "Bearer one");
  arriving.add_field("authorization", "Bearer two");

  EXPECT_EQ(arriving.take().defect, Defect::repeated_header);
}

TEST(Http2Request, has_a_defect_when_its_headers_are_over_the_limit) {
  // The name counts 1 and the field itself 32 (RFC 9113, section 6.5.2).
  Http2Request just;
  just.add_field("a", std::string(kMaxReceivedHeaderBytes - 33, 'x'));
  Http2Request over;
  over.add_field("a", std::string(kMaxReceivedHeaderBytes - 32, 'x'));

  EXPECT_EQ(just.defect(), Defect::none);
  EXPECT_EQ(over.defect(), Defect::headers_too_large);
  EXPECT_TRUE(over.take().headers.empty());
}

TEST(Http2Request, has_a_defect_and_keeps_no_more_when_its_body_is_over_the_limit) {
  Http2Request arriving;
  arriving.add_data(std::string(kMaxReceivedBodyBytes, 'x'));
  const Defect at_limit = arriving.defect();

  arriving.add_data("x");

  EXPECT_EQ(at_limit, Defect::none);
  EXPECT_EQ(arriving.defect(), Defect::body_too_large);
  EXPECT_EQ(arriving.body_size(), kMaxReceivedBodyBytes);
}

TEST(Http2Request, wants_continue_when_it_expects_it) {
  Http2Request arriving = begun();
  const bool before = arriving.wants_continue();

  arriving.add_field("expect", "100-Continue");

  EXPECT_FALSE(before);
  EXPECT_TRUE(arriving.wants_continue());
}

std::string joined(const Reply& reply) {
  std::string text;
  for (const HttpHeader& field : http2_fields(reply)) text += field.name + "=" + field.value + ";";
  return text;
}

TEST(Http2Fields, are_in_lower_case_after_the_status) {
  EXPECT_EQ(joined({.status = 403, .headers = {{"X-Amzn-ErrorType", "Aa"}}, .body = "{}"}),
            ":status=403;x-amzn-errortype=Aa;content-length=2;");
  EXPECT_EQ(joined({.streamed = true}), ":status=200;");
}

}  // namespace
}  // namespace llm::local
