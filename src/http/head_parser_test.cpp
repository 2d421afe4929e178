#include "http/head_parser.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>

namespace llm::http {
namespace {

HeadParser parse(std::initializer_list<std::string_view> lines) {
  HeadParser parser;
  for (const std::string_view line : lines) EXPECT_FALSE(parser.take_line(line)) << line;
  return parser;
}

TEST(HeadParser, reads_status_and_trimmed_fields_in_order) {
  const HeadParser parser = parse(
      {"HTTP/1.1 404 Not Found\r\n", "X-A:  one two \t\r\n", "x-b:\r\n", "X-A: a:b\r\n", "\r\n"});

  const std::vector<HttpHeader> expected = {{.name = "X-A", .value = "one two"},
                                            {.name = "x-b", .value = ""},
                                            {.name = "X-A", .value = "a:b"}};
  EXPECT_TRUE(parser.complete());
  EXPECT_EQ(parser.head().status, 404);
  EXPECT_EQ(parser.head().headers, expected);
}

TEST(HeadParser, skips_interim_responses_and_trailers) {
  const HeadParser parser = parse({"HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n",
                                   "HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n", "Trailer: late\r\n"});

  EXPECT_EQ(parser.head().status, 200);
  EXPECT_EQ(parser.head().headers, (std::vector<HttpHeader>{{.name = "A", .value = "1"}}));
}

TEST(HeadParser, has_not_started_after_an_interim_response) {
  const HeadParser parser = parse({"HTTP/1.1 100 Continue\r\n", "\r\n"});

  EXPECT_FALSE(parser.started());
  EXPECT_FALSE(parser.complete());
}

TEST(HeadParser, joins_a_folded_line_to_the_value_before) {
  const HeadParser parser = parse({"HTTP/1.1 200\r\n", "A: one\r\n", "\t two\r\n", "\r\n"});

  EXPECT_EQ(parser.head().header("a"), "one two");
}

TEST(HeadParser, takes_chunked_in_any_case) {
  EXPECT_TRUE(parse({"HTTP/1.1 200 OK\r\n", "TRANSFER-ENCODING: Chunked\r\n", "\r\n"}).complete());
}

TEST(HeadParser, refuses_any_other_transfer_coding) {
  for (const std::string_view codings : {"gzip, chunked", "chunked, gzip", "gzip", "identity"}) {
    HeadParser parser = parse({"HTTP/1.1 200 OK\r\n", "Content-Type: a/b\r\n"});
    const std::string line = "transfer-encoding: " + std::string(codings) + "\r\n";
    EXPECT_FALSE(parser.take_line(line));

    EXPECT_EQ(parser.take_line("\r\n"), HeadParser::Fault::transfer_coding) << codings;
  }
}

TEST(HeadParser, refuses_chunked_twice) {
  HeadParser parser = parse(
      {"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "transfer-encoding: Chunked\r\n"});

  EXPECT_EQ(parser.take_line("\r\n"), HeadParser::Fault::transfer_coding);
}

TEST(HeadParser, refuses_two_different_lengths) {
  HeadParser parser =
      parse({"HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\n", "content-length: 8\r\n"});

  EXPECT_EQ(parser.take_line("\r\n"), HeadParser::Fault::lengths);
}

TEST(HeadParser, takes_the_same_length_twice) {
  EXPECT_TRUE(
      parse({"HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\n", "content-length: 7\r\n", "\r\n"})
          .complete());
}

TEST(HeadParser, refuses_more_bytes_than_the_limit_over_all_heads) {
  HeadParser parser;
  const std::string line = "HTTP/1.1 100 Continue\r\n";
  std::size_t taken = 0;

  std::optional<HeadParser::Fault> fault;
  while (!(fault = parser.take_line(line))) taken += line.size();

  EXPECT_EQ(fault, HeadParser::Fault::too_large);

  EXPECT_LE(taken, kMaxHeadBytes);
  EXPECT_GT(taken + line.size(), kMaxHeadBytes);
}

}  // namespace
}  // namespace llm::http
