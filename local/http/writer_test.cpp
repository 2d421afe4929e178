#include "local/http/writer.hpp"

#include <gtest/gtest.h>

namespace llm::local {
namespace {

TEST(HttpWriter, gives_a_buffered_reply_its_length) {
  const Reply reply{.status = 403, .headers = {{"Date", "now"}}, .body = "{}"};

  EXPECT_EQ(head_bytes(reply, {}),
            "HTTP/1.1 403 Forbidden\r\nDate: now\r\nContent-Length: 2\r\nConnection: "
            "keep-alive\r\n\r\n");
}

TEST(HttpWriter, writes_a_stream_in_chunks) {
  const Reply reply{.streamed = true};

  EXPECT_EQ(head_bytes(reply, {.keep_alive = false}),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(chunk_bytes(std::string(26, 'x'), {}), "1a\r\n" + std::string(26, 'x') + "\r\n");
  EXPECT_EQ(end_bytes({}), "0\r\n\r\n");
}

TEST(HttpWriter, writes_no_chunk_for_no_bytes) { EXPECT_EQ(chunk_bytes("", {}), ""); }

TEST(HttpWriter, writes_no_chunks_for_http_1_0) {
  const Framing framing{.chunked = false, .keep_alive = false};

  EXPECT_EQ(head_bytes({.streamed = true}, framing),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(chunk_bytes("x", framing), "x");
  EXPECT_EQ(end_bytes(framing), "");
}

}  // namespace
}  // namespace llm::local
