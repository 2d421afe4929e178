#pragma once

#include <mutex>
#include <stop_token>
#include <thread>

namespace cli {

/// Readable from Ctrl-C until the next `Interrupt::arm`; -1 while there is no Interrupt.
[[nodiscard]] int interrupt_descriptor();

/// Turns Ctrl-C into a stop request. One for the program.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// A token for the work that begins now; Ctrl-C stops it and not the program.
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
