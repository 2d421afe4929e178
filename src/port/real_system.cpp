#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "base/sha256.hpp"
#include "port/files.hpp"
#include "port/fork.hpp"
#include "port/process.hpp"
#include "port/system.hpp"

namespace llm::port {
namespace {

/// Random bytes of one thread: a few hundred cost one system call, where a call for each sixteen
/// would be a noticeable part of a request. Bytes that were handed out are not kept.
class RandomPool {
 public:
  void take(std::span<std::byte> out) {
    if (out.size() > bytes_.size()) return fetch(out);
    if (!process_.is_current() || out.size() > left_) {
      process_ = ProcessMark();  // A child must not repeat its parent's.
      fetch(bytes_);
      left_ = bytes_.size();
    }
    left_ -= out.size();
    const std::span<std::byte> next = std::span(bytes_).subspan(left_, out.size());
    std::ranges::copy(next, out.begin());
    std::ranges::fill(next, std::byte{});
  }

 private:
  static void fetch(std::span<std::byte> out) {
    // Uses getrandom(2), or /dev/urandom on an older kernel; it cannot fail.
    ::arc4random_buf(out.data(), out.size());
  }

  ProcessMark process_;
  std::size_t left_ = 0;  ///< Unused bytes, at the front.
  std::array<std::byte, 512> bytes_{};
};

class RealSystem final : public System {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::now();
  }

  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::now();
  }

  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) const override {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
  }

  void wait_until(std::chrono::steady_clock::time_point deadline,
                  std::stop_token wake) const override {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_until(lock, std::move(wake), deadline, [] { return false; });
  }

  void random_bytes(std::span<std::byte> out) const override {
    thread_local RandomPool pool;
    pool.take(out);
  }

  [[nodiscard]] double random_unit() const override {
    constexpr int kMantissaBits = 53;
    std::uint64_t bits = 0;
    random_bytes(std::as_writable_bytes(std::span(&bits, 1)));
    return static_cast<double>(bits >> (64 - kMantissaBits)) /
           static_cast<double>(std::uint64_t{1} << kMantissaBits);
  }

  [[nodiscard]] std::optional<std::string> env(std::string_view name) const override {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  }

  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::filesystem::path& path,
                                                             std::size_t max_bytes) const override {
    return read_regular_file(path, max_bytes);
  }

  [[nodiscard]] std::optional<FileStamp> stamp(const std::filesystem::path& path) const override {
    return file_stamp(path);
  }

  [[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path,
                                                std::string_view content) const override {
    constexpr std::size_t kNonceBytes = 8;
    std::string nonce(kNonceBytes, '\0');
    random_bytes(std::as_writable_bytes(std::span(nonce)));
    return replace_private_file(path, content, base::hex(nonce));
  }

  [[nodiscard]] Result<ProcessOutput> run_shell(const std::string& command,
                                                const ProcessLimits& limits,
                                                std::stop_token stop) const override {
    return run_shell_command(command, limits, std::move(stop));
  }
};

}  // namespace

std::shared_ptr<const System> real_system() { return std::make_shared<const RealSystem>(); }

}  // namespace llm::port
