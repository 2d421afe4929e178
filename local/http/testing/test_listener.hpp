#pragma once

// For tests of the local Bedrock only.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "local/http/listener.hpp"
#include "local/http/testing/http2_peer.hpp"

namespace llm::local::test {

/// A listener that records requests and sends the reply scripted for their path.
class TestListener {
 public:
  explicit TestListener(std::map<std::string, Reply> replies = {}) : replies_(std::move(replies)) {
    Result<std::unique_ptr<Listener>> opened =
        Listener::open("127.0.0.1", 0,
                       {.on_connection = [this] { ++connections; },
                        .on_request = [this](const Request& request) { return serve(request); }});
    if (!opened) throw std::runtime_error(opened.error().message);
    listener = std::move(*opened);
  }

  std::uint16_t port() const { return listener->port(); }

  std::vector<Request> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

  std::atomic<int> connections = 0;
  std::unique_ptr<Listener> listener;

 private:
  Reply serve(const Request& request) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    const auto found = replies_.find(request.target);
    return found == replies_.end() ? Reply{.body = "fine"} : found->second;
  }

  std::map<std::string, Reply> replies_;
  std::mutex mutex_;
  std::vector<Request> requests_;
};

inline Reply streamed(std::vector<Frame> frames, SendPlan plan = {}) {
  return {.frames = std::move(frames), .streamed = true, .plan = plan};
}

}  // namespace llm::local::test
