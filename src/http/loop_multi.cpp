#include "http/loop_multi.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "http/loop_exchange.hpp"
#include "http/request_options.hpp"

namespace llm::http {
namespace {

constexpr std::size_t kMaxIdleHandles = 256;

}  // namespace

LoopMulti::LoopMulti(loop::Core& core, std::shared_ptr<TransportCore> transport)
    : Ending(core),
      transport_(std::move(transport)),
      multi_(curl_multi_init()),
      share_(curl_share_init()),
      timer_(core, [this] { act(CURL_SOCKET_TIMEOUT, 0); }) {
  if (multi_ == nullptr || share_ == nullptr) {
    close();
    curl_share_cleanup(share_);
    throw std::bad_alloc();
  }
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &LoopMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &LoopMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

LoopMulti::~LoopMulti() {
  close();
  curl_share_cleanup(share_);  // No exchange is left whose handle refers to it.
}

void LoopMulti::close() {
  timer_.cancel();
  idle_handles_.clear();
  // Closes the connections that are left, which forgets their descriptors.
  curl_multi_cleanup(std::exchange(multi_, nullptr));
}

void LoopMulti::end_with_loop() {
  // Each fails, and takes its handle out.
  while (!waiting_.empty()) waiting_.front()->end_with_loop();
  while (!running_.empty()) running_.back()->end_with_loop();
  close();
}

void LoopMulti::add(LoopExchange& exchange) {
  if (connecting_ < core().options().max_connecting) {
    start(exchange);
  } else {
    exchange.is_waiting = true;
    waiting_.push_back(&exchange);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): is_starting_ ends it at the second level.
void LoopMulti::start(LoopExchange& exchange) {
  exchange.is_connecting = true;
  ++connecting_;
  exchange.place = running_.size();
  running_.push_back(&exchange);
  CURL* const easy = exchange.handle().get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &exchange);
  curl_easy_setopt(easy, CURLOPT_SHARE, share_);
  exchange.handle().begin(&exchange.transfer());
  if (curl_multi_add_handle(multi_, easy) != CURLM_OK) {
    exchange.fail(exchange.transfer().failure_of(CURLE_OUT_OF_MEMORY));
  }
}

// NOLINTNEXTLINE(misc-no-recursion): is_starting_ ends it at the second level.
void LoopMulti::connected(LoopExchange& exchange) {
  if (!std::exchange(exchange.is_connecting, false)) return;
  --connecting_;
  start_waiting();
}

/// One that cannot be started makes room for the next: the loop below, not recursion, starts it.
// NOLINTNEXTLINE(misc-no-recursion): is_starting_ ends it at the second level.
void LoopMulti::start_waiting() {
  if (std::exchange(is_starting_, true)) return;
  while (!waiting_.empty() && connecting_ < core().options().max_connecting) {
    LoopExchange& next = *waiting_.front();
    waiting_.pop_front();
    next.is_waiting = false;
    start(next);
  }
  is_starting_ = false;
}

// NOLINTNEXTLINE(misc-no-recursion): is_starting_ ends it at the second level.
void LoopMulti::remove(LoopExchange& exchange) {
  if (std::exchange(exchange.is_waiting, false)) std::erase(waiting_, &exchange);
  if (exchange.place == LoopExchange::kNoPlace) return;
  curl_multi_remove_handle(multi_, exchange.handle().get());
  running_.back()->place = exchange.place;
  running_[exchange.place] = running_.back();
  running_.pop_back();
  exchange.place = LoopExchange::kNoPlace;
  connected(exchange);
}

std::unique_ptr<EasyHandle> LoopMulti::take_handle(const Route& route) {
  const auto found = std::find_if(
      idle_handles_.rbegin(), idle_handles_.rend(),
      [&](const IdleHandle& idle) { return Route{idle.origin, idle.proxy, idle.peer} == route; });
  if (found == idle_handles_.rend()) return std::make_unique<EasyHandle>();
  std::unique_ptr<EasyHandle> handle = std::move(found->handle);
  idle_handles_.erase(std::next(found).base());
  return handle;
}

void LoopMulti::give_back(const Route& route, std::unique_ptr<EasyHandle> handle) noexcept {
  if (is_closed() || idle_handles_.size() >= kMaxIdleHandles) return;
  handle->end();
  try {
    idle_handles_.push_back(
        {std::string(route.origin), route.proxy, route.peer, std::move(handle)});
  } catch (const std::bad_alloc&) {
    return;  // One handle fewer is kept.
  }
}

/// libcurl wants to know when this socket is ready. Called from within libcurl, so it calls nothing
/// of the multi handle.
int LoopMulti::on_socket(CURL* easy, curl_socket_t socket, int what, void* self,
                         void* /*socket_data*/) {
  auto& multi = *static_cast<LoopMulti*>(self);
  loop::Poller& poller = multi.core().poller();
  if (what == CURL_POLL_REMOVE) {
    poller.forget(socket);
    return 0;
  }
  const bool wants_in = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool wants_out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  const std::uint32_t events = (wants_in ? EPOLLIN : 0U) | (wants_out ? EPOLLOUT : 0U);
  try {
    if (!poller.watch(socket, events, multi)) return -1;
  } catch (const std::bad_alloc&) {
    return -1;  // Nothing may be thrown through libcurl.
  }
  // It may have sent the request: limits follow from that.
  LoopExchange* exchange = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
  if (exchange != nullptr) {
    exchange->transfer().runs_on(socket);
    exchange->touch();
  }
  return 0;
}

int LoopMulti::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
  auto& multi = *static_cast<LoopMulti*>(self);
  if (timeout_ms < 0) {
    multi.timer_.cancel();
  } else {
    multi.timer_.set(multi.core().now() + std::chrono::milliseconds(timeout_ms));
  }
  return 0;
}

void LoopMulti::on_ready(int descriptor, std::uint32_t events) {
  int ready = 0;
  if ((events & EPOLLIN) != 0) ready |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) ready |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) ready |= CURL_CSELECT_ERR;
  act(descriptor, ready);
}

void LoopMulti::act(curl_socket_t socket, int events) {
  int running = 0;
  if (curl_multi_socket_action(multi_, socket, events, &running) == CURLM_OK) {
    collect_ended();
    return;
  }
  // The multi handle is lost: so are all transfers.
  for (LoopExchange* const exchange : std::vector(running_)) {
    exchange->fail(exchange->transfer().failure_of(CURLE_OUT_OF_MEMORY));
  }
}

void LoopMulti::collect_ended() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    LoopExchange* exchange = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    exchange->transfer().ended(message->data.result);
    exchange->touch();
  }
}

}  // namespace llm::http
