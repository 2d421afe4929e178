#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <llm/stream.hpp>

#include "aws/event_stream.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// What a streamed call needs once it begins; it owns everything, so it may outlive its client.
struct StreamCall {
  std::function<Result<Response>()> send;  ///< Called once.
  std::unique_ptr<StreamDecoder> decoder;
  ErrorContext context;
  std::shared_ptr<const ModelId> model;                  ///< What `context.model` points at.
  std::function<void(Done&, const Response&)> complete;  ///< Fills in what only the caller knows.
};

/// Moves bytes from an exchange through the event-stream decoder and a family's decoder to events.
/// The one place that decides how a stream ends: deltas, then exactly one Done or one Error.
/// An event is handed out before the message after it is decoded.
///
/// Done is handed out when the body has ended, so that damage behind the model's stop message is
/// seen and the connection can be used again.
class StreamPump final : public StreamSource {
 public:
  /// `make` is called once, at the first `next`: making the call may ask the network.
  explicit StreamPump(std::function<StreamCall()> make) : make_(std::move(make)) {}

  const StreamEvent* next() override;

 private:
  void forget_events();
  void begin();
  void decode_some();
  [[nodiscard]] Result<void> on_message(const aws::EventMessage& message);
  void read_more();
  void break_off(Error error);
  void end_of_body();
  void finish();
  void fail(Error error);
  void take_done();
  [[nodiscard]] Error message_error(const aws::EventMessage& message) const;

  enum class Stage { fresh, open, ended };

  std::function<StreamCall()> make_;
  StreamCall call_;
  Stage stage_ = Stage::fresh;
  Response answer_;
  aws::EventStreamDecoder frames_;
  std::vector<StreamEvent> events_;  ///< Decoded; those before `read_` were handed out.
  std::size_t read_ = 0;
  std::optional<Done> done_;
};

}  // namespace llm::bedrock
