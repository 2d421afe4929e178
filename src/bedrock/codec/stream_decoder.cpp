#include "bedrock/codec/stream_decoder.hpp"

namespace llm::bedrock {

Result<void> skip_event(std::string_view event_type) {
  if (!event_type.empty()) return {};
  return std::unexpected(malformed_stream("A frame has no event type."));
}

Error malformed_stream(std::string_view detail) {
  return make_error(ErrorCode::stream_error, "The stream is malformed. " + std::string(detail),
                    "The deltas before this event are valid. Send the request again for a complete "
                    "response.");
}

Error truncated_stream() {
  return make_error(ErrorCode::stream_error, "The stream ended before the response was complete.",
                    "The deltas so far are the beginning of the completion. Send the request again "
                    "for a complete response.");
}

}  // namespace llm::bedrock
