#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/stream.hpp>

#include "aws/protocol/event_stream.hpp"
#include "bedrock/codec/operation.hpp"
#include "bedrock/codec/stream_decoder.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// Unwraps the `chunk` events of InvokeModelWithResponseStream: `{"bytes":"<base64>","p":"..."}`,
/// where `p` is padding. Reuses its buffers, so that a long stream allocates nothing for a chunk.
/// Source: botocore `PayloadPart`; `p` recorded.
class ChunkReader {
 public:
  /// The model's own JSON in one chunk. The view is valid until the next call.
  /// Errors: stream_error when the payload or its base64 is damaged.
  [[nodiscard]] Result<std::string_view> unwrap(std::string_view payload);

  /// That text as a JSON object. The value is valid until the next call.
  /// Errors: stream_error when it is not an object.
  [[nodiscard]] Result<json::Value> parse(std::string_view chunk);

  /// Whether a lone surrogate was replaced in any chunk so far.
  [[nodiscard]] bool has_replaced() const { return model_.has_replaced(); }

  void rest() {
    envelope_.release();
    model_.release();
  }

 private:
  json::Parser envelope_;
  json::Parser model_;
  std::string bytes_;
};

/// A StreamDecoder of a native format: skips events other than chunks, unwraps the chunks, and
/// accepts none after the Done. Each server-sent event is a chunk that needs no unwrapping.
class ChunkStreamDecoder : public StreamDecoder {
 public:
  explicit ChunkStreamDecoder(Framing framing = Framing::event_stream) : framing_(framing) {}

  [[nodiscard]] Result<void> on_event(const aws::EventMessage& message,
                                      std::vector<StreamEvent>& out) override;
  [[nodiscard]] Result<void> finish(std::vector<StreamEvent>& out) final;
  void rest() final { reader_.rest(); }

 protected:
  /// Takes one chunk if it can be read without a parser; false: it was not taken.
  [[nodiscard]] virtual bool on_fast_chunk(std::string_view chunk, std::vector<StreamEvent>& out);

  /// Takes one JSON object of the model. The last one calls `emit_done`.
  [[nodiscard]] virtual Result<void> on_chunk(const json::Value& chunk,
                                              std::vector<StreamEvent>& out) = 0;

  /// Takes the end of the body before the Done. True: the response was complete all the same, and
  /// the Done has been appended.
  [[nodiscard]] virtual bool on_end(std::vector<StreamEvent>& out);

  [[nodiscard]] bool has_replaced() const { return reader_.has_replaced(); }

 private:
  [[nodiscard]] Result<void> on_text(std::string_view chunk, std::vector<StreamEvent>& out);

  Framing framing_;
  ChunkReader reader_;
};

}  // namespace llm::bedrock
