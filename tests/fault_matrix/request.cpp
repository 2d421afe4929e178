#include "tests/fault_matrix/request.hpp"

#include <charconv>

#include "base/text.hpp"
#include "local/http/testing/http2_peer.hpp"

namespace llm::fault_matrix {
namespace {

using local::test::field;
using local::test::Http2Peer;

constexpr std::string_view kBody =
    R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,)"
    R"("messages":[{"role":"user","content":"Why is the sky blue?"}]})";
constexpr std::size_t kTooMuchHead = 70'000;

std::string path_of(Mode mode) {
  const std::string model = "/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke";
  return mode == Mode::whole ? model : model + "-with-response-stream";
}

std::string in_chunks(std::string_view body) {
  const auto chunk = [](std::string_view bytes) {
    char digits[16]{};
    const auto end = std::to_chars(std::begin(digits), std::end(digits), bytes.size(), 16);
    return std::string(std::begin(digits), end.ptr) + "\r\n" + std::string(bytes) + "\r\n";
  };
  const std::size_t half = body.size() / 2;
  return chunk(body.substr(0, half)) + chunk(body.substr(half)) + "0\r\n\r\n";
}

std::string http1_head(const ServerCell& cell, const std::string& more = {}) {
  std::string head = "POST " + path_of(cell.mode) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  head += more + "Content-Type: application/json\r\n";
  head += cell.framing == Framing::chunked ? "Transfer-Encoding: chunked"
                                           : "Content-Length: " + std::to_string(kBody.size());
  return head + "\r\n\r\n";
}

std::string http2_fields(const ServerCell& cell, const std::string& more = {}) {
  return Http2Peer::request_fields("POST", path_of(cell.mode)) +
         field("content-type", "application/json") + more;
}

std::string http2_head(unsigned stream, std::string_view fields) {
  constexpr std::size_t kFrame = 16 * 1024;
  std::string bytes;
  local::test::WireFrame frame{.type = NGHTTP2_HEADERS, .stream = stream};
  for (; fields.size() > kFrame; fields.remove_prefix(kFrame)) {
    frame.payload = fields.substr(0, kFrame);
    bytes += Http2Peer::bytes_of(frame);
    frame = {.type = NGHTTP2_CONTINUATION, .stream = stream};
  }
  frame.payload = fields;
  frame.flags = NGHTTP2_FLAG_END_HEADERS;
  return bytes + Http2Peer::bytes_of(frame);
}

std::string http2_data(unsigned stream, std::string_view body) {
  return Http2Peer::bytes_of({.type = NGHTTP2_DATA,
                              .flags = NGHTTP2_FLAG_END_STREAM,
                              .stream = stream,
                              .payload = std::string(body)});
}

std::string framed(const ServerCell& cell, std::string_view body) {
  if (cell.protocol == Protocol::http2) return http2_data(1, body);
  return cell.framing == Framing::chunked ? in_chunks(body) : std::string(body);
}

WireRequest wrong_head(const ServerCell& cell) {
  const bool is_http2 = cell.protocol == Protocol::http2;
  const bool is_line = cell.position == Position::header_line;
  WireRequest request = sound_request(cell);
  if (cell.fault == Fault::garbage) {
    if (!is_line) return {.head = "\x16\x03\x01 this is not HTTP\r\n\r\n"};
    request.head = is_http2 ? http2_head(1, "\xff\xff\xff\xff\x0f")
                            : http1_head(cell, std::string("x-\0y: z\r\n", 9));
    return request;
  }
  if (cell.fault == Fault::duplicate) {
    if (is_http2) {
      const std::string host = field("host", "other.example");
      const std::string lengths =
          field("content-length", std::to_string(kBody.size())) + field("content-length", "7");
      request.head = http2_head(1, http2_fields(cell, is_line ? host : lengths));
    } else {
      request.head =
          http1_head(cell, is_line ? "Host: other.example\r\n" : "Content-Length: 7\r\n");
    }
    return request;
  }
  std::string more;
  const std::string value(is_line ? kTooMuchHead : 100, 'x');
  for (std::size_t size = 0; size < kTooMuchHead; size += value.size()) {
    const std::string name = "x-" + std::to_string(size);
    more += is_http2 ? field(name, value) : name + ": " + value + "\r\n";
  }
  request.head = is_http2 ? http2_head(1, http2_fields(cell, more)) : http1_head(cell, more);
  return request;
}

Reading read_http1(std::string_view bytes) {
  Reading reading;
  while (true) {
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos || bytes.size() < 12) return reading;
    const std::string head = base::to_lower(bytes.substr(0, head_end));
    if (reading.complete == 0) std::from_chars(bytes.data() + 9, bytes.data() + 12, reading.status);
    bytes.remove_prefix(head_end + 4);
    std::size_t size = 0;
    if (const auto at = head.find("content-length: "); at != std::string::npos) {
      std::from_chars(head.data() + at + 16, head.data() + head.size(), size);
      if (bytes.size() < size) return reading;
    } else {
      const std::size_t end = bytes.find("\r\n0\r\n\r\n");
      if (end == std::string_view::npos) return reading;
      size = end + 7;
    }
    bytes.remove_prefix(size);
    ++reading.complete;
  }
}

/// The status of the first field block; 0 if there is none.
int status_in(std::string_view block) {
  nghttp2_hd_inflater* inflater = nullptr;
  nghttp2_hd_inflate_new(&inflater);
  int status = 0;
  int flags = 0;
  nghttp2_nv found{};
  const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
  if (nghttp2_hd_inflate_hd2(inflater, &found, &flags, at, block.size(), 1) > 0 &&
      (flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
    const auto* value = reinterpret_cast<const char*>(found.value);
    std::from_chars(value, value + found.valuelen, status);
  }
  nghttp2_hd_inflate_del(inflater);
  return status;
}

Reading read_http2(std::string_view bytes) {
  using local::test::from_big_endian;
  constexpr std::size_t kFrameHead = 9;
  Reading reading;
  while (bytes.size() >= kFrameHead) {
    const std::size_t size = from_big_endian(bytes.substr(0, 3));
    if (bytes.size() < kFrameHead + size) break;
    const int type = bytes[3];
    const bool is_last = (bytes[4] & NGHTTP2_FLAG_END_STREAM) != 0;
    // :status comes first, and as a literal without the table or by a static index.
    if (type == NGHTTP2_HEADERS) reading.status = status_in(bytes.substr(kFrameHead, size));
    if ((type == NGHTTP2_HEADERS || type == NGHTTP2_DATA) && is_last) ++reading.complete;
    if (type == NGHTTP2_RST_STREAM || type == NGHTTP2_GOAWAY) reading.is_stream_ended = true;
    bytes.remove_prefix(kFrameHead + size);
  }
  return reading;
}

}  // namespace

WireRequest sound_request(const ServerCell& cell, unsigned stream) {
  if (cell.protocol == Protocol::http1) {
    return {.head = http1_head(cell), .body = framed(cell, kBody)};
  }
  WireRequest request{.head = http2_head(stream, http2_fields(cell)),
                      .body = http2_data(stream, kBody)};
  if (stream == 1) {
    request.preface =
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Http2Peer::bytes_of({.type = NGHTTP2_SETTINGS});
  }
  return request;
}

WireRequest wrong_request(const ServerCell& cell) {
  if (cell.place == Place::request_head) return wrong_head(cell);
  const bool is_http2 = cell.protocol == Protocol::http2;
  WireRequest request = sound_request(cell);
  if (cell.fault == Fault::duplicate) {
    request.body += request.body;
  } else if (cell.fault == Fault::oversize) {
    if (cell.position == Position::last_line) {
      request.body.resize(request.body.size() - 2);
      for (int i = 0; i < 5'000; ++i) request.body += "x-trailer: and more of it\r\n";
    } else if (is_http2) {
      request.body = "\xff\xff\xff" + http2_data(1, "x").substr(3);
    } else if (cell.framing == Framing::chunked) {
      request.body = "7ffffff\r\n";
    } else {
      request.body.clear();
      request.head.replace(request.head.find("Content-Length: ") + 16, 3, "99999999");
    }
  } else if (cell.position == Position::chunk_size) {
    request.body = is_http2 ? Http2Peer::bytes_of({.type = NGHTTP2_DATA,
                                                   .flags = NGHTTP2_FLAG_PADDED,
                                                   .stream = 1,
                                                   .payload = "\x7fx"})
                            : "zz\r\n";
  } else {
    request.body = framed(cell, std::string(kBody.size(), '~'));
  }
  return request;
}

std::size_t offset_of(const ServerCell& cell, const WireRequest& request) {
  const bool is_head = cell.place == Place::request_head;
  const std::string& part = is_head ? request.head : request.body;
  const std::size_t begin = request.preface.size() + (is_head ? 0 : request.head.size());
  switch (cell.position) {
    case Position::first_byte:
      return begin + 1;
    case Position::middle:
      return begin + part.size() / 2;
    case Position::last_byte:
      return begin + part.size() - 1;
    default:
      return is_head ? 0 : begin;
  }
}

Reading read_answer(Protocol protocol, std::string_view bytes) {
  return protocol == Protocol::http1 ? read_http1(bytes) : read_http2(bytes);
}

}  // namespace llm::fault_matrix
