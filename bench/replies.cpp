#include "bench/replies.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "aws/event_stream.hpp"
#include "base/base64.hpp"

namespace bench {
namespace {

// The events are shaped as recorded ones; a frame of either operation has about 250 bytes. `p` is
// the padding that Bedrock adds.
constexpr std::string_view kPadding = R"(,"p":"abcdefghijklmnop")";

constexpr std::string_view kClaudeAnswer =
    R"({"id":"msg_bdrk_01","type":"message","role":"assistant","model":"claude-3-haiku-20240307",)"
    R"("content":[{"type":"text","text":"Because the air scatters blue light."}],)"
    R"("stop_reason":"end_turn","stop_sequence":null,)"
    R"("usage":{"input_tokens":12,"output_tokens":9}})";
constexpr std::string_view kConverseAnswer =
    R"({"metrics":{"latencyMs":412},"output":{"message":{"content":[{"text":)"
    R"("Because the air scatters blue light."}],"role":"assistant"}},"stopReason":"end_turn",)"
    R"("usage":{"inputTokens":12,"outputTokens":9,"totalTokens":21}})";

void append_chunk(std::string_view bytes, std::string& out) {
  std::array<char, 16> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16).ptr;
  out.append(digits.data(), end).append("\r\n").append(bytes).append("\r\n");
}

void append_event(std::string_view type, std::string_view payload, std::string& out) {
  std::string frame;
  const std::array<std::pair<std::string_view, std::string_view>, 3> headers = {
      {{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}}};
  llm::aws::append_event_message(headers, payload, frame);
  append_chunk(frame, out);
}

void append_model_event(std::string_view json, std::string& out) {
  std::string payload = R"({"bytes":")";
  llm::base::append_base64(json, payload);
  payload.append("\"").append(kPadding).append("}");
  append_event("chunk", payload, out);
}

std::string invoke_stream(std::size_t deltas) {
  std::string body;
  append_model_event(
      R"({"type":"message_start","message":{"id":"msg_bdrk_01","type":"message",)"
      R"("role":"assistant","model":"claude-3-haiku-20240307","content":[],"stop_reason":null,)"
      R"("stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}})",
      body);
  append_model_event(
      R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
      body);
  for (std::size_t i = 0; i < deltas; ++i) {
    append_model_event(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
                       R"("text":" scattered across the"}})",
                       body);
  }
  append_model_event(R"({"type":"content_block_stop","index":0})", body);
  append_model_event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
                     R"("stop_sequence":null},"usage":{"output_tokens":9}})",
                     body);
  append_model_event(R"({"type":"message_stop"})", body);
  append_chunk("", body);
  return body;
}

std::string converse_stream(std::size_t deltas) {
  const auto payload = [](std::string_view members) {
    return '{' + std::string(members) + std::string(kPadding) + '}';
  };
  std::string body;
  append_event("messageStart", payload(R"("role":"assistant")"), body);
  const std::string delta =
      payload(R"("contentBlockIndex":0,"delta":{"text":" scattered across the"})");
  for (std::size_t i = 0; i < deltas; ++i) append_event("contentBlockDelta", delta, body);
  append_event("contentBlockStop", payload(R"("contentBlockIndex":0)"), body);
  append_event("messageStop", payload(R"("stopReason":"end_turn")"), body);
  append_event("metadata",
               payload(R"("metrics":{"latencyMs":412},)"
                       R"("usage":{"inputTokens":12,"outputTokens":9,"totalTokens":21})"),
               body);
  append_chunk("", body);
  return body;
}

std::string head(std::string_view content_type, std::string_view framing) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(content_type) + "\r\n" +
         std::string(framing) + "\r\nx-amzn-requestid: ";
}

}  // namespace

Reply json_reply(std::string_view json) {
  return {head("application/json", "Content-Length: " + std::to_string(json.size())),
          std::string(json)};
}

Reply make_reply(std::string_view operation, std::size_t deltas) {
  if (operation == "invoke") return json_reply(kClaudeAnswer);
  if (operation == "converse") return json_reply(kConverseAnswer);
  return {head("application/vnd.amazon.eventstream", "Transfer-Encoding: chunked"),
          operation == "converse-stream" ? converse_stream(deltas) : invoke_stream(deltas)};
}

}  // namespace bench
