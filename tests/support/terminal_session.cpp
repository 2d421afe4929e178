#include "tests/support/terminal_session.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

namespace llm::test_support {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

TerminalSession::TerminalSession(std::vector<std::string> words,
                                 std::map<std::string, std::string> environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  auto arguments = pointers(words);
  auto entries = pointers(variables);
  process_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
  if (process_ == 0) {
    ::execve(arguments[0], arguments.data(), entries.data());
    ::_exit(127);
  }
}

TerminalSession::~TerminalSession() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(terminal_);
}

void TerminalSession::type(std::string_view text) const {
  static_cast<void>(::write(terminal_, text.data(), text.size()) >= 0);
}

bool TerminalSession::shows(std::string_view text) {
  const auto deadline = Clock::now() + kPatience;
  while (true) {
    if (const auto at = screen_.find(text); at != std::string::npos) {
      screen_.erase(0, at + text.size());
      return true;
    }
    if (!read_until(deadline)) return false;
  }
}

bool TerminalSession::read_until(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd terminal{.fd = terminal_, .events = POLLIN, .revents = 0};
  if (left <= 0 || ::poll(&terminal, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(terminal_, buffer.data(), buffer.size());
  if (got <= 0) return false;
  screen_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

void TerminalSession::signal(int number) const { ::kill(process_, number); }

std::optional<int> TerminalSession::wait() {
  const auto deadline = Clock::now() + kPatience;
  // The terminal hangs up when its last process has ended.
  while (read_until(deadline)) {
  }
  if (Clock::now() >= deadline) return std::nullopt;
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace llm::test_support
