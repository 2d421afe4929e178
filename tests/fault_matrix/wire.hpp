#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "tests/support/openssl_pointer.hpp"

namespace llm::fault_matrix {

/// Which end of a connection this is.
enum class End { server, client };

/// One end of a connection, with or without TLS, which does to its peer what it is told. TLS runs
/// in memory, so that its bytes can be treated like any others. Used by one thread.
class Wire {
 public:
  /// Takes the socket. `tls` is null for plain TCP and outlives this object.
  Wire(int socket, SSL_CTX* tls, End end = End::server);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  /// A client's hello, or what the server sends in response to it; empty on failure.
  [[nodiscard]] std::string first_flight();
  /// Finishes the handshake after the first flight was sent. True on plain TCP.
  [[nodiscard]] bool finish_handshake();

  /// Appends what arrives next, `most` bytes at most as they come from the kernel; false at the
  /// end.
  bool read(std::string& out, std::size_t most = std::size_t{64} * 1024);
  /// The same without waiting for more than one arrival, in which there may be nothing for `out`.
  bool read_once(std::string& out);
  bool write(std::string_view bytes);
  /// Past TLS.
  bool write_raw(std::string_view bytes);
  /// True when the peer has sent nothing, and has not closed, for that long.
  [[nodiscard]] bool is_silent(std::chrono::milliseconds duration);
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
