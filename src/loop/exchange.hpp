#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <llm/callback.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::loop {

class Core;

/// A request that is on its way, and its response. Used on the loop's thread; destroying it closes
/// its connection unless the response is complete.
class AsyncExchange {
 public:
  virtual ~AsyncExchange() = default;

  /// Whether the response head has arrived. Errors: as `Transport::send`.
  [[nodiscard]] virtual Result<bool> has_head() = 0;
  /// Requires: has_head().
  [[nodiscard]] virtual const HttpResponseHead& head() const = 0;
  /// What `HttpExchange::read_some` would return; nullopt where that would block. The view lives
  /// until the next call. Requires: has_head().
  [[nodiscard]] virtual Result<std::optional<std::string_view>> try_read() = 0;
  /// Sets what is called, from the loop, whenever one of the above may have changed. It may destroy
  /// the exchange.
  virtual void on_progress(Callback<void()> progress) = 0;
};

/// `Transport` without blocking. Used on the loop's thread.
class AsyncTransport {
 public:
  virtual ~AsyncTransport() = default;
  /// Errors: those that are known before anything is sent; all others come from the exchange.
  [[nodiscard]] virtual Result<std::unique_ptr<AsyncExchange>> start(
      const HttpRequest& request) = 0;
};

}  // namespace llm::loop
