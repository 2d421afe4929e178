#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>

#include "base/sha256.hpp"
#include "port/files.hpp"
#include "port/process.hpp"
#include "port/system.hpp"

namespace llm::port {
namespace {

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
    // Uses getrandom(2), or /dev/urandom on an older kernel; it cannot fail.
    ::arc4random_buf(out.data(), out.size());
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
