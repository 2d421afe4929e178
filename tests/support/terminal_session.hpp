#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llm::test_support {

/// A program on its own terminal, as a person uses it.
class TerminalSession {
 public:
  /// Starts it with these variables only.
  TerminalSession(std::vector<std::string> words, std::map<std::string, std::string> environment);
  TerminalSession(const TerminalSession&) = delete;
  TerminalSession& operator=(const TerminalSession&) = delete;
  /// Kills it if it still runs.
  ~TerminalSession();

  /// Types; "\x03" is Ctrl-C, "\x04" Ctrl-D.
  void type(std::string_view text) const;
  /// Blocks until the screen has shown `text` since the last call; false after ten seconds.
  [[nodiscard]] bool shows(std::string_view text);
  /// Sends a signal.
  void signal(int number) const;
  /// Blocks until it ends: its exit code, 128 + signal when it was killed; nullopt if it has not
  /// after ten seconds.
  [[nodiscard]] std::optional<int> wait();
  /// Output since the last successful `shows`.
  [[nodiscard]] const std::string& screen() const { return screen_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool read_until(Clock::time_point deadline);

  int terminal_ = -1;
  int process_ = -1;
  std::string screen_;
};

}  // namespace llm::test_support
