#include "tests/support/scripted_system.hpp"

#include <utility>

namespace llm::port {
namespace {

// 2026-01-02T03:04:05Z
constexpr std::chrono::sys_seconds kStart{std::chrono::seconds(1'767'323'045)};

}  // namespace

ScriptedSystem::ScriptedSystem() : now_(kStart), steady_now_(std::chrono::hours(1)) {}

void ScriptedSystem::set_now(std::chrono::system_clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  now_ = now;
}

void ScriptedSystem::advance(std::chrono::nanoseconds duration) {
  const std::scoped_lock lock(mutex_);
  now_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(duration);
  steady_now_ += duration;
  clock_moved_.notify_all();
}

std::vector<std::chrono::milliseconds> ScriptedSystem::sleeps() const {
  const std::scoped_lock lock(mutex_);
  return sleeps_;
}

void ScriptedSystem::on_sleep(std::function<void(std::chrono::milliseconds)> action) {
  const std::scoped_lock lock(mutex_);
  on_sleep_ = std::move(action);
}

void ScriptedSystem::set_random_units(std::vector<double> units) {
  const std::scoped_lock lock(mutex_);
  random_units_ = std::move(units);
  random_units_used_ = 0;
}

void ScriptedSystem::set_env(std::string name, std::string value) {
  const std::scoped_lock lock(mutex_);
  env_.insert_or_assign(std::move(name), std::move(value));
}

void ScriptedSystem::unset_env(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = env_.find(name); found != env_.end()) env_.erase(found);
}

void ScriptedSystem::set_file(const std::filesystem::path& path, std::string content) {
  const std::scoped_lock lock(mutex_);
  put_file(path, std::move(content));
}

void ScriptedSystem::remove_file(const std::filesystem::path& path) {
  const std::scoped_lock lock(mutex_);
  files_.erase(path);
}

std::optional<std::string> ScriptedSystem::file(const std::filesystem::path& path) const {
  const std::scoped_lock lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return found->second.content;
}

void ScriptedSystem::fail_file(const std::filesystem::path& path, Error error) {
  const std::scoped_lock lock(mutex_);
  file_errors_.insert_or_assign(path, std::move(error));
}

void ScriptedSystem::set_process(std::string command, Result<ProcessOutput> result) {
  const std::scoped_lock lock(mutex_);
  processes_.insert_or_assign(std::move(command), std::move(result));
}

std::vector<std::string> ScriptedSystem::commands() const {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

std::chrono::system_clock::time_point ScriptedSystem::now() const {
  const std::scoped_lock lock(mutex_);
  return now_;
}

std::chrono::steady_clock::time_point ScriptedSystem::steady_now() const {
  const std::scoped_lock lock(mutex_);
  return steady_now_;
}

bool ScriptedSystem::sleep_for(std::chrono::milliseconds duration, std::stop_token stop) const {
  std::function<void(std::chrono::milliseconds)> action;
  {
    const std::scoped_lock lock(mutex_);
    sleeps_.push_back(duration);
    action = on_sleep_;
  }
  if (action) action(duration);
  if (stop.stop_requested()) return false;
  const std::scoped_lock lock(mutex_);
  now_ += duration;
  steady_now_ += duration;
  clock_moved_.notify_all();
  return true;
}

void ScriptedSystem::wait_until(std::chrono::steady_clock::time_point deadline,
                                std::stop_token wake) const {
  std::unique_lock lock(mutex_);
  clock_moved_.wait(lock, std::move(wake), [&] { return steady_now_ >= deadline; });
}

void ScriptedSystem::random_bytes(std::span<std::byte> out) const {
  const std::scoped_lock lock(mutex_);
  for (std::byte& byte : out) byte = std::byte{next_random_byte_++};
}

double ScriptedSystem::random_unit() const {
  const std::scoped_lock lock(mutex_);
  if (random_units_used_ == random_units_.size()) return 0.5;
  return random_units_[random_units_used_++];
}

std::optional<std::string> ScriptedSystem::env(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = env_.find(name);
  if (found == env_.end()) return std::nullopt;
  return found->second;
}

Result<std::optional<std::string>> ScriptedSystem::read_file(const std::filesystem::path& path,
                                                             std::size_t max_bytes) const {
  const std::scoped_lock lock(mutex_);
  if (const auto failing = file_errors_.find(path); failing != file_errors_.end()) {
    return std::unexpected(failing->second);
  }
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  if (found->second.content.size() > max_bytes) {
    return std::unexpected(make_error(ErrorCode::configuration_error,
                                      "\"" + path.string() + "\" is larger than allowed."));
  }
  return found->second.content;
}

std::optional<FileStamp> ScriptedSystem::stamp(const std::filesystem::path& path) const {
  const std::scoped_lock lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return found->second.stamp;
}

Result<void> ScriptedSystem::write_private_file(const std::filesystem::path& path,
                                                std::string_view content) const {
  const std::scoped_lock lock(mutex_);
  if (const auto failing = file_errors_.find(path); failing != file_errors_.end()) {
    return std::unexpected(failing->second);
  }
  put_file(path, std::string(content));
  return {};
}

Result<ProcessOutput> ScriptedSystem::run_shell(const std::string& command,
                                                const ProcessLimits& /*limits*/,
                                                std::stop_token stop) const {
  const std::scoped_lock lock(mutex_);
  commands_.push_back(command);
  if (stop.stop_requested()) {
    return std::unexpected(make_error(ErrorCode::cancelled, "The shell command was cancelled."));
  }
  const auto found = processes_.find(command);
  if (found == processes_.end()) {
    return ProcessOutput{.exit_code = 127, .standard_output = {}, .standard_error = {}};
  }
  return found->second;
}

void ScriptedSystem::put_file(const std::filesystem::path& path, std::string content) const {
  const FileStamp stamp{.modified = now_, .size = content.size(), .inode = next_inode_++};
  files_.insert_or_assign(path, File{.content = std::move(content), .stamp = stamp});
}

}  // namespace llm::port
