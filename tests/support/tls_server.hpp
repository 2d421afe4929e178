#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace llm::test_support {

/// A TLS server on 127.0.0.1 with a self-signed certificate. It reads the head of one
/// request per connection and sends the same response to each.
class TlsServer {
 public:
  /// `names` in the notation of OpenSSL's subjectAltName, for example `IP:127.0.0.1`. The
  /// certificate expires `left` from now.
  TlsServer(const std::string& names, std::string response,
            std::chrono::seconds left = std::chrono::hours(1));
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  /// `https://127.0.0.1:{port}/`
  [[nodiscard]] std::string url() const;
  /// The certificate, which is also that of its authority.
  [[nodiscard]] const std::string& certificate_pem() const { return certificate_pem_; }
  /// Requests read, that is, past the handshake.
  [[nodiscard]] int requests() const { return requests_; }

 private:
  struct Context;

  void serve();
  void serve_one(int socket);

  std::unique_ptr<Context> context_;
  std::string response_;
  std::string certificate_pem_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_ = 0;
  std::jthread thread_;
};

}  // namespace llm::test_support
