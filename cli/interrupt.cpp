#include "interrupt.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<int> signal_pipe{-1};
std::atomic<int> stopped_event{-1};

extern "C" void on_interrupt(int) {
  const int saved = errno;
  const char byte = 'i';
  // If the pipe is full, an interrupt is already pending.
  static_cast<void>(::write(signal_pipe.load(), &byte, 1) == 1);
  errno = saved;
}

}  // namespace

int interrupt_descriptor() { return stopped_event.load(); }

Interrupt::Interrupt() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  pipe_read_ = ends[0];
  pipe_write_ = ends[1];
  signal_pipe.store(pipe_write_);
  stopped_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  stopped_event.store(stopped_);
  watcher_ = std::thread([this] { watch(); });
  // Without SA_RESTART, so that a blocked read returns.
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
}

Interrupt::~Interrupt() {
  ::signal(SIGINT, SIG_DFL);
  if (pipe_write_ < 0) return;
  ::close(pipe_write_);
  watcher_.join();
  ::close(pipe_read_);
  stopped_event.store(-1);
  ::close(stopped_);
}

std::stop_token Interrupt::arm() {
  const std::lock_guard lock(mutex_);
  source_ = std::stop_source();
  eventfd_t past = 0;
  ::eventfd_read(stopped_, &past);
  return source_.get_token();
}

void Interrupt::watch() {
  char byte = 0;
  while (true) {
    const ssize_t got = ::read(pipe_read_, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    const std::lock_guard lock(mutex_);
    source_.request_stop();
    ::eventfd_write(stopped_, 1);
  }
}

}  // namespace cli
