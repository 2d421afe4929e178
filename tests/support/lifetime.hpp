#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "port/descriptor.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::test_support {

/// A FIFO that tells when a shell command runs and when all that it has started have ended: the
/// command opens `path` for writing, and its children inherit that.
class Lifetime {
 public:
  Lifetime() {
    if (::mkfifo(path().c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
    reader_.reset(::open(path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }

  [[nodiscard]] std::string path() const { return (folder_.path() / "fifo").string(); }
  /// Whether the command prints a line to the FIFO, within ten seconds.
  [[nodiscard]] bool begun() const { return (events() & POLLIN) != 0; }
  /// Whether everything ends within ten seconds.
  [[nodiscard]] bool ended() const {
    char line[16];
    while (::read(reader_.get(), line, sizeof line) > 0) {
    }
    return (events() & POLLHUP) != 0;
  }

 private:
  [[nodiscard]] int events() const {
    constexpr int kPatienceMilliseconds = 10'000;
    pollfd wait{.fd = reader_.get(), .events = POLLIN, .revents = 0};
    ::poll(&wait, 1, kPatienceMilliseconds);
    return wait.revents;
  }

  TemporaryDirectory folder_;
  port::Descriptor reader_;
};

}  // namespace llm::test_support
