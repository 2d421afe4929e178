#include "bedrock/codec/invoke/chunk.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "bedrock/codec/fast_text_delta.hpp"

namespace llm::bedrock {

Result<std::string_view> ChunkReader::unwrap(std::string_view payload) {
  bytes_.clear();
  const auto fast = fast_chunk_bytes(payload);
  if (fast && base::append_base64_decoded(*fast, bytes_)) return bytes_;

  const auto envelope = envelope_.parse(payload);
  if (!envelope) return std::unexpected(malformed_stream("A chunk is not JSON."));
  const auto bytes = (*envelope)["bytes"].string();
  if (!bytes) return std::unexpected(malformed_stream("A chunk has no \"bytes\"."));
  if (!base::append_base64_decoded(*bytes, bytes_)) {
    return std::unexpected(malformed_stream("The \"bytes\" of a chunk are not base64."));
  }
  return bytes_;
}

Result<json::Value> ChunkReader::parse(std::string_view chunk) {
  auto value = model_.parse(chunk, json::LoneSurrogates::replace);
  if (!value) return std::unexpected(malformed_stream("The content of a chunk is not JSON."));
  if (!value->is_object()) {
    return std::unexpected(malformed_stream("The content of a chunk is not a JSON object."));
  }
  return value;
}

Result<void> ChunkStreamDecoder::on_event(const aws::EventMessage& message,
                                          std::vector<StreamEvent>& out) {
  const bool is_wrapped = framing_ == Framing::event_stream;
  if (is_wrapped && !base::equals(message.event_type, "chunk")) {
    return skip_event(message.event_type);
  }
  if (is_done()) return std::unexpected(malformed_stream("A chunk follows the last one."));
  if (!is_wrapped) return on_text(message.payload, out);
  const auto chunk = reader_.unwrap(message.payload);
  if (!chunk) return std::unexpected(chunk.error());
  return on_text(*chunk, out);
}

Result<void> ChunkStreamDecoder::on_text(std::string_view chunk, std::vector<StreamEvent>& out) {
  if (on_fast_chunk(chunk, out)) return {};
  const auto value = reader_.parse(chunk);
  if (!value) return std::unexpected(value.error());
  return on_chunk(*value, out);
}

bool ChunkStreamDecoder::on_fast_chunk(std::string_view, std::vector<StreamEvent>&) {
  return false;
}

Result<void> ChunkStreamDecoder::finish(std::vector<StreamEvent>& out) {
  if (is_done() || on_end(out)) return {};
  return std::unexpected(truncated_stream());
}

bool ChunkStreamDecoder::on_end(std::vector<StreamEvent>&) { return false; }

}  // namespace llm::bedrock
