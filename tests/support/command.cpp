#include "tests/support/command.hpp"

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace llm::test_support {
namespace {

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), 0) != 0) ends = {-1, -1};
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(std::size_t end) {
    if (ends.at(end) >= 0) ::close(ends.at(end));
    ends.at(end) = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Appends what is there; false at the end.
bool drain(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
  if (got <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

void collect(int output, int errors, Finished& finished) {
  std::array<pollfd, 2> open{pollfd{output, POLLIN, 0}, pollfd{errors, POLLIN, 0}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (::poll(open.data(), open.size(), -1) < 0) return;
    if (open[0].revents != 0 && !drain(output, finished.output)) open[0].fd = -1;
    if (open[1].revents != 0 && !drain(errors, finished.errors)) open[1].fd = -1;
  }
}

}  // namespace

Finished run(const Command& command) {
  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);

  std::vector<std::string> words = command.words;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  auto arguments = pointers(words);
  auto environment = pointers(variables);
  pid_t child = 0;
  const int spawned =
      ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  Finished finished;
  if (spawned != 0) return finished;

  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  // A small input fits the pipe; a program that does not read it must not end the test.
  ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(::write(in.ends[1], command.input.data(), command.input.size()) >= 0);
  in.close_end(1);
  collect(out.ends[0], err.ends[0], finished);
  int status = 0;
  ::waitpid(child, &status, 0);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace llm::test_support
