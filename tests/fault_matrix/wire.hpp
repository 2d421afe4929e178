#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "tests/support/openssl_pointer.hpp"

namespace llm::fault_matrix {

/// The server's end of one connection, with or without TLS, which does to its peer what it is told.
/// TLS runs in memory, so that its bytes can be treated like any others. Used by one thread.
class Wire {
 public:
  /// Takes the socket. `tls` is null for plain TCP and outlives this object.
  Wire(int socket, SSL_CTX* tls);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  /// Reads the client's hello and returns what a TLS server sends in response; empty on failure.
  [[nodiscard]] std::string first_flight();
  /// Finishes the handshake after the first flight was sent. True on plain TCP.
  [[nodiscard]] bool finish_handshake();

  /// Appends what arrives next, `most` bytes at most as they come from the kernel; false at the
  /// end.
  bool read(std::string& out, std::size_t most = std::size_t{64} * 1024);
  bool write(std::string_view bytes);
  /// Past TLS.
  bool write_raw(std::string_view bytes);
  /// Waits that long; false as soon as the peer has closed.
  bool stays_open(std::chrono::milliseconds gap);
  /// Reads and drops until the peer closes, ten seconds at most.
  void drain();
  /// No further bytes are sent; under TLS `says_so` sends close_notify before.
  void close_sending(bool says_so);
  /// Sends RST; the socket is not connected afterwards.
  void reset();

 private:
  bool flush();

  int socket_;
  test_support::TlsPointer tls_;
};

}  // namespace llm::fault_matrix
