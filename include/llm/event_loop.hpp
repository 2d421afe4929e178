#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include <llm/callback.hpp>
#include <llm/error.hpp>

namespace llm {

namespace loop {
class Core;
}

/// How an event loop connects and waits.
struct EventLoopOptions {
  /// Connections that may be set up at the same time, TLS handshakes included; the rest queue.
  /// At least 1.
  int max_connecting = 64;
  /// Threads for calls that can only block: those of a client with its own `Transport`, `health`,
  /// and blocking tools. Started when needed. At least 1.
  int blocking_threads = 16;
};

/// Runs calls on the one thread that drives it, with `run` or from another loop with `descriptor`
/// and `process`. A program may have many, each on its own thread. `post` and `stop` may be called
/// from any thread, everything else only from the driving one.
///
/// In a child of `fork` a loop of the parent does nothing: calls on it end with
/// configuration_error, tasks are destroyed, posted work is dropped, and `run` and `process` return
/// at once. Destroying it there, and what was on it, calls nothing back and sends nothing; its
/// memory and descriptors stay.
class EventLoop {
 public:
  /// Errors: configuration_error for options out of range; internal_error without a free
  /// descriptor. A loop needs three.
  [[nodiscard]] static Result<std::unique_ptr<EventLoop>> create(EventLoopOptions options = {});
  explicit EventLoop(std::unique_ptr<loop::Core> core);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Ends every open call with `cancelled`, then waits for its threads.
  ~EventLoop();

  /// Runs until `stop`, or until no call, task or posted work is left. What a callback throws
  /// leaves `run`, which may be called again.
  void run();
  /// Runs `work` on the driving thread, soon. From any thread.
  void post(Callback<void()> work);
  /// Makes the current `run`, or the next one, return. From any thread.
  void stop();

  /// Readable when `process` has something to do, timers and posted work included. Level-triggered.
  /// For poll, epoll or another loop; never read from it.
  [[nodiscard]] int descriptor() const;
  /// Does what is ready and never waits: at most about `budget` handlers, so that others on the
  /// thread get their turn. True if more is ready. Throws what a callback threw; the loop stays
  /// usable.
  bool process(std::size_t budget = 256);
  /// When `process` has to be called at the latest, for a loop that keeps its own timers.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_deadline() const;

  /// For the library.
  [[nodiscard]] loop::Core& core() const { return *core_; }

 private:
  std::unique_ptr<loop::Core> core_;
};

}  // namespace llm
