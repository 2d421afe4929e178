#include "bedrock/call/stream_machine.hpp"

#include <string>
#include <utility>

#include "aws/deadline.hpp"
#include "aws/protocol/service_error.hpp"
#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::bedrock {

void StreamMachine::open(StreamDecoding decoding, Response response) {
  decoding_ = std::move(decoding);
  response_ = std::move(response);
  stage_ = Stage::open;
  if (decoding_.framing == Framing::server_sent_events) {
    frames_.emplace<aws::ServerSentEventDecoder>();
  }
  if (!response_.region.empty()) decoding_.context.region = response_.region;
}

const StreamEvent* StreamMachine::next() {
  while (handed_out_ == events_.size()) {
    recycle_events();
    if (stage_ != Stage::open || !decode_one()) {
      if (events_.empty()) return nullptr;
    }
  }
  return &events_[handed_out_++];
}

/// Gives the buffer of the last text back to the decoder, which allocates none for the next.
void StreamMachine::recycle_events() {
  if (!events_.empty() && events_.back().is_delta()) {
    Delta&& delta = std::move(events_.back()).delta();
    if (auto* text = std::get_if<TextDelta>(&delta.content)) {
      decoding_.decoder->recycle(std::move(text->text));
    }
  }
  events_.clear();
  handed_out_ = 0;
}

/// False when there is no complete frame.
bool StreamMachine::decode_one() {
  Result<const aws::EventMessage*> frame =
      std::visit([](auto& frames) { return frames.next(); }, frames_);
  if (!frame) {
    fail(in_context(std::move(frame.error())));
  } else if (*frame == nullptr) {
    return false;
  } else if (Result<void> handled = on_frame(**frame); !handled) {
    fail(std::move(handled.error()));
  }
  return true;
}

Result<void> StreamMachine::on_frame(const aws::EventMessage& frame) {
  if (!base::equals(frame.message_type, "event")) return std::unexpected(error_in(frame));
  Result<void> decoded = decoding_.decoder->on_event(frame, events_);
  if (!decoded) return std::unexpected(in_context(std::move(decoded.error())));
  take_done();
  return {};
}

void StreamMachine::take_done() {
  if (events_.empty() || !events_.back().is_done()) return;
  done_ = std::make_unique<Done>(events_.back().done());
  events_.pop_back();
}

Error StreamMachine::error_in(const aws::EventMessage& frame) const {
  const std::string_view type = frame.message_type;
  const std::string request_id = aws::request_id(response_.head());
  if (type == "exception") {
    return to_error(
        aws::read_stream_error(frame.header(":exception-type"), frame.payload, request_id),
        decoding_.context);
  }
  if (type == "error") {
    aws::ServiceError error =
        aws::read_stream_error(frame.header(":error-code"), frame.payload, request_id);
    error.message = aws::safe_message(frame.header(":error-message"));
    return to_error(error, decoding_.context);
  }
  return in_context(make_error(ErrorCode::stream_error, "A frame of the stream has no known type.",
                               "Check for proxies between here and the endpoint."));
}

void StreamMachine::on_read_error(Error error) {
  aws::name_passed_deadline(response_.deadline, decoding_.context.operation, error);
  if (error.code != ErrorCode::connection_error) return fail(std::move(error));
  // After the model's stop message, how the connection ends does not matter.
  if (done_) return on_end_of_body();
  fail_truncated(error.message);
}

void StreamMachine::on_end_of_body() {
  if (!std::visit([](const auto& frames) { return frames.finish(); }, frames_)) {
    return fail_truncated();
  }
  if (!done_) {
    if (!decoding_.decoder->finish(events_)) return fail_truncated();
    take_done();
  }
  finish();
}

void StreamMachine::finish() {
  if (!done_) return fail_truncated();
  decoding_.complete(*done_, response_);
  events_.emplace_back(std::move(*done_));
  stage_ = Stage::ended;
  response_.exchange.reset();
}

Error StreamMachine::in_context(Error error) const {
  base::add_context(subject_of(decoding_.context), error);
  return error;
}

/// The one error of a stream that is cut off, wherever that is noticed.
void StreamMachine::fail_truncated(std::string_view cause) {
  Error error =
      make_error(ErrorCode::stream_error, "The stream ended before the response was complete.",
                 "Send the request again. If this happens repeatedly, check for proxies "
                 "between here and the endpoint.");
  if (!cause.empty()) base::add_sentence(cause, error);
  fail(in_context(std::move(error)));
}

void StreamMachine::fail(Error error) {
  if (error.request_id.empty()) error.request_id = aws::request_id(response_.head());
  if (error.attempts == 0 && response_.exchange) error.attempts = response_.attempts;
  if (error.status_code == 0) error.status_code = response_.head().status;
  response_.sent.hide(decoding_.context.operation, error);
  events_.emplace_back(std::move(error));
  stage_ = Stage::ended;
  response_.exchange.reset();
}

}  // namespace llm::bedrock
