#include "bedrock/call/stream_pump.hpp"

#include <utility>

#include "aws/service_error.hpp"
#include "base/text.hpp"

namespace llm::bedrock {

const StreamEvent* StreamPump::next() {
  while (read_ == events_.size()) {
    if (stage_ == Stage::ended) return nullptr;
    forget_events();
    stage_ == Stage::fresh ? begin() : decode_some();
  }
  return &events_[read_++];
}

void StreamPump::forget_events() {
  if (!events_.empty() && events_.back().is_delta()) {
    Delta&& delta = std::move(events_.back()).delta();
    if (auto* piece = std::get_if<TextDelta>(&delta.content)) {
      call_.decoder->recycle(std::move(piece->text));
    }
  }
  events_.clear();
  read_ = 0;
}

void StreamPump::begin() {
  stage_ = Stage::ended;  // should something throw
  call_ = std::exchange(make_, nullptr)();
  Result<Response> answer = call_.send();
  if (!answer) {
    fail(std::move(answer.error()));
    return;
  }
  answer_ = std::move(*answer);
  stage_ = Stage::open;
  if (!answer_.region.empty()) call_.context.region = answer_.region;
}

/// One message, or more bytes.
void StreamPump::decode_some() {
  Result<const aws::EventMessage*> message = frames_.next();
  if (!message) {
    fail(std::move(message.error()));
  } else if (*message == nullptr) {
    read_more();
  } else if (Result<void> taken = on_message(**message); !taken) {
    fail(std::move(taken.error()));
  }
}

Result<void> StreamPump::on_message(const aws::EventMessage& message) {
  if (!base::equals(message.message_type, "event")) return std::unexpected(message_error(message));
  Result<void> decoded = call_.decoder->on_event(message, events_);
  if (decoded) take_done();
  return decoded;
}

void StreamPump::read_more() {
  Result<std::string_view> bytes = answer_.exchange->read_some();
  if (!bytes) return break_off(std::move(bytes.error()));
  if (bytes->empty()) return end_of_body();
  frames_.feed(*bytes);
}

void StreamPump::break_off(Error error) {
  aws::name_passed_deadline(answer_.deadline, call_.context.operation, error);
  if (error.code != ErrorCode::connection_error) return fail(std::move(error));
  // Once everything the answer consists of is here, how the connection went away does not matter.
  if (done_) return end_of_body();
  fail(make_error(ErrorCode::stream_error,
                  call_.context.operation + ": the stream broke off: " + error.message));
}

void StreamPump::take_done() {
  if (events_.empty() || !events_.back().is_done()) return;
  done_ = events_.back().done();
  events_.pop_back();
}

Error StreamPump::message_error(const aws::EventMessage& message) const {
  const std::string_view type = message.message_type;
  if (type == "exception") {
    return to_error(aws::read_stream_error(message.header(":exception-type"), message.payload,
                                           aws::request_id(answer_.head())),
                    call_.context);
  }
  if (type == "error") {
    aws::ServiceError error = aws::read_stream_error(message.header(":error-code"), message.payload,
                                                     aws::request_id(answer_.head()));
    error.message = aws::safe_message(message.header(":error-message"));
    return to_error(error, call_.context);
  }
  return make_error(ErrorCode::stream_error,
                    call_.context.operation + ": a message of the stream has no known type.");
}

void StreamPump::end_of_body() {
  if (Result<void> whole = frames_.finish(); !whole) {
    fail(std::move(whole.error()));
    return;
  }
  if (!done_) {
    if (Result<void> complete = call_.decoder->finish(events_); !complete) {
      fail(std::move(complete.error()));
      return;
    }
    take_done();
  }
  finish();
}

void StreamPump::finish() {
  if (!done_) {
    fail(
        make_error(ErrorCode::stream_error,
                   call_.context.operation + ": the stream ended before the answer was complete."));
    return;
  }
  call_.complete(*done_, answer_);
  events_.emplace_back(std::move(*done_));
  stage_ = Stage::ended;
  answer_.exchange.reset();
}

void StreamPump::fail(Error error) {
  if (error.request_id.empty()) error.request_id = aws::request_id(answer_.head());
  if (error.attempts == 0 && answer_.exchange) error.attempts = answer_.attempts;
  if (error.status_code == 0) error.status_code = answer_.head().status;
  answer_.sent.hide(call_.context.operation, error);
  events_.emplace_back(std::move(error));
  stage_ = Stage::ended;
  answer_.exchange.reset();
}

}  // namespace llm::bedrock
