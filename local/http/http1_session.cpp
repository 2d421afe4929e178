#include "local/http/http1_session.hpp"

#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"
#include "local/http/writer.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// One connection; lives in its coroutine.
class Http1Session {
 public:
  Http1Session(Connection& connection, std::string received, const ListenerEvents& events)
      : connection_(connection), received_(std::move(received)), events_(events) {}

  asio::awaitable<void> run() {
    while (!connection_.stopped()) {
      Request request;
      Framing framing;
      if (!co_await read(request, framing)) break;
      Reply reply = events_.on_request(request);
      if (request.defect != Defect::none || reply.after == After::close) framing.keep_alive = false;
      if (!co_await write(reply, framing)) break;
      if (!framing.keep_alive) {
        co_await connection_.drain();
        break;
      }
    }
    connection_.close();
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  /// Reads one request. False when the peer is gone. Malformed HTTP becomes a request with a
  /// defect.
  asio::awaitable<bool> read(Request& request, Framing& framing) {
    Parser parser;
    parser.header_limit(kMaxReceivedHeaderBytes);
    parser.body_limit(kMaxReceivedBodyBytes);
    consumed_ = 0;
    error_code error;
    co_await parse(parser, &Parser::is_header_done, error);
    // Before the body: Beast would add its trailers to the headers.
    if (!error) take_head(parser, request, framing);
    if (!error && wants_continue(parser)) {
      co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n", error);
    }
    parser.eager(true);
    if (!error) co_await parse(parser, &Parser::is_done, error);
    if (error) {
      request.defect = defect_of(error);
      co_return request.defect != Defect::none && !connection_.stopped();
    }
    request.body = std::move(parser.get().body());
    if (!repeated_header(request).empty()) request.defect = Defect::repeated_header;
    co_return true;
  }

  /// Feeds the parser, reading more as needed, until `ready` holds.
  asio::awaitable<void> parse(Parser& parser, bool (Parser::*ready)() const, error_code& error) {
    bool needs_more = received_.empty();
    while (!(parser.*ready)()) {
      if (needs_more) co_await connection_.read(received_, error);
      if (error) co_return;
      const std::size_t used = parser.put(asio::buffer(received_), error);
      received_.erase(0, used);
      needs_more = error == http::error::need_more || received_.empty();
      if (error == http::error::need_more) error = {};
      consumed_ += used;
      if (!error && !is_within_limits(parser, needs_more)) error = http::error::header_limit;
      if (error) co_return;
    }
  }

  /// Beast limits no chunk-size line and no trailers, and of a head that comes in parts only each
  /// part.
  bool is_within_limits(const Parser& parser, bool needs_more) const {
    // A chunk of one byte takes six.
    constexpr std::size_t kMaxFramingOfOneByte = 8;
    const std::size_t body_bytes = parser.get().body().size();
    if (received_.size() > kMaxReceivedHeaderBytes && needs_more) return false;
    return consumed_ - body_bytes <= kMaxReceivedHeaderBytes + kMaxFramingOfOneByte * body_bytes;
  }

  static bool wants_continue(const Parser& parser) {
    const auto expect = parser.get()[http::field::expect];
    return base::equals_ignoring_case({expect.data(), expect.size()}, "100-continue");
  }

  static Defect defect_of(const error_code& error) {
    if (error == http::error::header_limit) return Defect::headers_too_large;
    if (error == http::error::body_limit) return Defect::body_too_large;
    const bool from_parser =
        error.category() == make_error_code(http::error::bad_method).category();
    return from_parser ? Defect::malformed : Defect::none;
  }

  static void take_head(const Parser& parser, Request& request, Framing& framing) {
    const auto& message = parser.get();
    request.method.assign(message.method_string());
    request.target.assign(message.target());
    for (const auto& field : message) {
      request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    framing.keep_alive = message.keep_alive();
    framing.chunked = message.version() >= 11;
    framing.head_only = request.method == "HEAD";
  }

  /// False when the connection cannot carry another reply: the peer is gone, the server stops, or
  /// this reply was cut.
  asio::awaitable<bool> write(Reply& reply, Framing framing) {
    const SendPlan plan = reply.plan;
    const bool uncut = plan.cut == Cut::none;
    error_code error;
    co_await connection_.pause(plan.before_head);
    if (uncut || plan.cut_after) co_await send_reply(reply, framing, error);
    if (error || connection_.stopped()) co_return false;
    co_await leave(plan.cut);
    co_return uncut && (!reply.streamed || framing.chunked);
  }

  /// Head and body up to the cut. The head goes out together with a first frame that has no delay.
  asio::awaitable<void> send_reply(Reply& reply, Framing framing, error_code& error) {
    std::string bytes = head_bytes(reply, framing);
    std::vector<Frame> frames;
    if (!framing.head_only) frames = take_body(reply);
    for (const Frame& frame : frames) {
      if (frame.delay.count() > 0) {
        co_await connection_.write(bytes, error);
        bytes.clear();
        co_await connection_.pause(frame.delay);
      }
      if (error || connection_.stopped()) co_return;
      bytes += reply.streamed ? chunk_bytes(frame.bytes, framing) : frame.bytes;
      co_await connection_.write(bytes, error);
      bytes.clear();
    }
    const bool ends = reply.streamed && !framing.head_only && reply.plan.cut == Cut::none;
    if (ends) bytes += end_bytes(framing);
    if (!error && !connection_.stopped()) co_await connection_.write(bytes, error);
  }

  asio::awaitable<void> leave(Cut cut) {
    if (cut == Cut::close) co_await connection_.drain();
    if (cut == Cut::stall) co_await connection_.read_to_end();
    if (cut == Cut::reset) connection_.reset();
  }

  Connection& connection_;
  std::string received_;
  std::size_t consumed_ = 0;  ///< Bytes of this request that the parser has taken.
  const ListenerEvents& events_;
};

}  // namespace

asio::awaitable<void> serve_http1(std::shared_ptr<Connection> connection, std::string received,
                                  const ListenerEvents& events) {
  Http1Session session(*connection, std::move(received), events);
  co_await session.run();
}

}  // namespace llm::local
