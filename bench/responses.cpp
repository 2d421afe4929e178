#include "bench/responses.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "aws/protocol/event_stream.hpp"
#include "base/base64.hpp"

namespace bench {
namespace {

// The events are shaped as recorded ones; a frame of either operation has about 250 bytes. `p` is
// the padding that Bedrock adds.
constexpr std::string_view kPadding = R"(,"p":"abcdefghijklmnop")";

constexpr std::string_view kClaudeBody =
    R"({"id":"msg_bdrk_01","type":"message","role":"assistant","model":"claude-3-haiku-20240307",)"
    R"("content":[{"type":"text","text":"Because the air scatters blue light."}],)"
    R"("stop_reason":"end_turn","stop_sequence":null,)"
    R"("usage":{"input_tokens":12,"output_tokens":9}})";
constexpr std::string_view kConverseBody =
    R"({"metrics":{"latencyMs":412},"output":{"message":{"content":[{"text":)"
    R"("Because the air scatters blue light."}],"role":"assistant"}},"stopReason":"end_turn",)"
    R"("usage":{"inputTokens":12,"outputTokens":9,"totalTokens":21}})";

void append_chunk(std::string_view bytes, std::string& out) {
  std::array<char, 16> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16).ptr;
  out.append(digits.data(), end).append("\r\n").append(bytes).append("\r\n");
}

std::string event(std::string_view type, std::string_view payload) {
  std::string message;
  const std::array<std::pair<std::string_view, std::string_view>, 3> headers = {
      {{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}}};
  llm::aws::append_event_message(headers, payload, message);
  return message;
}

std::string chunk_event(std::string_view json) {
  std::string payload = R"({"bytes":")";
  llm::base::append_base64(json, payload);
  payload.append("\"").append(kPadding).append("}");
  return event("chunk", payload);
}

std::string converse_event(std::string_view type, std::string_view members) {
  return event(type, '{' + std::string(members) + std::string(kPadding) + '}');
}

StreamFrames invoke_frames() {
  return {
      .before = {chunk_event(
                     R"({"type":"message_start","message":{"id":"msg_bdrk_01","type":"message",)"
                     R"("role":"assistant","model":"claude-3-haiku-20240307","content":[],)"
                     R"("stop_reason":null,"stop_sequence":null,)"
                     R"("usage":{"input_tokens":12,"output_tokens":1}}})"),
                 chunk_event(R"({"type":"content_block_start","index":0,)"
                             R"("content_block":{"type":"text","text":""}})")},
      .delta = chunk_event(R"({"type":"content_block_delta","index":0,"delta":)"
                           R"({"type":"text_delta","text":" scattered across the"}})"),
      .after = {chunk_event(R"({"type":"content_block_stop","index":0})"),
                chunk_event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
                            R"("stop_sequence":null},"usage":{"output_tokens":9}})"),
                chunk_event(R"({"type":"message_stop"})")}};
}

StreamFrames converse_frames() {
  return {
      .before = {converse_event("messageStart", R"("role":"assistant")")},
      .delta = converse_event("contentBlockDelta",
                              R"("contentBlockIndex":0,"delta":{"text":" scattered across the"})"),
      .after = {converse_event("contentBlockStop", R"("contentBlockIndex":0)"),
                converse_event("messageStop", R"("stopReason":"end_turn")"),
                converse_event("metadata",
                               R"("metrics":{"latencyMs":412},)"
                               R"("usage":{"inputTokens":12,"outputTokens":9,"totalTokens":21})")}};
}

std::string head(std::string_view content_type, std::string_view framing) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(content_type) + "\r\n" +
         std::string(framing) + "\r\nx-amzn-requestid: ";
}

}  // namespace

Response json_response(std::string_view json) {
  return {head("application/json", "Content-Length: " + std::to_string(json.size())),
          std::string(json)};
}

StreamFrames stream_frames(std::string_view operation) {
  return operation == "converse-stream" ? converse_frames() : invoke_frames();
}

std::string_view buffered_body(std::string_view operation) {
  return operation == "converse" ? kConverseBody : kClaudeBody;
}

Response make_response(std::string_view operation, std::size_t deltas) {
  if (!operation.ends_with("stream")) return json_response(buffered_body(operation));
  Response response{.head =
                        head("application/vnd.amazon.eventstream", "Transfer-Encoding: chunked")};
  const StreamFrames frames = stream_frames(operation);
  for (const std::string& frame : frames.before) append_chunk(frame, response.body);
  const std::size_t before = response.body.size();
  for (std::size_t i = 0; i < deltas; ++i) append_chunk(frames.delta, response.body);
  if (deltas > 0) {
    response.delta_bytes = (response.body.size() - before) / deltas;
    response.first_delta_end = before + response.delta_bytes;
    response.deltas_end = response.body.size();
  }
  for (const std::string& frame : frames.after) append_chunk(frame, response.body);
  append_chunk("", response.body);
  return response;
}

}  // namespace bench
