#include "port/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <system_error>

#include "base/errors.hpp"
#include "port/descriptor.hpp"

namespace llm::port {
namespace {

using std::chrono::steady_clock;

Error process_error(std::string message, std::string advice = {}) {
  return make_error(ErrorCode::authentication_error, std::move(message), std::move(advice));
}

Error start_error(int reason) {
  return process_error(
      "Could not start a shell command: " + std::generic_category().message(reason) + ".");
}

Error cancelled_error() { return base::cancelled("The shell command"); }

Error timeout_error(const ProcessLimits& limits) {
  return process_error("The shell command did not finish within " +
                           std::to_string(limits.timeout.count()) + " ms and was killed.",
                       "Run it by hand to see what it waits for.");
}

Error output_error(const ProcessLimits& limits) {
  return process_error("The shell command wrote more than " +
                           std::to_string(limits.max_output_bytes) + " bytes and was killed.",
                       "Check that it is the right command.");
}

/// Collects the output of one pipe. It may contain a secret: its memory is never moved, and wiped
/// at the end.
class Capture {
 public:
  explicit Capture(std::size_t max_bytes) : max_bytes_(max_bytes), text_(max_bytes + 1, '\0') {}
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { const Secret wiped = take(); }

  [[nodiscard]] bool overflown() const { return used_ > max_bytes_; }

  /// Reads once; false at the end of the pipe.
  bool read_from(int pipe) {
    const ssize_t count = ::read(pipe, text_.data() + used_, text_.size() - used_);
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    used_ += static_cast<std::size_t>(count);
    return count > 0;
  }

  [[nodiscard]] Secret take() {
    text_.resize(used_);
    return Secret(std::move(text_));
  }

 private:
  std::size_t max_bytes_;
  std::size_t used_ = 0;
  std::string text_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

/// Neither end is 0, 1 or 2: the set-up of the child would overwrite those.
std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const Descriptor first_read(ends[0]);
  const Descriptor first_write(ends[1]);
  Pipe pipe{.read_end = Descriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, STDERR_FILENO + 1)),
            .write_end = Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1))};
  if (!pipe.read_end || !pipe.write_end) return std::nullopt;
  return pipe;
}

/// The standard descriptors of a child; -1 is /dev/null.
struct StandardDescriptors {
  int input = -1;
  int output = -1;
  int errors = -1;
};

/// How to start a child: in the process group `group`, 0 for a new one, with default SIGPIPE, no
/// blocked signals, and only the three standard descriptors.
class SpawnPlan {
 public:
  SpawnPlan(const StandardDescriptors& standard, pid_t group) {
    ::posix_spawn_file_actions_init(&actions_);
    connect(standard.input, STDIN_FILENO, O_RDONLY);
    connect(standard.output, STDOUT_FILENO, O_WRONLY);
    connect(standard.errors, STDERR_FILENO, O_WRONLY);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);

    sigset_t none;
    sigset_t defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setpgroup(&attributes_, group);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  /// 0, or the reason why `sh` did not start.
  int start(std::string command, pid_t& child) const {
    std::string shell = "sh";
    std::string option = "-c";
    const std::array<char*, 4> arguments{shell.data(), option.data(), command.data(), nullptr};
    return ::posix_spawn(&child, "/bin/sh", &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  void connect(int descriptor, int standard, int mode) {
    if (descriptor < 0) {
      ::posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", mode, 0);
    } else {
      ::posix_spawn_file_actions_adddup2(&actions_, descriptor, standard);
    }
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// A running child. It is always reaped, and unless it has ended by itself, killed first.
class Child {
 public:
  explicit Child(pid_t id) : id_(id) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (reaped_) return;
    ::kill(id_, SIGKILL);
    reap(0);
  }

  [[nodiscard]] pid_t id() const { return id_; }

  /// True when it has ended. Never blocks.
  bool ended() { return reaped_ || reap(WNOHANG); }

  /// As in a shell; nullopt when the system did not report it. Requires: `ended()`.
  [[nodiscard]] std::optional<int> exit_code() const {
    constexpr int kSignalBase = 128;
    if (!status_) return std::nullopt;
    if (WIFEXITED(*status_)) return WEXITSTATUS(*status_);
    return kSignalBase + WTERMSIG(*status_);
  }

 private:
  bool reap(int options) {
    int status = 0;
    pid_t result = -1;
    do {
      result = ::waitpid(id_, &status, options);
    } while (result < 0 && errno == EINTR);
    if (result == 0) return false;
    // ECHILD: the program ignores SIGCHLD, so the kernel has discarded the status.
    if (result == id_) status_ = status;
    reaped_ = true;
    return true;
  }

  pid_t id_;
  bool reaped_ = false;
  std::optional<int> status_;
};

/// A process group that is killed with this process, however that ends, and with this object unless
/// it is released. Its leader waits for the end of a pipe whose other end only this process has,
/// and then kills the group. (PR_SET_PDEATHSIG would end a command with the thread that started it,
/// and spare what the command has started.)
class GuardedGroup {
 public:
  /// Errors: the reason why the leader did not start.
  static std::expected<std::unique_ptr<GuardedGroup>, int> start() {
    std::optional<Pipe> lifeline = make_pipe();
    if (!lifeline) return std::unexpected(errno);
    pid_t leader = -1;
    const SpawnPlan plan({.input = lifeline->read_end.get()}, 0);
    if (const int reason = plan.start("read -r _; kill -s KILL 0", leader); reason != 0) {
      return std::unexpected(reason);
    }
    return std::make_unique<GuardedGroup>(std::move(lifeline->write_end), leader);
  }

  GuardedGroup(Descriptor lifeline, pid_t leader)
      : lifeline_(std::move(lifeline)), leader_(leader) {}
  GuardedGroup(const GuardedGroup&) = delete;
  GuardedGroup& operator=(const GuardedGroup&) = delete;
  ~GuardedGroup() {
    if (!released_) ::kill(-leader_.id(), SIGKILL);
  }

  [[nodiscard]] pid_t id() const { return leader_.id(); }
  /// Leaves alone what the command has left running.
  void release() { released_ = true; }

 private:
  Descriptor lifeline_;
  Child leader_;  // Last: it ends before the pipe does.
  bool released_ = false;
};

/// Follows one child until it has closed its pipes and ended.
class Watch {
 public:
  Watch(const ProcessLimits& limits, std::stop_token stop)
      : limits_(limits),
        deadline_(steady_clock::now() + limits.timeout),
        stop_(std::move(stop)),
        wake_up_(::eventfd(0, EFD_CLOEXEC)) {}

  Result<ProcessOutput> follow(Child& child, Descriptor output, Descriptor errors) {
    const std::stop_callback wake(stop_, [this] { ::eventfd_write(wake_up_.get(), 1); });
    while (output || errors || !child.ended()) {
      if (stop_.stop_requested()) return std::unexpected(cancelled_error());
      if (steady_clock::now() >= deadline_) return std::unexpected(timeout_error(limits_));
      wait_and_read(output, errors);
      if (output_.overflown() || errors_.overflown()) {
        return std::unexpected(output_error(limits_));
      }
    }
    const std::optional<int> exit_code = child.exit_code();
    if (!exit_code) {
      return std::unexpected(process_error(
          "The exit code of the shell command is unknown because the program ignores SIGCHLD."));
    }
    return ProcessOutput{.exit_code = *exit_code,
                         .standard_output = output_.take(),
                         .standard_error = errors_.take()};
  }

 private:
  void wait_and_read(Descriptor& output, Descriptor& errors) {
    // poll ignores a negative descriptor.
    std::array<pollfd, 3> waits{{{.fd = output.get(), .events = POLLIN, .revents = 0},
                                 {.fd = errors.get(), .events = POLLIN, .revents = 0},
                                 {.fd = wake_up_.get(), .events = POLLIN, .revents = 0}}};
    if (::poll(waits.data(), waits.size(), longest_wait(output || errors)) <= 0) return;
    if (waits[0].revents != 0 && !output_.read_from(output.get())) output.reset();
    if (waits[1].revents != 0 && !errors_.read_from(errors.get())) errors.reset();
  }

  /// Longest wait in milliseconds. With both pipes closed the child is about to end, which only
  /// polling can detect.
  [[nodiscard]] int longest_wait(bool pipes_open) const {
    constexpr std::chrono::milliseconds kPollInterval(2);
    constexpr std::chrono::milliseconds kLongest(60'000);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - steady_clock::now());
    const auto longest = pipes_open ? kLongest : kPollInterval;
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), longest).count());
  }

  ProcessLimits limits_;
  steady_clock::time_point deadline_;
  std::stop_token stop_;
  Descriptor wake_up_;
  Capture output_{limits_.max_output_bytes};
  Capture errors_{limits_.max_output_bytes};
};

}  // namespace

Result<ProcessOutput> run_shell_command(const std::string& command, const ProcessLimits& limits,
                                        std::stop_token stop) {
  if (stop.stop_requested()) return std::unexpected(cancelled_error());
  std::optional<Pipe> output = make_pipe();
  std::optional<Pipe> errors = make_pipe();
  if (!output || !errors) return std::unexpected(start_error(errno));
  const auto group = GuardedGroup::start();
  if (!group) return std::unexpected(start_error(group.error()));

  pid_t id = -1;
  const SpawnPlan plan({.output = output->write_end.get(), .errors = errors->write_end.get()},
                       (*group)->id());
  if (const int reason = plan.start(command, id); reason != 0) {
    return std::unexpected(start_error(reason));
  }
  Child child(id);
  output->write_end.reset();
  errors->write_end.reset();
  auto result = Watch(limits, std::move(stop))
                    .follow(child, std::move(output->read_end), std::move(errors->read_end));
  if (result) (*group)->release();
  return result;
}

}  // namespace llm::port
