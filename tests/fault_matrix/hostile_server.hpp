#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/fault_matrix/wire.hpp"

namespace llm::fault_matrix {

/// A client as the server sees it.
struct Peer {
  Wire& wire;
  std::string received{};  ///< Read, but not used yet.
};

/// One step of what a server does on a connection; false ends it, and the connection is closed.
using Act = std::function<bool(Peer&)>;
using Acts = std::vector<Act>;

[[nodiscard]] Act handshake();
/// Reads one complete request, whose body has a Content-Length.
[[nodiscard]] Act read_request();
/// Waits for at least that many bytes of a request.
[[nodiscard]] Act read_some(std::size_t count);
/// Reads `count` times at most `bytes`, with a gap after each.
[[nodiscard]] Act read_slowly(std::size_t count, std::size_t bytes, std::chrono::milliseconds gap);
[[nodiscard]] Act send(std::string bytes);
/// Sends `count` times one byte with a gap after each, then the rest at once.
[[nodiscard]] Act send_slowly(std::string bytes, std::size_t count, std::chrono::milliseconds gap);
/// Sends one byte after each gap, but never the last one, until the peer closes.
[[nodiscard]] Act drip(std::string bytes, std::chrono::milliseconds gap);
/// Sends these bytes until the peer closes, or `most` times.
[[nodiscard]] Act flood(std::string bytes, std::size_t most);
/// Sends FIN, under TLS after close_notify if it `says_so`.
[[nodiscard]] Act close_sending(bool says_so);
/// Reads until the peer closes, and ends.
[[nodiscard]] Act stall();
/// Reads nothing until the peer closes, and ends.
[[nodiscard]] Act stop_reading();
[[nodiscard]] Act reset();

/// What a HostileServer does.
struct ServerPlan {
  /// What becomes of those who connect, until `behave`.
  enum class Listening { accepts, refuses, is_full };
  Listening listening = Listening::accepts;
  Acts faulty{};  ///< On faulty connections; begins with the handshake, if there is one.
  Acts sound{};   ///< On any other, again and again after the handshake.
  std::size_t faulty_connections = SIZE_MAX;  ///< The first ones, until `behave`.
  int receive_buffer = 0;                     ///< Bytes; 0: the kernel's default.
  SSL_CTX* tls = nullptr;
};

/// A server on 127.0.0.1 that breaks what it is told to break, until it is told to behave.
class HostileServer {
 public:
  explicit HostileServer(ServerPlan plan);
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer();

  [[nodiscard]] std::string url() const;
  /// Every connection from now on is sound, and each can connect.
  void behave();

 private:
  void start();
  void accept_connections();
  void serve(int socket, bool is_faulty);

  ServerPlan plan_;
  int listener_ = -1;
  int filler_ = -1;  ///< The connection that takes the listener's only place.
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  bool is_sound_ = false;
  bool is_ending_ = false;
  std::size_t connections_ = 0;
  std::vector<int> sockets_;
  std::vector<std::jthread> workers_;
  std::jthread acceptor_;
};

/// One side waits until the other has got somewhere, ten seconds at most.
class Gate {
 public:
  void open();
  /// False if it stays closed.
  [[nodiscard]] bool wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

}  // namespace llm::fault_matrix
