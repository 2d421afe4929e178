#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <llm/error.hpp>

#include "local/http/listener.hpp"

namespace llm::local {

/// A certificate with its key, ready for connections.
struct TlsContext;

/// Errors: configuration_error when a file cannot be used or the two do not belong together.
[[nodiscard]] Result<std::shared_ptr<TlsContext>> load_tls(const TlsFiles& files);

/// A connection that was accepted: bytes in clear or under TLS. Used on the listener's thread
/// alone, by at most one read and one write at a time.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using SystemError = boost::system::error_code;
  template <typename T>
  using Task = boost::asio::awaitable<T>;

  /// `tls` is null for bytes in clear; else it must outlive this object.
  Connection(boost::asio::ip::tcp::socket socket, TlsContext* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// TLS's greeting, where there is TLS. False when it failed.
  [[nodiscard]] Task<bool> greet();
  [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
  /// What ALPN agreed on; empty without it.
  [[nodiscard]] std::string_view protocol() const;

  /// Appends what has arrived, 16 KiB at most, to `bytes`.
  Task<void> read(std::string& bytes, SystemError& error);
  /// Returns when all of `bytes`, which must live as long, are with the system.
  Task<void> write(std::string_view bytes, SystemError& error);
  Task<void> pause(std::chrono::milliseconds delay);
  /// Reads until the peer ends, and forgets what it reads.
  Task<void> read_to_end();
  /// Says that nothing more comes, and reads what the peer still sends for a moment: closing at
  /// once would reset the connection, and the peer might never see the reply.
  Task<void> drain();

  /// Ends the wait of a read.
  void cancel();
  /// Ends every wait. On a closed socket nothing can be waited for later either.
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// Closes with a TCP RST.
  void reset();

  /// Ends the connection because the server stops: by the farewell if one is set, else by closing.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }
  void on_stop(std::function<void()> farewell) { farewell_ = std::move(farewell); }

  [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  struct Tls;

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Tls> tls_;
  boost::asio::steady_timer timer_;
  std::function<void()> farewell_;
  bool stopped_ = false;
};

}  // namespace llm::local
