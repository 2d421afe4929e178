#include "bedrock/codec/chunk.hpp"

#include <optional>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace llm::bedrock {
namespace {

Error damaged(std::string_view what) {
  return make_error(ErrorCode::stream_error,
                    "the stream holds a chunk " + std::string(what) +
                        "; what came before it is valid, the rest of the answer is lost");
}

// All recorded padding is a beginning of this.
constexpr std::string_view kPaddingText =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// The base64 of the one form that Bedrock is known to write, or nullopt: then a parser decides.
std::optional<std::string_view> plain_bytes(std::string_view payload) {
  constexpr std::string_view kOpening = R"({"bytes":")";
  constexpr std::string_view kPadding = R"(","p":")";
  if (!payload.starts_with(kOpening) || !payload.ends_with(R"("})")) return std::nullopt;
  payload.remove_prefix(kOpening.size());
  payload.remove_suffix(2);
  const std::size_t quote = payload.find('"');
  if (quote == std::string_view::npos) return payload;
  const std::string_view rest = payload.substr(quote);
  const bool is_padding =
      rest.starts_with(kPadding) && kPaddingText.starts_with(rest.substr(kPadding.size()));
  if (!is_padding) return std::nullopt;
  return payload.substr(0, quote);
}

}  // namespace

Result<json::Value> ChunkReader::read(std::string_view payload) {
  bytes_.clear();
  const auto plain = plain_bytes(payload);
  if (!plain || !base::append_base64_decoded(*plain, bytes_)) {
    const auto envelope = envelope_.parse(payload);
    if (!envelope) return std::unexpected(damaged("that is not JSON"));
    const auto bytes = (*envelope)["bytes"].string();
    if (!bytes) return std::unexpected(damaged("without \"bytes\""));
    if (!base::append_base64_decoded(*bytes, bytes_)) {
      return std::unexpected(damaged("whose \"bytes\" are not base64"));
    }
  }
  auto value = model_.parse(bytes_);
  if (!value) return std::unexpected(damaged("whose content is not JSON"));
  if (!value->is_object()) return std::unexpected(damaged("whose content is not an object"));
  return value;
}

Result<void> ChunkStreamDecoder::on_event(const aws::EventMessage& message,
                                          std::vector<StreamEvent>& out) {
  if (!base::equals(message.event_type, "chunk")) return {};
  if (done_) return std::unexpected(damaged("after the end of the answer"));
  const auto chunk = reader_.read(message.payload);
  if (!chunk) return std::unexpected(chunk.error());
  const auto last = on_chunk(*chunk, out);
  if (!last) return std::unexpected(last.error());
  done_ = *last;
  return {};
}

Result<void> ChunkStreamDecoder::finish(std::vector<StreamEvent>&) {
  if (done_) return {};
  return std::unexpected(
      make_error(ErrorCode::stream_error,
                 "the stream ended before the model said that its answer is complete; what came is "
                 "the beginning of the answer, ask again for all of it"));
}

}  // namespace llm::bedrock
