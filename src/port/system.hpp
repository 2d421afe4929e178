#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>

namespace llm::port {

/// Identifies one state of a file.
struct FileStamp {
  std::chrono::system_clock::time_point modified;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Limits of a child process.
struct ProcessLimits {
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output_bytes = 64 * 1024;
};

/// The output of a child process. Either stream may contain secrets.
struct ProcessOutput {
  int exit_code = 0;  ///< 128 + signal when it was killed.
  Secret standard_output;
  Secret standard_error;
};

/// Access to the machine, except for the network: clock, sleep, random, environment, files,
/// processes. All members are safe from many threads. `real_system()` is the machine,
/// `ScriptedSystem` is for tests.
class System {
 public:
  virtual ~System() = default;

  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;

  /// Waits; false when stopped early.
  virtual bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) const = 0;
  /// Waits for another thread, which requests `wake`, until the steady clock reaches `deadline`. A
  /// scripted clock does not move meanwhile unless the test moves it; `sleep_for` moves it.
  virtual void wait_until(std::chrono::steady_clock::time_point deadline,
                          std::stop_token wake) const = 0;

  /// Cryptographically strong bytes.
  virtual void random_bytes(std::span<std::byte> out) const = 0;
  /// Uniform in [0, 1).
  [[nodiscard]] virtual double random_unit() const = 0;

  /// The value of a variable, possibly empty; nullopt when it is not set.
  [[nodiscard]] virtual std::optional<std::string> env(std::string_view name) const = 0;

  /// The content of a file; nullopt when it does not exist.
  /// Errors: configuration_error for a directory, FIFO or device, a file over `max_bytes`, or
  /// missing permission.
  [[nodiscard]] virtual Result<std::optional<std::string>> read_file(
      const std::filesystem::path& path, std::size_t max_bytes) const = 0;

  /// The state of a file; nullopt when it cannot be determined.
  [[nodiscard]] virtual std::optional<FileStamp> stamp(const std::filesystem::path& path) const = 0;

  /// Replaces a file atomically: writes a temporary file beside it with mode 0600, fsync, rename.
  /// Refuses a symbolic link. Creates missing directories with mode 0700.
  [[nodiscard]] virtual Result<void> write_private_file(const std::filesystem::path& path,
                                                        std::string_view content) const = 0;

  /// Runs `sh -c command` in its own process group, with standard input from /dev/null and no other
  /// descriptors. Kills the group on a timeout, on too much output, on `stop`, and when this
  /// process ends, in whatever way. Errors: authentication_error (could not start, timeout, too
  /// much output); cancelled.
  [[nodiscard]] virtual Result<ProcessOutput> run_shell(const std::string& command,
                                                        const ProcessLimits& limits,
                                                        std::stop_token stop) const = 0;
};

/// The real machine. Stateless.
[[nodiscard]] std::shared_ptr<const System> real_system();

}  // namespace llm::port
