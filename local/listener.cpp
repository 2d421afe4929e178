#include "local/listener.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"
#include "local/http_writer.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr std::uint32_t kMaxHeaderBytes = 64 * 1024;
// Bodies over Bedrock's own limit are still read, so that they get Bedrock's answer and not a
// reset.
constexpr std::uint64_t kMaxBodyBytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kLinger{500};
constexpr std::chrono::milliseconds kAcceptPause{20};

/// One connection. Lives in its own coroutine; all of it runs on the listener's thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const ListenerEvents& events)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), events_(events) {}

  asio::awaitable<void> run() {
    error_code ignored;
    socket_.set_option(Tcp::no_delay(true), ignored);
    while (!stopping_) {
      Request request;
      Framing framing;
      if (!co_await read(request, framing)) break;
      Reply reply = events_.on_request(request);
      if (request.defect != Defect::none || reply.after == After::close) framing.keep_alive = false;
      if (!co_await write(reply, framing)) break;
      if (!framing.keep_alive) {
        co_await drain();
        break;
      }
    }
    socket_.close(ignored);
  }

  /// Ends whatever the connection waits for. On a closed socket nothing can be waited for later
  /// either, which counts when this comes between the end of one wait and the beginning of the
  /// next.
  void stop() {
    stopping_ = true;
    error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  /// Reads one request. False when the peer is gone; broken HTTP is a request with a defect.
  asio::awaitable<bool> read(Request& request, Framing& framing) {
    Parser parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(kMaxBodyBytes);
    error_code error;
    co_await http::async_read_header(socket_, buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (!error && wants_continue(parser)) {
      co_await send("HTTP/1.1 100 Continue\r\n\r\n", error);
    }
    if (!error) {
      co_await http::async_read(socket_, buffer_, parser,
                                asio::redirect_error(asio::use_awaitable, error));
    }
    if (error) {
      request.defect = defect_of(error);
      co_return request.defect != Defect::none && !stopping_;
    }
    framing.keep_alive = parser.get().keep_alive();
    framing.chunked = parser.get().version() >= 11;
    take(parser, request);
    co_return true;
  }

  static bool wants_continue(const Parser& parser) {
    const auto expect = parser.get()[http::field::expect];
    return base::equals_ignoring_case({expect.data(), expect.size()}, "100-continue");
  }

  static Defect defect_of(const error_code& error) {
    if (error == http::error::header_limit) return Defect::headers_too_large;
    if (error == http::error::body_limit) return Defect::body_too_large;
    if (error == http::error::end_of_stream || error == http::error::partial_message) {
      return Defect::none;
    }
    const bool from_parser =
        error.category() == make_error_code(http::error::bad_method).category();
    return from_parser ? Defect::malformed : Defect::none;
  }

  static void take(Parser& parser, Request& request) {
    auto& message = parser.get();
    request.method.assign(message.method_string());
    request.target.assign(message.target());
    for (const auto& field : message) {
      request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    request.body = std::move(message.body());
  }

  /// False when nothing can follow on this connection: the peer is gone, the server stops, or the
  /// reply was cut.
  asio::awaitable<bool> write(Reply& reply, Framing framing) {
    const SendPlan plan = reply.plan;
    const bool uncut = plan.cut == Cut::none;
    error_code error;
    co_await pause(plan.before_head);
    if (uncut || plan.cut_after) co_await send_reply(reply, framing, error);
    if (error || stopping_) co_return false;
    co_await leave(plan.cut);
    co_return uncut && (!reply.streamed || framing.chunked);
  }

  /// Head and body up to the cut. What has no delay between goes out at once.
  asio::awaitable<void> send_reply(Reply& reply, Framing framing, error_code& error) {
    std::string bytes = head_bytes(reply, framing);
    const std::vector<Frame> pieces = take_body(reply);
    for (const Frame& piece : pieces) {
      if (piece.delay.count() > 0) {
        co_await send(std::exchange(bytes, {}), error);
        co_await pause(piece.delay);
      }
      if (error || stopping_) co_return;
      bytes += reply.streamed ? chunk_bytes(piece.bytes, framing) : piece.bytes;
      co_await send(std::exchange(bytes, {}), error);
    }
    if (reply.streamed && reply.plan.cut == Cut::none) bytes += end_bytes(framing);
    if (!error && !stopping_) co_await send(std::move(bytes), error);
  }

  asio::awaitable<void> leave(Cut cut) {
    error_code ignored;
    if (cut == Cut::close) co_await drain();
    if (cut == Cut::stall) co_await read_to_end();
    // Closing with a linger of zero sends RST.
    if (cut == Cut::reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  }

  asio::awaitable<void> send(std::string bytes, error_code& error) {
    co_await asio::async_write(socket_, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, error));
  }

  asio::awaitable<void> pause(std::chrono::milliseconds delay) {
    if (delay.count() <= 0 || stopping_) co_return;
    error_code ignored;
    timer_.expires_after(delay);
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  /// Reads what the peer still sends for a moment: closing at once would reset the connection, and
  /// the peer might never see the reply.
  asio::awaitable<void> drain() {
    error_code error;
    socket_.shutdown(Tcp::socket::shutdown_send, error);
    timer_.expires_after(kLinger);
    timer_.async_wait([self = shared_from_this()](error_code cancelled) {
      error_code ignored;
      if (!cancelled) self->socket_.cancel(ignored);
    });
    co_await read_to_end();
    timer_.cancel();
  }

  asio::awaitable<void> read_to_end() {
    error_code error;
    std::array<char, 16 * 1024> sink{};
    while (!error && !stopping_) {
      co_await socket_.async_read_some(asio::buffer(sink),
                                       asio::redirect_error(asio::use_awaitable, error));
    }
  }

  Tcp::socket socket_;
  asio::steady_timer timer_;
  const ListenerEvents& events_;
  boost::beast::flat_buffer buffer_;
  bool stopping_ = false;
};

/// The listener itself: accepts, and knows the open sessions so that it can stop them.
class AsioListener final : public Listener {
 public:
  explicit AsioListener(ListenerEvents events) : events_(std::move(events)) {}
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
      for (Session* session : sessions_) session->stop();
    });
    thread_.join();
  }

 private:
  asio::awaitable<void> accept() {
    while (!stopping_) {
      error_code error;
      Tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (stopping_) break;
      if (error) {
        // Out of descriptors: some will be free again in a moment.
        pause_.expires_after(kAcceptPause);
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (events_.on_connection) events_.on_connection();
      asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(Tcp::socket socket) {
    const auto session = std::make_shared<Session>(std::move(socket), events_);
    sessions_.insert(session.get());
    if (!stopping_) co_await session->run();
    sessions_.erase(session.get());
  }

  ListenerEvents events_;
  asio::io_context context_{1};
  Tcp::acceptor acceptor_{context_};
  asio::steady_timer pause_{context_};
  std::set<Session*> sessions_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  bool stopping_ = false;
};

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(const std::string& address, std::uint16_t port,
                                                 ListenerEvents events) {
  error_code error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  if (error) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        "cannot serve on \"" + address + "\": it is no IP address; use 127.0.0.1 or ::1"));
  }
  auto listener = std::make_unique<AsioListener>(std::move(events));
  error = listener->bind({parsed, port});
  if (error) {
    return std::unexpected(make_error(ErrorCode::configuration_error,
                                      "cannot serve on " + address + " port " +
                                          std::to_string(port) + ": " + error.message() +
                                          "; choose another port, or 0 for any free one"));
  }
  listener->start();
  return listener;
}

}  // namespace llm::local
