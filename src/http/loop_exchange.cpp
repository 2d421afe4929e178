#include "http/loop_exchange.hpp"

#include <utility>

#include "http/transfer_error.hpp"

namespace llm::http {
namespace {

// libcurl keeps such a buffer for each transfer that is open.
constexpr std::size_t kLoopBufferBytes = 8 * 1024;
// A pause costs libcurl a copy of what it has read and not delivered.
constexpr std::size_t kLoopPauseBytes = 64 * 1024;
// What a stream keeps of its own buffers while it waits: enough for some deltas, so that the next
// one allocates nothing.
constexpr std::size_t kKeptBytes = 2 * 1024;

void free_if_large(std::string& buffer) {
  if (buffer.capacity() > kKeptBytes) std::string().swap(buffer);
}

}  // namespace

LoopExchange::LoopExchange(std::shared_ptr<LoopMulti> multi, std::shared_ptr<const Target> target,
                           const HttpRequest& request)
    : multi_(std::move(multi)),
      origin_(target->origin),
      route_{origin_, request.proxy, request.peer},
      handle_(multi_->take_handle(route_)),
      transfer_({.core = multi_->transport(),
                 .easy = *handle_,
                 .received = received_,
                 .buffer_bytes = kLoopBufferBytes,
                 .pause_bytes = kLoopPauseBytes,
                 .listener = this,
                 .connections = &multi_->connections()},
                // Not the time of the turn, which is earlier: the limit of the call would seem to
                // pass before the call's own deadline.
                std::move(target), request, multi_->loop().read_clock()),
      job_(multi_->loop(), [this] { look(); }),
      limit_(multi_->loop(), [this] { check_limits(); }) {
  if (const CURLcode code = transfer_.configure(request); code != CURLE_OK) {
    fail(transfer_.failure_of(code));
    return;
  }
  multi_->add(*this);
  arm();
}

LoopExchange::~LoopExchange() {
  if (handle_ == nullptr) return;
  if (!multi_->is_closed()) multi_->remove(*this);
  if (transfer_.is_complete() && !failure_) multi_->give_back(route_, std::move(handle_));
}

Result<bool> LoopExchange::has_head() {
  if (transfer_.head_complete()) return true;
  if (failure_) return std::unexpected(*failure_);
  return false;
}

Result<std::optional<std::string_view>> LoopExchange::try_read() {
  reading_.clear();
  if (received_.empty() && transfer_.is_paused()) {
    transfer_.restart_idle(multi_->loop().now());
    if (const CURLcode code = transfer_.resume(); code != CURLE_OK) {
      fail(transfer_.failure_of(code));
    }
  }
  if (!received_.empty()) {
    std::swap(received_, reading_);
    return std::string_view(reading_);
  }
  if (failure_) return std::unexpected(*failure_);
  if (transfer_.is_over()) return std::string_view();
  free_if_large(received_);
  free_if_large(reading_);
  return std::nullopt;
}

/// Acts on what libcurl's callbacks noted.
void LoopExchange::look() {
  transfer_.progressed(multi_->loop().now());
  if (transfer_.is_connected()) multi_->connected(*this);
  if (transfer_.is_over() && !failure_) {
    if (!transfer_.is_complete()) failure_ = transfer_.failure();
    limit_.cancel();
    // Frees libcurl's buffer; the connection goes back to the others.
    multi_->remove(*this);
  } else {
    arm();
  }
  if (const std::exception_ptr thrown = transfer_.take_exception()) {
    multi_->loop().fail(thrown);
  }
  if (progress_) progress_();
}

void LoopExchange::check_limits() {
  const auto now = multi_->loop().now();
  // The consumer is slow, not the server.
  if (!received_.empty()) transfer_.restart_idle(now);
  transfer_.progressed(now);
  if (auto error = transfer_.overdue(now)) {
    fail(std::move(*error));
  } else {
    arm();
  }
}

/// One timer per transfer, at its earliest limit. If the limit has moved by then, the timer is set
/// again: a delta never sets it.
void LoopExchange::arm() {
  const auto next = transfer_.next_deadline();
  if (next && (!limit_.when() || *next < *limit_.when())) limit_.set(*next);
}

// NOLINTNEXTLINE(misc-no-recursion): it fails once.
void LoopExchange::fail(Error error) {
  if (failure_) return;
  failure_ = std::move(error);
  limit_.cancel();
  if (!multi_->is_closed()) multi_->remove(*this);
  job_.schedule();
}

void LoopExchange::end_with_loop() {
  failure_ = cancelled_error(transfer_.host());
  limit_.cancel();
  job_.unschedule();
  multi_->remove(*this);
  handle_.reset();
}

}  // namespace llm::http
