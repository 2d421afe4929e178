#include "http/handle_pool.hpp"

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "http/request_options.hpp"

namespace llm::http {

HandlePair::HandlePair(const Route& route)
    : origin_(route.origin), route_{origin_, route.proxy, route.peer} {
  // Reserved once: a growing string would leave unwiped copies.
  received_.reserve(kMaxReceivedBytes);
  multi_ = curl_multi_init();  // Last: without memory nobody would clean it up.
  if (multi_ == nullptr) throw std::bad_alloc();
}

HandlePair::~HandlePair() {
  wipe_received();
  if (!is_of_this_process()) {
    // To end its TLS would end that of the process that goes on with it.
    sockets_.close_all();
    port::abandon(multi_);
    return;
  }
  curl_multi_remove_handle(multi_, easy_.get());
  curl_multi_cleanup(multi_);
}

void HandlePair::begin(void* user) {
  easy_.begin(user);
  curl_multi_add_handle(multi_, easy_.get());
}

void HandlePair::discard_received() {
  longest_received_ = std::max(longest_received_, received_.size());
  received_.clear();
}

// Some responses contain credentials.
void HandlePair::wipe_received() {
  discard_received();
  received_.resize(std::exchange(longest_received_, 0));
  // Not OPENSSL_cleanse: it clears eight bytes at a time, and this can be 64 KiB.
  explicit_bzero(received_.data(), received_.size());
  received_.clear();
}

void HandlePair::end() {
  curl_multi_remove_handle(multi_, easy_.get());
  wipe_received();
  easy_.end();
}

std::unique_ptr<HandlePair> HandlePool::take(const Route& route) {
  {
    const std::scoped_lock lock(mutex_);
    drop_foreign();
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& candidate) {
      return candidate->route() == route;
    });
    if (found != idle_.rend()) {
      std::unique_ptr<HandlePair> handles = std::move(*found);
      idle_.erase(std::next(found).base());
      return handles;
    }
  }
  return std::make_unique<HandlePair>(route);
}

/// Requires: `mutex_` is held.
void HandlePool::drop_foreign() {
  if (process_.is_current()) return;
  idle_.clear();
  process_ = {};
}

void HandlePool::give_back(std::unique_ptr<HandlePair> handles) noexcept {
  if (!handles->is_of_this_process()) return;
  handles->end();
  std::unique_ptr<HandlePair> closing;  // destroyed after the lock is released
  const std::scoped_lock lock(mutex_);
  try {
    idle_.push_back(std::move(handles));
  } catch (const std::bad_alloc&) {
    return;  // One connection fewer is kept.
  }
  if (idle_.size() <= max_idle_) return;
  closing = std::move(idle_.front());
  idle_.erase(idle_.begin());
}

std::size_t HandlePool::idle() const {
  const std::scoped_lock lock(mutex_);
  return idle_.size();
}

}  // namespace llm::http
