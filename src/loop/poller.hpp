#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <llm/error.hpp>

#include "port/descriptor.hpp"

namespace llm::loop {

/// Told that a descriptor is ready.
class Watcher {
 public:
  /// `events`: EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP.
  virtual void on_ready(int descriptor, std::uint32_t events) = 0;

 protected:
  ~Watcher() = default;
};

/// Waits for descriptors: epoll, a timer and a wake-up. `wake` may be called from any thread,
/// everything else from one.
class Poller {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Errors: internal_error if no descriptor is available.
  [[nodiscard]] static Result<std::unique_ptr<Poller>> create();
  Poller(port::Descriptor epoll, port::Descriptor timer, port::Descriptor wake);

  /// Watches a descriptor for `events`, or changes what it is watched for. Level-triggered.
  /// `watcher` outlives the watch. False when the system refuses.
  [[nodiscard]] bool watch(int descriptor, std::uint32_t events, Watcher& watcher);
  /// Forgets a descriptor, which may be closed already. Events of this turn are not delivered.
  void forget(int descriptor);

  /// Waits for events, up to `longest` (rounded up to milliseconds). Returns their number; each is
  /// to be delivered, or it comes again.
  [[nodiscard]] std::size_t wait(std::chrono::milliseconds longest);
  /// Tells the watcher of an event of the last `wait`, by its index. False for the alarm, a `wake`,
  /// and a watch that has ended.
  bool deliver(std::size_t event);

  /// Readable when there are events, when the alarm has gone off, and after `wake`.
  [[nodiscard]] int descriptor() const { return epoll_.get(); }
  /// Makes `descriptor` readable at that time, or earlier if an earlier alarm is set.
  void set_alarm(std::optional<TimePoint> when);
  /// Makes `wait` return, now or the next time. From any thread.
  void wake();

 private:
  /// Index is the descriptor. The generation tells a descriptor from an earlier one of that number.
  struct Watch {
    Watcher* watcher = nullptr;  ///< Null: not watched.
    std::uint32_t events = 0;
    std::uint32_t generation = 0;
  };

  static constexpr int kMaxEvents = 128;

  [[nodiscard]] bool control(int operation, int descriptor, const Watch& watch);

  port::Descriptor epoll_;
  port::Descriptor timer_;
  port::Descriptor wake_;
  std::vector<Watch> watches_;
  std::array<epoll_event, kMaxEvents> events_{};  ///< Of the last wait.
  std::optional<TimePoint> alarm_;
};

}  // namespace llm::loop
