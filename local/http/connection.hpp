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

/// How long a connection that is ending waits for the peer before it closes.
inline constexpr std::chrono::milliseconds kLinger{500};

/// A certificate and its private key, loaded.
struct TlsContext;

/// Loads the certificate and key of a TLS server.
/// Errors: configuration_error when one cannot be used or the key does not match the
/// certificate.
[[nodiscard]] Result<std::shared_ptr<TlsContext>> load_tls(const TlsSource& source);

/// An accepted connection, with or without TLS. Use it on the listener's thread only, with at most
/// one read and one write at a time.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using SystemError = boost::system::error_code;
  template <typename T>
  using Task = boost::asio::awaitable<T>;

  /// `tls` is null for plain TCP; otherwise it must outlive this object.
  Connection(boost::asio::ip::tcp::socket socket, TlsContext* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The TLS handshake; does nothing on plain TCP. False when it failed.
  [[nodiscard]] Task<bool> handshake();
  [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
  /// The protocol that ALPN selected, e.g. `h2`; empty without ALPN.
  [[nodiscard]] std::string_view protocol() const;

  /// Appends what has arrived, 16 KiB at most, to `bytes`.
  Task<void> read(std::string& bytes, SystemError& error);
  /// Returns when the kernel has taken all of `bytes`, which must live until then.
  Task<void> write(std::string_view bytes, SystemError& error);
  Task<void> pause(std::chrono::milliseconds delay);
  /// Reads and discards until the peer closes.
  Task<void> read_to_end();
  /// Shuts down writing, then discards what the peer still sends, for `kLinger` at most.
  /// Closing at once would reset the connection, and the peer might lose the reply.
  Task<void> drain();

  /// Ends a pending read.
  void cancel();
  /// Ends every pending wait; nothing can be awaited afterwards.
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// Closes with a TCP RST.
  void reset();

  /// Ends the connection because the server stops: calls the `on_stop` handler, or closes.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }
  void on_stop(std::function<void()> handler) { on_stop_ = std::move(handler); }

  [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  struct Tls;

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Tls> tls_;
  boost::asio::steady_timer timer_;
  std::function<void()> on_stop_;
  bool stopped_ = false;
};

}  // namespace llm::local
