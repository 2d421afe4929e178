#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/stream.hpp>

#include "aws/event_stream.hpp"
#include "bedrock/codec/codec.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// Unwraps the `chunk` events of InvokeModelWithResponseStream: `{"bytes":"<base64>","p":"..."}`,
/// where `p` is padding. Keeps its buffers: in the long run reading a chunk allocates nothing.
/// Source: botocore `PayloadPart`; `p` recorded.
class ChunkReader {
 public:
  /// The text inside of one chunk, the model's own JSON. The view lives until the next call.
  /// Errors: stream_error when the payload or its base64 is damaged.
  [[nodiscard]] Result<std::string_view> unwrap(std::string_view payload);

  /// That text as a JSON object. The value lives until the next call.
  /// Errors: stream_error when it is none.
  [[nodiscard]] Result<json::Value> parse(std::string_view chunk);

 private:
  json::Parser envelope_;
  json::Parser model_;
  std::string bytes_;
};

/// A StreamDecoder of a native form: skips events that are no chunks, unwraps those that are, and
/// allows nothing after the end.
class ChunkStreamDecoder : public StreamDecoder {
 public:
  [[nodiscard]] Result<void> on_event(const aws::EventMessage& message,
                                      std::vector<StreamEvent>& out) final;
  [[nodiscard]] Result<void> finish(std::vector<StreamEvent>& out) final;

 protected:
  /// One chunk, where it can be read without a parser; false when it cannot, and nothing was done.
  [[nodiscard]] virtual bool on_plain_chunk(std::string_view chunk, std::vector<StreamEvent>& out);

  /// One JSON value of the model. Returns true when it was the last one and a Done was appended.
  [[nodiscard]] virtual Result<bool> on_chunk(const json::Value& chunk,
                                              std::vector<StreamEvent>& out) = 0;

 private:
  ChunkReader reader_;
  bool done_ = false;
};

}  // namespace llm::bedrock
