#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>

namespace llm::test_support {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kMaxWait(10);

std::string outcome_of(const std::function<std::string()>& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    return std::string("threw ") + error.what();
  }
}

}  // namespace

ChildProcess::ChildProcess(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
  report_ = port::Descriptor(ends[0]);
  const port::Descriptor writer(ends[1]);
  process_ = ::fork();
  if (process_ != 0) return;
  const std::string report = outcome_of(work);
  const ssize_t written = ::write(writer.get(), report.data(), report.size());
  ::_exit(written == static_cast<ssize_t>(report.size()) ? 0 : 1);
}

ChildProcess::~ChildProcess() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

std::string ChildProcess::report() {
  const auto limit = std::chrono::steady_clock::now() + kMaxWait;
  std::string report;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(limit - std::chrono::steady_clock::now());
    pollfd ready{report_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) != 1) break;
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(report_.get(), buffer.data(), buffer.size());
    if (count <= 0) break;
    report.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return report.empty() ? "no report" : report;
}

}  // namespace llm::test_support
