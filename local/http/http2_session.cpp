#include "local/http/http2_session.hpp"

#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "local/http/http2_message.hpp"
#include "local/http/http2_protocol.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The limit of the unfinished requests of one connection, all bodies together.
constexpr std::size_t kMaxUnfinishedBytes = 160 * 1024 * 1024;
// With more frames waiting for a peer that does not read, nothing more is read from it either.
constexpr std::size_t kMaxWaitingFrames = 4 * kMaxHttp2Streams;

/// A request and the rest of its reply.
struct Http2Stream {
  Http2Request request{};
  bool complete = false;  ///< The request is; further bytes of it are dropped.
  Reply reply{};
  Http2ReplyBody body{};
  std::unique_ptr<asio::steady_timer> timer{};
};

/// One connection. Moves bytes between Asio and Http2Protocol, at most one write ahead of the peer.
/// The protocol's reports only change streams; replies are made after a read.
class Http2Session final : public Http2Handler, public std::enable_shared_from_this<Http2Session> {
 public:
  Http2Session(std::shared_ptr<Connection> connection, const ListenerEvents& events)
      : connection_(std::move(connection)),
        events_(events),
        protocol_(*this),
        linger_(connection_->executor()),
        progress_(connection_->executor()) {}

  asio::awaitable<void> run(std::string received) {
    connection_->on_stop([this] { end(NGHTTP2_NO_ERROR); });
    error_code error;
    while (true) {
      handle(received);
      received.clear();
      co_await wait_for_queue();
      if (finished_) break;
      co_await connection_->read(received, error);
      if (error) break;
    }
    connection_->on_stop({});
    linger_.cancel();
    if (finished_ && !connection_->stopped()) co_await connection_->drain();
    connection_->close();
    streams_.clear();
  }

 private:
  Http2Stream* find(std::int32_t id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
  }

  // Reading.

  void handle(std::string_view received) {
    const bool floods = !protocol_.feed(received);
    for (const std::int32_t id : std::exchange(ready_, {})) {
      if (Http2Stream* stream = find(id)) respond(id, *stream);
    }
    if (floods) end(NGHTTP2_ENHANCE_YOUR_CALM);
    flush();
  }

  void on_begin(std::int32_t id) override { streams_.try_emplace(id); }

  void on_field(std::int32_t id, std::string_view name, std::string_view value) override {
    if (Http2Stream* stream = find(id)) stream->request.add_field(name, value);
  }

  /// Drops what follows a request that was refused before its end. Many clients would not read the
  /// reply if their upload were reset (curl 7.88, for one).
  void on_data(std::int32_t id, std::string_view bytes) override {
    Http2Stream* stream = find(id);
    if (stream == nullptr || stream->complete) return;
    const std::size_t before = stream->request.body_size();
    stream->request.add_data(bytes);
    unfinished_bytes_ += stream->request.body_size() - before;
    if (unfinished_bytes_ <= kMaxUnfinishedBytes) return;
    stream->complete = true;
    protocol_.reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
  }

  void on_frame(std::int32_t id, Frame frame, bool is_last) override {
    Http2Stream* stream = find(id);
    if (stream == nullptr || stream->complete) return;
    if (is_last || stream->request.defect() != Defect::none) {
      stream->complete = true;
      ready_.push_back(id);
    } else if (frame == Frame::headers && stream->request.wants_continue()) {
      protocol_.send_continue(id);
    }
  }

  void on_closed(std::int32_t id) override {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return;
    unfinished_bytes_ -= found->second.request.body_size();
    streams_.erase(found);
  }

  // Replying.

  void respond(std::int32_t id, Http2Stream& stream) {
    const Request request = stream.request.take();
    unfinished_bytes_ -= request.body.size();
    stream.reply = events_.on_request(request);
    // A defect concerns one stream: the connection stays open.
    if (request.defect != Defect::none) stream.reply.after = After::keep;
    const bool has_body = request.method != "HEAD";
    after(stream.reply.plan.before_head, id, stream,
          [this, id, has_body](Http2Stream& later) { send_reply(id, later, has_body); });
  }

  /// Calls `step` after `delay`, or at once for none. Not if the stream closes before.
  template <typename Step>
  void after(std::chrono::milliseconds delay, std::int32_t id, Http2Stream& stream, Step step) {
    if (delay.count() <= 0) return step(stream);
    stream.timer = std::make_unique<asio::steady_timer>(connection_->executor(), delay);
    stream.timer->async_wait([self = shared_from_this(), id, step](error_code cancelled) {
      Http2Stream* found = self->find(id);
      if (cancelled || found == nullptr) return;
      step(*found);
      self->flush();
    });
  }

  void send_reply(std::int32_t id, Http2Stream& stream, bool has_body) {
    const SendPlan& plan = stream.reply.plan;
    if (plan.cut != Cut::none && !plan.cut_after) return carry_out(plan.cut, id);
    const std::vector<HttpHeader> fields = http2_fields(stream.reply);
    stream.body = Http2ReplyBody(stream.reply);
    protocol_.send_head(id, fields, has_body);
    if (stream.reply.after == After::close) protocol_.go_away();
  }

  std::optional<Http2ReplyBody::Step> read_body(std::int32_t id,
                                                std::span<std::uint8_t> room) override {
    Http2Stream* stream = find(id);
    // The connection may have ended during the last write.
    if (stream == nullptr) return std::nullopt;
    const Http2ReplyBody::Step step = stream->body.read(room);
    if (step.next == Http2ReplyBody::Next::wait) {
      after(step.delay, id, *stream, [this, id](Http2Stream&) { protocol_.resume_body(id); });
    }
    if (step.next == Http2ReplyBody::Next::cut) carry_out(stream->reply.plan.cut, id);
    return step;
  }

  /// A stall is carried out by doing nothing.
  void carry_out(Cut cut, std::int32_t id) {
    if (cut == Cut::close) end(NGHTTP2_NO_ERROR);
    if (cut == Cut::reset) protocol_.reset(id, NGHTTP2_INTERNAL_ERROR);
  }

  // Writing.

  /// Waits while too many frames are queued for a peer that does not read.
  asio::awaitable<void> wait_for_queue() {
    error_code ignored;
    while (connection_->is_open() && protocol_.queued_frames() > kMaxWaitingFrames) {
      progress_.expires_at(asio::steady_timer::time_point::max());
      co_await progress_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  /// Starts a writer unless one is running.
  void flush() {
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(connection_->executor(), write_all(shared_from_this()), asio::detached);
  }

  static asio::awaitable<void> write_all(std::shared_ptr<Http2Session> self) {
    error_code error;
    while (!error && self->protocol_.take_output(self->out_)) {
      co_await self->connection_->write(self->out_, error);
      self->progress_.cancel();
    }
    self->writing_ = false;
    if (error) self->connection_->close();
    if (self->protocol_.is_finished()) {
      self->finished_ = true;
      self->connection_->cancel();
    }
  }

  /// Sends GOAWAY and leaves open streams unfinished. Closes soon, even if the peer does not read.
  void end(std::uint32_t error) {
    protocol_.terminate(error);
    linger_.expires_after(kLinger);
    linger_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->connection_->close();
    });
    flush();
  }

  std::shared_ptr<Connection> connection_;
  const ListenerEvents& events_;
  Http2Protocol protocol_;
  std::map<std::int32_t, Http2Stream> streams_;
  std::vector<std::int32_t> ready_;   ///< Streams whose request is complete, not yet replied to.
  std::size_t unfinished_bytes_ = 0;  ///< Of bodies that are still arriving.
  std::string out_;                   ///< The bytes of the running write.
  bool writing_ = false;
  bool finished_ = false;  ///< The protocol has nothing left to read or write.
  asio::steady_timer linger_;
  asio::steady_timer progress_;  ///< Cancelled after every write.
};

}  // namespace

asio::awaitable<void> serve_http2(std::shared_ptr<Connection> connection, std::string received,
                                  const ListenerEvents& events) {
  const auto session = std::make_shared<Http2Session>(std::move(connection), events);
  co_await session->run(std::move(received));
}

}  // namespace llm::local
