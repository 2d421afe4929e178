#include "async/stream_state.hpp"

#include <exception>
#include <utility>

#include "base/errors.hpp"

namespace llm::async_parts {
namespace {

/// Events that one stream delivers before others get their turn.
constexpr int kMaxEventsATurn = 64;

}  // namespace

StreamState::StreamState(loop::Core& core)
    : Ending(core),
      open_(std::in_place, core),
      remote_(core.remote()),
      job_(core, [this] { deliver(); }) {}

void StreamState::start(std::unique_ptr<AsyncStreamSource> source, std::stop_token stop) {
  source_ = std::move(source);
  source_->on_ready([this] { wake(); });
  if (stop.stop_possible()) on_stop_.emplace(std::move(stop), Cancel{weak_from_this()});
}

void StreamState::read_with(StreamHandler handler) {
  handler_ = std::move(handler);
  self_ = shared_from_this();
}

void StreamState::drop() {
  // The source uses the loop.
  if (!process_.is_current()) {
    port::abandon(shared_from_this());
    return;
  }
  end_.reset();
  is_over_ = true;
  awaitable_ = nullptr;
  release();
}

const StreamEvent* StreamState::try_next() {
  if (is_over_) return nullptr;
  const StreamEvent* event = nullptr;
  if (!end_) {
    try {
      event = source_->try_next();
    } catch (...) {
      end_ = base::thrown_by("The stream");
    }
  }
  if (event != nullptr && !event->is_delta()) end_ = *event;
  if (!end_) return event;
  is_over_ = true;
  release();
  return &*end_;
}

void StreamState::Cancel::operator()() const {
  if (const auto stream = weak.lock()) stream->cancel();
}

void StreamState::cancel() {
  is_cancelled_ = true;
  remote_->post([weak = weak_from_this()] {
    if (const auto stream = weak.lock()) stream->end(base::cancelled("The call"));
  });
}

void StreamState::resume() {
  remote_->post([weak = weak_from_this()] {
    const auto stream = weak.lock();
    if (stream == nullptr || !std::exchange(stream->is_paused_, false)) return;
    stream->wake();
  });
}

void StreamState::end_with_loop() {
  const std::shared_ptr<StreamState> alive = shared_from_this();
  end(base::cancelled("The call"));
  // Nothing of the source may outlive the loop, and no turn follows in which the job could run.
  release();
  job_.unschedule();
  if (handler_) deliver();
  if (awaitable_ != nullptr) wake();
}

/// Ends it from outside: what the source still has is not delivered.
// NOLINTNEXTLINE(misc-no-recursion): a coroutine is woken, or a handler called; never both
void StreamState::end(Error error) {
  if (is_over_ || end_) return;
  end_ = std::move(error);
  is_paused_ = false;
  // A coroutine that does something else may still look at the source's last event.
  if (handler_ || awaitable_ != nullptr) release();
  if (handler_) {
    job_.schedule();
  } else {
    wake();
  }
}

/// The source may have something.
// NOLINTNEXTLINE(misc-no-recursion): a coroutine is woken, or a handler called; never both
void StreamState::wake() {
  if (handler_) {
    if (!is_paused_) deliver();
    return;
  }
  if (awaitable_ == nullptr) return;
  const StreamEvent* const event = try_next();
  if (event == nullptr) return;
  auto& awaitable = *std::exchange(awaitable_, nullptr);
  awaitable.event_ = event;
  awaitable.awaiting_.resume();
}

/// Calls the handler with what is there.
// NOLINTNEXTLINE(misc-no-recursion): a coroutine is woken, or a handler called; never both
void StreamState::deliver() {
  const std::shared_ptr<StreamState> alive = shared_from_this();
  for (int left = kMaxEventsATurn; !is_paused_; --left) {
    if (is_cancelled_ && !end_) return;  // Its end is on its way.
    if (left == 0) return deliver_later();
    const StreamEvent* const event = try_next();
    if (event == nullptr) return;
    if (!event->is_delta()) return report(*event);
    try {
      is_paused_ = handler_->on_event(*event) == Flow::pause;
    } catch (...) {
      core().fail(std::current_exception());
      end(base::thrown_by("A callback of the stream"));
    }
    // First every stream's first event, then more of this one.
    if (!std::exchange(has_delivered_, true)) return deliver_later();
  }
  if (source_ != nullptr) source_->rest();
}

void StreamState::deliver_later() {
  if (source_ != nullptr) source_->rest();
  job_.schedule_later();
}

void StreamState::report(const StreamEvent& last) {
  StreamHandler handler = *std::exchange(handler_, std::nullopt);
  const std::shared_ptr<StreamState> self = std::exchange(self_, nullptr);
  Result<Done> end = std::unexpected(Error{});
  try {
    end = last.is_done() ? Result<Done>(last.done()) : std::unexpected(last.error());
  } catch (...) {
    end = std::unexpected(base::thrown_by("The stream"));
  }
  try {
    handler.on_end(std::move(end));
  } catch (...) {
    core().fail(std::current_exception());
  }
}

/// Closes the connection and lets the loop go.
void StreamState::release() {
  on_stop_.reset();
  source_.reset();
  open_.reset();
}

}  // namespace llm::async_parts
