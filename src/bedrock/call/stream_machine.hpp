#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include <llm/stream.hpp>

#include "aws/protocol/event_stream.hpp"
#include "aws/protocol/server_sent_events.hpp"
#include "bedrock/call/in_flight.hpp"
#include "bedrock/call/response.hpp"
#include "bedrock/call/service_errors.hpp"
#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/operation.hpp"

namespace llm::bedrock {

/// What turns the bytes of one response into events. Owns everything, so it may outlive its client.
struct StreamDecoding {
  InFlight::Place in_flight{};  ///< An open stream counts.
  std::unique_ptr<StreamDecoder> decoder;
  Framing framing = Framing::event_stream;
  ErrorContext context;
  std::shared_ptr<const ModelId> model;            ///< Owns what `context.model` points to.
  std::function<void(Done&, Response&)> complete;  ///< Called once, for what only the call knows.
};

/// Turns bytes into events through the decoder of the framing and a family's decoder; it does not
/// read. The one place that decides how a stream ends: deltas, then exactly one Done or one Error.
/// An event is handed out before the next frame is decoded.
///
/// Done is handed out at the end of the body, so that damage after the model's stop message is
/// noticed and the connection can be reused.
class StreamMachine {
 public:
  /// The response head has arrived.
  void open(StreamDecoding decoding, Response response);
  /// There is no response.
  void fail(Error error);

  /// The next event that can be decoded; it lives until the next call. Null: report bytes, the end
  /// of the body or an error, or is_over().
  [[nodiscard]] const StreamEvent* next();
  /// Done or Error has been handed out.
  [[nodiscard]] bool is_over() const {
    return stage_ == Stage::ended && handed_out_ == events_.size();
  }

  /// Nothing more has arrived, and the stream will wait.
  void rest() {
    if (stage_ == Stage::open) decoding_.decoder->rest();
  }

  /// `bytes` must live until `next` has returned null.
  void feed(std::string_view bytes) {
    std::visit([bytes](auto& frames) { frames.feed(bytes); }, frames_);
  }
  void on_end_of_body();
  void on_read_error(Error error);

  /// The exchange that bytes come from; null when there is nothing more to read.
  [[nodiscard]] HttpExchange* exchange() const { return response_.exchange.get(); }

 private:
  enum class Stage { not_open, open, ended };

  void recycle_events();
  [[nodiscard]] bool decode_one();
  [[nodiscard]] Result<void> on_frame(const aws::EventMessage& frame);
  void take_done();
  [[nodiscard]] Error error_in(const aws::EventMessage& frame) const;
  void finish();
  [[nodiscard]] Error in_context(Error error) const;
  void fail_truncated(std::string_view cause = {});

  Stage stage_ = Stage::not_open;
  StreamDecoding decoding_;
  Response response_;
  std::variant<aws::EventStreamDecoder, aws::ServerSentEventDecoder> frames_;
  std::vector<StreamEvent> events_;  ///< Decoded; the first `handed_out_` were returned by `next`.
  std::size_t handed_out_ = 0;
  std::unique_ptr<Done> done_;  ///< Held back until the end of the body. Null as long as it waits.
};

}  // namespace llm::bedrock
