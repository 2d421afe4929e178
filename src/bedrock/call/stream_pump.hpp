#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/stream.hpp>

#include "aws/protocol/event_stream.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// What a streaming call needs. Owns everything, so it may outlive its client.
struct StreamCall {
  std::function<Result<Response>()> send;  ///< Called once.
  std::unique_ptr<StreamDecoder> decoder;
  ErrorContext context;
  std::shared_ptr<const ModelId> model;            ///< Owns what `context.model` points to.
  std::function<void(Done&, Response&)> complete;  ///< Called once, for what only the call knows.
};

/// Moves bytes from an exchange through the event-stream decoder and a family's decoder to events.
/// The one place that decides how a stream ends: deltas, then exactly one Done or one Error.
/// An event is handed out before the next frame is decoded.
///
/// Done is handed out at the end of the body, so that damage after the model's stop message is
/// noticed and the connection can be reused.
class StreamPump final : public StreamSource {
 public:
  /// `make` is called once, by the first `next`: it may need the network.
  explicit StreamPump(std::function<StreamCall()> make) : make_(std::move(make)) {}

  const StreamEvent* next() override;

 private:
  enum class Stage { not_started, open, ended };

  void recycle_events();
  void begin();
  void decode_some();
  [[nodiscard]] Result<void> on_frame(const aws::EventMessage& frame);
  void take_done();
  [[nodiscard]] Error error_in(const aws::EventMessage& frame) const;

  void read_more();
  void on_read_error(Error error);
  void on_end_of_body();
  void finish();

  [[nodiscard]] Error in_context(Error error) const;
  void fail_truncated(std::string_view cause = {});
  void fail(Error error);

  std::function<StreamCall()> make_;
  StreamCall call_;
  Stage stage_ = Stage::not_started;
  Response response_;
  aws::EventStreamDecoder frames_;
  std::vector<StreamEvent> events_;  ///< Decoded; the first `handed_out_` were returned by `next`.
  std::size_t handed_out_ = 0;
  std::optional<Done> done_;  ///< Held back until the end of the body.
};

}  // namespace llm::bedrock
