#pragma once

// For tests of the local Bedrock only.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace llm::local::test {

/// A TCP connection to 127.0.0.1 that sends exactly the bytes it is given. Ten seconds of silence
/// count as the end.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() { ::close(descriptor_); }

  [[nodiscard]] bool connected() const { return connected_; }
  /// The `errno` that ended reading; 0 for an orderly close.
  [[nodiscard]] int last_error() const { return last_error_; }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// False when the peer did not take all of it: it closed, or read nothing for that long.
  bool send_within(std::string_view bytes, int patience_milliseconds) {
    while (!bytes.empty()) {
      pollfd waiting{.fd = descriptor_, .events = POLLOUT, .revents = 0};
      if (::poll(&waiting, 1, patience_milliseconds) != 1) return false;
      const ssize_t sent =
          ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Bytes up to and including `end`; all there is when the connection ends first.
  std::string read_until(std::string_view end) {
    while (buffer_.find(end) == std::string::npos && receive()) {
    }
    const std::size_t at = buffer_.find(end);
    return take(at == std::string::npos ? buffer_.size() : at + end.size());
  }

  std::string read_bytes(std::size_t count) {
    while (buffer_.size() < count && receive()) {
    }
    return take(count);
  }

  std::string read_to_end() {
    while (receive()) {
    }
    return take(buffer_.size());
  }

 private:
  bool receive() {
    constexpr int kPatienceMilliseconds = 10'000;
    pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kPatienceMilliseconds) != 1) return false;
    char bytes[16 * 1024];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    last_error_ = count < 0 ? errno : 0;
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  std::string take(std::size_t count) {
    std::string taken = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return taken;
  }

  int descriptor_;
  bool connected_ = false;
  int last_error_ = 0;
  std::string buffer_;
};

}  // namespace llm::local::test
