#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "port/system.hpp"

namespace llm::port {

/// A System for tests. The clock moves only when the test moves it or something sleeps, which takes
/// no real time. Environment, files and processes are those that the test has set. Safe from many
/// threads.
class ScriptedSystem : public System {
 public:
  /// Starts at 2026-01-02T03:04:05Z.
  ScriptedSystem();

  /// Sets the wall clock only, as an NTP step does.
  void set_now(std::chrono::system_clock::time_point now);
  /// Moves both clocks.
  void advance(std::chrono::nanoseconds duration);

  /// The duration of every sleep, in order.
  [[nodiscard]] std::vector<std::chrono::milliseconds> sleeps() const;
  /// Called at the start of each sleep, without a lock; for example to request a stop.
  void on_sleep(std::function<void(std::chrono::milliseconds)> action);

  /// The results of `random_unit`, in order; then 0.5.
  void set_random_units(std::vector<double> units);

  void set_env(std::string name, std::string value);
  void unset_env(std::string_view name);

  /// Creates or replaces a file; its stamp changes even with the same content.
  void set_file(const std::filesystem::path& path, std::string content);
  void remove_file(const std::filesystem::path& path);
  /// The content of a file, also after `write_private_file`.
  [[nodiscard]] std::optional<std::string> file(const std::filesystem::path& path) const;
  /// From now on reading and writing `path` fail with `error`.
  void fail_file(const std::filesystem::path& path, Error error);

  /// The result of `run_shell(command)`. Without it, exit code 127, as in a shell.
  void set_process(std::string command, Result<ProcessOutput> result);
  /// Every command that was run, in order.
  [[nodiscard]] std::vector<std::string> commands() const;

  [[nodiscard]] std::chrono::system_clock::time_point now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) const override;
  /// Waits in real time, until `wake` or until the clock has been moved to `deadline`.
  void wait_until(std::chrono::steady_clock::time_point deadline,
                  std::stop_token wake) const override;
  /// Bytes that count upwards from 0 over all calls.
  void random_bytes(std::span<std::byte> out) const override;
  [[nodiscard]] double random_unit() const override;
  [[nodiscard]] std::optional<std::string> env(std::string_view name) const override;
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::filesystem::path& path,
                                                             std::size_t max_bytes) const override;
  [[nodiscard]] std::optional<FileStamp> stamp(const std::filesystem::path& path) const override;
  [[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path,
                                                std::string_view content) const override;
  [[nodiscard]] Result<ProcessOutput> run_shell(const std::string& command,
                                                const ProcessLimits& limits,
                                                std::stop_token stop) const override;

 private:
  struct File {
    std::string content;
    FileStamp stamp;
  };

  void put_file(const std::filesystem::path& path, std::string content) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable_any clock_moved_;
  mutable std::chrono::system_clock::time_point now_;
  mutable std::chrono::steady_clock::time_point steady_now_;
  mutable std::vector<std::chrono::milliseconds> sleeps_;
  std::function<void(std::chrono::milliseconds)> on_sleep_;
  std::vector<double> random_units_;
  mutable std::size_t random_units_used_ = 0;
  mutable unsigned char next_random_byte_ = 0;
  std::map<std::string, std::string, std::less<>> env_;
  mutable std::map<std::filesystem::path, File> files_;
  mutable std::uint64_t next_inode_ = 1;
  std::map<std::filesystem::path, Error> file_errors_;
  std::map<std::string, Result<ProcessOutput>> processes_;
  mutable std::vector<std::string> commands_;
};

}  // namespace llm::port
