#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/stream.hpp>

#include "aws/protocol/event_stream.hpp"
#include "base/base64.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/formats.hpp"
#include "json/writer.hpp"

namespace llm::bedrock::testing {

/// The id of a model with these facts, which must outlive it.
inline ModelId model_with(const ModelFacts& facts) {
  return {.requested_id = std::string(facts.base_id),
          .base_id = std::string(facts.base_id),
          .kind = IdKind::base_model,
          .facts = &facts};
}

/// A model that is not in the catalogue.
inline ModelId unknown_model() { return {.requested_id = "vendor.unlisted-v1"}; }

inline ChatRequest ask(std::string text) {
  return {.model = "m", .messages = {Message::user(std::move(text))}};
}

/// Encodes a request that nobody has arranged yet.
inline Result<WireRequest> encode(const Codec& codec, const ChatRequest& request,
                                  const ModelId& model, Delivery delivery) {
  return codec.encode(request, arrange(request), model, delivery);
}

/// The payload of a `chunk` event, as Bedrock writes it.
inline std::string chunk_payload(std::string_view model_json) {
  json::Writer writer;
  writer.begin_object().key("bytes").base64(model_json);
  writer.member("p", "abcdefghijkl").end_object();
  return std::move(writer).take();
}

inline void append_frame(std::string_view event_type, std::string_view payload, std::string& out) {
  const std::pair<std::string_view, std::string_view> headers[] = {
      {":event-type", event_type},
      {":content-type", "application/json"},
      {":message-type", "event"}};
  aws::append_event_message(headers, payload, out);
}

/// An event stream of `chunk` events.
inline std::string stream_of(const std::vector<std::string>& model_json) {
  std::string out;
  for (const std::string& text : model_json) append_frame("chunk", chunk_payload(text), out);
  return out;
}

/// All events that a decoder makes of the bytes of a stream; its error comes last.
inline std::vector<StreamEvent> events_of(const Codec& codec, std::string_view bytes) {
  const std::unique_ptr<StreamDecoder> decoder = codec.stream_decoder();
  aws::EventStreamDecoder frames;
  std::vector<StreamEvent> events;
  const auto read_all = [&]() -> Result<void> {
    frames.feed(bytes);
    for (;;) {
      auto message = frames.next();
      if (!message) return std::unexpected(message.error());
      if (!*message) break;
      if (auto decoded = decoder->on_event(**message, events); !decoded) return decoded;
    }
    if (auto finished = frames.finish(); !finished) return finished;
    return decoder->finish(events);
  };
  if (auto read = read_all(); !read) events.emplace_back(read.error());
  return events;
}

/// The response that the events of a complete stream make.
inline Result<ChatResponse> collected(const std::vector<StreamEvent>& events) {
  Accumulator accumulator;
  for (const StreamEvent& event : events) {
    if (event.is_error()) return std::unexpected(event.error());
    if (event.is_done()) return accumulator.finish(event.done());
    accumulator.add(event.delta());
  }
  return std::unexpected(make_error(ErrorCode::internal_error, "The events have no end."));
}

/// The text of all deltas.
inline std::string text_of(const std::vector<StreamEvent>& events) {
  std::string text;
  for (const StreamEvent& event : events) {
    if (event.is_delta()) text += event.delta().text();
  }
  return text;
}

/// The message of a stream that is malformed in this way.
inline std::string malformed(const std::string& detail) {
  return "The stream is malformed. " + detail;
}

inline bool has_warning(const std::vector<Warning>& warnings, std::string_view id) {
  for (const Warning& warning : warnings) {
    if (warning.id == id) return true;
  }
  return false;
}

}  // namespace llm::bedrock::testing
