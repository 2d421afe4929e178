#include "bedrock/codec/invoke/chunk.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "bedrock/codec/fast_text_delta.hpp"

namespace llm::bedrock {
namespace {

Error damaged(std::string_view what) {
  return make_error(ErrorCode::stream_error,
                    "the stream holds a chunk " + std::string(what) +
                        "; what came before it is valid, the rest of the answer is lost");
}

}  // namespace

Result<std::string_view> ChunkReader::unwrap(std::string_view payload) {
  bytes_.clear();
  const auto plain = plain_bytes(payload);
  if (plain && base::append_base64_decoded(*plain, bytes_)) return bytes_;

  const auto envelope = envelope_.parse(payload);
  if (!envelope) return std::unexpected(damaged("that is not JSON"));
  const auto bytes = (*envelope)["bytes"].string();
  if (!bytes) return std::unexpected(damaged("without \"bytes\""));
  if (!base::append_base64_decoded(*bytes, bytes_)) {
    return std::unexpected(damaged("whose \"bytes\" are not base64"));
  }
  return bytes_;
}

Result<json::Value> ChunkReader::parse(std::string_view chunk) {
  auto value = model_.parse(chunk);
  if (!value) return std::unexpected(damaged("whose content is not JSON"));
  if (!value->is_object()) return std::unexpected(damaged("whose content is not an object"));
  return value;
}

Result<void> ChunkStreamDecoder::on_event(const aws::EventMessage& message,
                                          std::vector<StreamEvent>& out) {
  if (!base::equals(message.event_type, "chunk")) return {};
  if (done_) return std::unexpected(damaged("after the end of the answer"));
  const auto chunk = reader_.unwrap(message.payload);
  if (!chunk) return std::unexpected(chunk.error());
  if (on_plain_chunk(*chunk, out)) return {};
  const auto value = reader_.parse(*chunk);
  if (!value) return std::unexpected(value.error());
  const auto last = on_chunk(*value, out);
  if (!last) return std::unexpected(last.error());
  done_ = *last;
  return {};
}

bool ChunkStreamDecoder::on_plain_chunk(std::string_view, std::vector<StreamEvent>&) {
  return false;
}

Result<void> ChunkStreamDecoder::finish(std::vector<StreamEvent>&) {
  if (done_) return {};
  return std::unexpected(
      make_error(ErrorCode::stream_error,
                 "the stream ended before the model said that its answer is complete; what came is "
                 "the beginning of the answer, ask again for all of it"));
}

}  // namespace llm::bedrock
