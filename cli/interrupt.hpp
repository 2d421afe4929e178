#pragma once

#include <mutex>
#include <stop_token>
#include <thread>

namespace cli {

/// A descriptor that is readable from Ctrl-C until the next `Interrupt::arm`; -1 without an
/// Interrupt.
[[nodiscard]] int interrupt_descriptor();

/// Turns Ctrl-C into a stop request. At most one may exist.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// A token for the work that starts now: Ctrl-C stops that work, not the program.
  [[nodiscard]] std::stop_token arm();

 private:
  void watch();

  int pipe_read_ = -1;
  int pipe_write_ = -1;
  int stopped_ = -1;
  std::mutex mutex_;
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace cli
