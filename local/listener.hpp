#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <llm/error.hpp>

#include "local/exchange.hpp"

namespace llm::local {

/// What a listener tells. Both are called on its one thread, never two at a time.
struct ListenerEvents {
  std::function<void()> on_connection{};
  std::function<Reply(const Request&)> on_request{};
};

/// HTTP/1.1 on one address, on a thread of its own that serves every connection. Knows keep-alive,
/// pipelining, chunked uploads and `Expect: 100-continue`; writes the frames of a streamed reply
/// one by one as chunks. Headers may be 64 KiB long.
class Listener {
 public:
  /// Errors: configuration_error for an address that is none or cannot be bound.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const std::string& address,
                                                              std::uint16_t port,
                                                              ListenerEvents events);
  virtual ~Listener() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Closes everything and joins the thread. May be called twice, not from the thread itself.
  virtual void stop() = 0;
};

}  // namespace llm::local
