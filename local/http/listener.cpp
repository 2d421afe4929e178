#include "local/http/listener.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/errors.hpp"
#include "local/http/connection.hpp"
#include "local/http/http1_session.hpp"
#include "local/http/http2_session.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

// How long a connection waits for a descriptor, in steps, and how long the one in reserve serves
// it.
constexpr std::chrono::milliseconds kAcceptPause{20};
constexpr int kMaxAcceptPauses = 25;
constexpr std::chrono::seconds kRefusalLimit{1};

// What an HTTP/2 client sends first (RFC 9113, section 3.4).
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// True for HTTP/2, by ALPN or by the first bytes, which stay in `received`.
asio::awaitable<bool> speaks_http2(Connection& connection, std::string& received,
                                   error_code& error) {
  if (connection.is_tls()) co_return connection.protocol() == "h2";
  while (!error && received.size() < kPreface.size() && kPreface.starts_with(received)) {
    co_await connection.read(received, error);
  }
  co_return received.starts_with(kPreface);
}

/// Accepts connections and keeps track of the open ones to stop them.
class AsioListener final : public Listener {
 public:
  AsioListener(ListenerEvents events, std::shared_ptr<TlsContext> tls)
      : events_(std::move(events)), tls_(std::move(tls)) {
    refusal_.on_request = [this](Request request) {
      request.defect = Defect::no_descriptors;
      Reply reply = events_.on_request(request);
      reply.after = After::close;
      return reply;
    };
  }
  ~AsioListener() override { stop(); }
  AsioListener(const AsioListener&) = delete;
  AsioListener& operator=(const AsioListener&) = delete;

  error_code bind(const Tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    protocol_ = endpoint.protocol();
    if (!error) reserve_.open(protocol_, error);
    return error;
  }

  void start() {
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }

  std::uint16_t port() const override { return port_; }

  void stop() override {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] {
      stopping_ = true;
      error_code ignored;
      pause_.cancel();
      acceptor_.close(ignored);
      for (Connection* connection : connections_) connection->stop();
    });
    thread_.join();
  }

 private:
  asio::awaitable<void> accept() {
    int pauses = 0;
    while (!stopping_) {
      error_code error;
      Tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (stopping_) break;
      if (error) {
        // Out of descriptors: try again when some have been closed, and in the end with the
        // reserve.
        if (++pauses > kMaxAcceptPauses && reserve_.is_open()) {
          reserve_.close(error);
          continue;
        }
        pause_.expires_after(kAcceptPause);
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (events_.on_connection) events_.on_connection();
      auto connection = std::make_shared<Connection>(std::move(socket), tls_.get());
      if (hold_reserve()) {
        pauses = 0;
        asio::co_spawn(context_, serve(std::move(connection), events_), asio::detached);
      } else {
        asio::co_spawn(context_, refuse(std::move(connection)), asio::detached);
      }
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<Connection> connection,
                              const ListenerEvents& events) {
    connections_.insert(connection.get());
    if (!stopping_ && co_await connection->handshake()) {
      error_code error;
      std::string received;
      if (co_await speaks_http2(*connection, received, error)) {
        co_await serve_http2(connection, std::move(received), events);
      } else if (!error) {
        co_await serve_http1(connection, std::move(received), events);
      }
    }
    connections_.erase(connection.get());
  }

  /// Serves a connection that has taken the last descriptor, for a moment.
  asio::awaitable<void> refuse(std::shared_ptr<Connection> connection) {
    asio::steady_timer limit(context_, kRefusalLimit);
    limit.async_wait([connection](error_code cancelled) {
      if (!cancelled) connection->close();
    });
    co_await serve(connection, refusal_);
    connection->close();
    hold_reserve();
  }

  /// False if no descriptor is available.
  bool hold_reserve() {
    error_code ignored;
    if (!reserve_.is_open()) reserve_.open(protocol_, ignored);
    return reserve_.is_open();
  }

  ListenerEvents events_;
  ListenerEvents refusal_;  ///< Those of a connection that is refused.
  std::shared_ptr<TlsContext> tls_;
  asio::io_context context_{1};
  Tcp::acceptor acceptor_{context_};
  Tcp protocol_ = Tcp::v4();
  Tcp::socket reserve_{context_};  ///< A descriptor to accept a connection with when none is left.
  asio::steady_timer pause_{context_};
  std::set<Connection*> connections_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  bool stopping_ = false;
};

Result<asio::ip::address> parse_address(const std::string& address) {
  error_code error;
  asio::ip::address parsed = asio::ip::make_address(address, error);
  if (!error) return parsed;
  return base::configuration_error("\"" + address + "\" is not an IP address.",
                                   "Use 127.0.0.1 or ::1.");
}

}  // namespace

Result<void> check_address(const std::string& address) {
  const Result<asio::ip::address> parsed = parse_address(address);
  return parsed ? Result<void>{} : std::unexpected(parsed.error());
}

Result<std::unique_ptr<Listener>> Listener::open(const std::string& address, std::uint16_t port,
                                                 ListenerEvents events, const TlsSource& tls) {
  const Result<asio::ip::address> parsed = parse_address(address);
  if (!parsed) return std::unexpected(parsed.error());
  Result<std::shared_ptr<TlsContext>> context(nullptr);
  if (tls.enabled()) context = load_tls(tls);
  if (!context) return std::unexpected(context.error());
  error_code error;
  try {
    auto listener = std::make_unique<AsioListener>(std::move(events), std::move(*context));
    error = listener->bind({*parsed, port});
    if (!error) {
      listener->start();
      return listener;
    }
  } catch (const std::system_error& failure) {
    error = failure.code();
  } catch (const boost::system::system_error& failure) {
    error = failure.code();
  }
  if (error == boost::system::errc::too_many_files_open ||
      error == boost::system::errc::too_many_files_open_in_system) {
    return base::configuration_error(
        "Listening on " + address + " failed: no file descriptor is left.",
        "Raise the limit of open files (`ulimit -n`).");
  }
  return base::configuration_error("Listening on " + address + " port " + std::to_string(port) +
                                       " failed: " + error.message() + ".",
                                   "Choose another port, or 0 for any free one.");
}

}  // namespace llm::local
