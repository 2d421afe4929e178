#include "tests/fault_matrix/response.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "aws/protocol/event_stream.hpp"
#include "base/base64.hpp"
#include "base/crc32.hpp"

namespace llm::fault_matrix {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::string chunk_frame(std::string_view json) {
  std::string payload = R"({"bytes":")";
  base::append_base64(json, payload);
  payload += R"("})";
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}};
  std::string frame;
  aws::append_event_message(kHeaders, payload, frame);
  return frame;
}

std::string delta_frame(std::string_view text) {
  return chunk_frame(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
                     R"("text":")" +
                     std::string(text) + R"("}})");
}

std::string chunk_size_line(std::size_t size) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
  return std::string(digits.data(), end.ptr).append(kLineEnd);
}

std::size_t offset_in_frame(Position position, std::string_view frame) {
  const std::size_t header_bytes = static_cast<unsigned char>(frame[7]);
  switch (position) {
    case Position::prelude:
      return 2;
    case Position::prelude_checksum:
      return 9;
    case Position::headers:
      return aws::kPreludeBytes + header_bytes / 2;
    case Position::payload:
      return aws::kPreludeBytes + header_bytes + 12;
    case Position::checksum:
      return frame.size() - 2;
    default:
      return 0;
  }
}

std::size_t offset_in_head(Position position, std::string_view head) {
  const std::size_t status_end = head.find(kLineEnd) + kLineEnd.size();
  switch (position) {
    case Position::status_line:
      return status_end / 2;
    case Position::after_status_line:
      return status_end;
    case Position::header_line:
      return status_end + 5;
    case Position::last_line:
      return head.size() - kLineEnd.size();
    default:
      return 0;
  }
}

std::size_t offset_in_body(Position position, const WireResponse& response) {
  const std::size_t begin = response.parts.front();
  switch (position) {
    case Position::first_byte:
      return begin + 1;
    case Position::middle:
      return begin + response.part_sizes.front() / 2;
    case Position::last_byte:
      return response.end - 1;
    case Position::chunk_size:
      return response.chunk_size;
    case Position::chunk_end:
      return response.chunk_end;
    case Position::terminator:
      return response.end + kLineEnd.size();
    default:
      return response.head_size;
  }
}

}  // namespace

std::string whole_body(std::string_view text) {
  return R"({"id":"msg_1","type":"message","role":"assistant","model":"claude",)"
         R"("content":[{"type":"text","text":")" +
         std::string(text) +
         R"("}],"stop_reason":"end_turn","stop_sequence":null,)"
         R"("usage":{"input_tokens":3,"output_tokens":2}})";
}

std::vector<std::string> stream_frames(std::string_view text) {
  const std::size_t half = text.size() / 2;
  return {chunk_frame(R"({"type":"message_start","message":{"id":"msg_1","type":"message",)"
                      R"("role":"assistant","model":"claude","content":[],"stop_reason":null,)"
                      R"("stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}})"),
          chunk_frame(R"({"type":"content_block_start","index":0,)"
                      R"("content_block":{"type":"text","text":""}})"),
          delta_frame(text.substr(0, half)),
          delta_frame(text.substr(half)),
          chunk_frame(R"({"type":"content_block_stop","index":0})"),
          chunk_frame(R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
                      R"("stop_sequence":null},"usage":{"output_tokens":2}})"),
          chunk_frame(R"({"type":"message_stop"})")};
}

std::size_t index_of(FrameAt frame) {
  constexpr std::size_t kLast = 6;
  if (frame == FrameAt::first) return 0;
  return frame == FrameAt::middle ? 2 : kLast;
}

void make_oversize(Position position, std::string& frame) {
  constexpr std::size_t kLengths = 8;
  frame[position == Position::prelude ? 0 : 4] = '\x7f';
  const std::uint32_t checksum = base::crc32(std::string_view(frame).substr(0, kLengths));
  for (std::size_t i = 0; i < 4; ++i) {
    frame[kLengths + i] = static_cast<char>(checksum >> (8 * (3 - i)) & 0xffU);
  }
}

std::string head_of(Mode mode, Framing framing, std::size_t size, std::string_view more) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: ";
  head += mode == Mode::whole ? "application/json" : "application/vnd.amazon.eventstream";
  head += "\r\nx-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\n";
  head += more;
  if (framing == Framing::length) head += "Content-Length: " + std::to_string(size) + "\r\n";
  if (framing == Framing::chunked) head += "Transfer-Encoding: chunked\r\n";
  if (framing == Framing::until_close) head += "Connection: close\r\n";
  return head.append(kLineEnd);
}

WireResponse response_of(Mode mode, Framing framing, const std::vector<std::string>& parts,
                         std::string_view more_head) {
  std::size_t size = 0;
  for (const std::string& part : parts) size += part.size();
  WireResponse response{.bytes = head_of(mode, framing, size, more_head)};
  std::string& bytes = response.bytes;
  response.head_size = bytes.size();
  const bool is_chunked = framing == Framing::chunked;
  for (const std::string& part : parts) {
    if (response.parts.empty()) response.chunk_size = bytes.size();
    if (is_chunked) bytes += chunk_size_line(part.size());
    response.parts.push_back(bytes.size());
    response.part_sizes.push_back(part.size());
    bytes += part;
    response.end = bytes.size();
    if (response.parts.size() == 1) response.chunk_end = bytes.size();
    if (is_chunked) bytes += kLineEnd;
  }
  if (is_chunked) bytes += "0\r\n\r\n";
  return response;
}

WireResponse sound_response(Mode mode, Framing framing, std::string_view text) {
  if (mode == Mode::stream) return response_of(mode, framing, stream_frames(text));
  return response_of(mode, framing, {whole_body(text)});
}

std::string refusal(std::string_view status, std::string_view name) {
  const std::string body = R"({"message":"Refused before it had all arrived."})";
  return "HTTP/1.1 " + std::string(status) +
         "\r\nContent-Type: application/json\r\nx-amzn-ErrorType: " + std::string(name) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::size_t offset_of(const ClientCell& cell, const WireResponse& response) {
  const std::string_view bytes = response.bytes;
  if (cell.place == Place::response_head) {
    return offset_in_head(cell.position, bytes.substr(0, response.head_size));
  }
  if (cell.place == Place::body) return offset_in_body(cell.position, response);
  const std::size_t index = index_of(cell.frame);
  return response.parts[index] +
         offset_in_frame(cell.position,
                         bytes.substr(response.parts[index], response.part_sizes[index]));
}

}  // namespace llm::fault_matrix
