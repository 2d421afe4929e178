#include "local/http/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "local/http/http2_message.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::uint32_t kMaxStreams = 1024;
// Requests that are still arriving on one connection, all bodies together.
constexpr std::size_t kMaxHeldBytes = 160 * 1024 * 1024;
// What a peer may send before it is read; bodies of many megabytes come faster than with 64 KiB.
constexpr std::uint32_t kWindowBytes = 1024 * 1024;
// What is taken from nghttp2 for one write.
constexpr std::size_t kWriteBytes = 64 * 1024;
// Frames that wait for a peer who does not read, before nothing more is read from it either.
constexpr std::size_t kMaxWaitingFrames = 4 * kMaxStreams;
// A peer may give up all its streams at once, twice; then so many a second.
constexpr std::uint64_t kResetBurst = 2 * kMaxStreams;
constexpr std::uint64_t kResetsPerSecond = 100;
constexpr std::chrono::milliseconds kLinger{500};

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Callbacks =
    std::unique_ptr<nghttp2_session_callbacks, Deleter<nghttp2_session_callbacks_del>>;
using Options = std::unique_ptr<nghttp2_option, Deleter<nghttp2_option_del>>;
using Protocol = std::unique_ptr<nghttp2_session, Deleter<nghttp2_session_del>>;

/// A request and what is left of its reply.
struct Stream {
  Http2Request request{};
  bool complete = false;  ///< Nothing more of the request is wanted.
  bool head_only = false;
  Reply reply{};
  std::vector<Frame> pieces{};
  std::size_t piece = 0;   ///< The one to send from,
  std::size_t offset = 0;  ///< and where in it.
  std::unique_ptr<asio::steady_timer> timer{};
};

/// The glue: bytes from Asio go into nghttp2, and what nghttp2 has to say goes to Asio, never more
/// than one write ahead of the peer. nghttp2 keeps the protocol: states, windows, header
/// compression, lengths. Its callbacks only take notes or fill a frame; requests are answered
/// between them.
class Http2Session : public std::enable_shared_from_this<Http2Session> {
 public:
  Http2Session(std::shared_ptr<Connection> connection, const ListenerEvents& events)
      : connection_(std::move(connection)),
        events_(events),
        linger_(connection_->executor()),
        progress_(connection_->executor()) {
    start_protocol();
  }

  asio::awaitable<void> run(std::string received) {
    connection_->on_stop([this] { end(NGHTTP2_NO_ERROR); });
    error_code error;
    while (true) {
      take(received);
      co_await wait_for_room();
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
  void start_protocol();

  Stream* find(std::int32_t id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
  }

  void take(std::string& received) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(received.data());
    const ssize_t taken = nghttp2_session_mem_recv(protocol_.get(), bytes, received.size());
    received.clear();
    for (const std::int32_t id : std::exchange(ready_, {})) {
      if (Stream* stream = find(id)) answer(id, *stream);
    }
    // What breaks the protocol nghttp2 answers itself. What is left are floods.
    if (taken < 0) end(NGHTTP2_ENHANCE_YOUR_CALM);
    flush();
  }

  /// Waits while the peer is too far behind in reading.
  asio::awaitable<void> wait_for_room() {
    error_code ignored;
    while (connection_->is_open() &&
           nghttp2_session_get_outbound_queue_size(protocol_.get()) > kMaxWaitingFrames) {
      progress_.expires_at(asio::steady_timer::time_point::max());
      co_await progress_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  void flush() {
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(connection_->executor(), write_all(shared_from_this()), asio::detached);
  }

  static asio::awaitable<void> write_all(std::shared_ptr<Http2Session> self) {
    error_code error;
    while (!error && self->fill()) {
      co_await self->connection_->write(self->out_, error);
      self->progress_.cancel();
    }
    self->writing_ = false;
    if (error) self->connection_->close();
    if (nghttp2_session_want_read(self->protocol_.get()) == 0 &&
        nghttp2_session_want_write(self->protocol_.get()) == 0) {
      self->finished_ = true;
      self->connection_->cancel();
    }
  }

  /// Takes from nghttp2 what can be sent now. False when that is nothing.
  bool fill() {
    out_.clear();
    const std::uint8_t* bytes = nullptr;
    while (out_.size() < kWriteBytes) {
      const ssize_t count = nghttp2_session_mem_send(protocol_.get(), &bytes);
      if (count <= 0) break;
      out_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    }
    return !out_.empty();
  }

  /// Says goodbye and leaves open streams unfinished. Closes soon, even if the peer does not read.
  void end(std::uint32_t error) {
    nghttp2_session_terminate_session(protocol_.get(), error);
    linger_.expires_after(kLinger);
    linger_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->connection_->close();
    });
    flush();
  }

  void answer(std::int32_t id, Stream& stream) {
    const Request request = stream.request.take();
    held_bytes_ -= request.body.size();
    stream.head_only = request.method == "HEAD";
    stream.reply = events_.on_request(request);
    // What is broken here is broken in one stream: the connection can go on.
    if (request.defect != Defect::none) stream.reply.after = After::keep;
    const auto delay = stream.reply.plan.before_head;
    if (delay.count() > 0) return later(id, stream, delay, &Http2Session::send_reply);
    send_reply(id, stream);
  }

  using Step = void (Http2Session::*)(std::int32_t, Stream&);

  void later(std::int32_t id, Stream& stream, std::chrono::milliseconds delay, Step step) {
    stream.timer = std::make_unique<asio::steady_timer>(connection_->executor(), delay);
    stream.timer->async_wait([self = shared_from_this(), id, step](error_code cancelled) {
      Stream* found = self->find(id);
      if (cancelled || found == nullptr) return;
      (self.get()->*step)(id, *found);
      self->flush();
    });
  }

  void send_reply(std::int32_t id, Stream& stream) {
    const SendPlan& plan = stream.reply.plan;
    if (plan.cut != Cut::none && !plan.cut_after) return leave(id, plan.cut);
    const std::vector<HttpHeader> fields = http2_fields(stream.reply);
    stream.pieces = take_body(stream.reply);

    std::vector<nghttp2_nv> values;
    values.reserve(fields.size());
    for (const HttpHeader& field : fields) values.push_back(name_value(field.name, field.value));
    nghttp2_data_provider body{};
    body.read_callback = [](nghttp2_session*, std::int32_t which, std::uint8_t* into,
                            std::size_t room, std::uint32_t* flags, nghttp2_data_source*,
                            void* user) {
      return static_cast<Http2Session*>(user)->read_body(which, {into, room}, *flags);
    };
    nghttp2_submit_response(protocol_.get(), id, values.data(), values.size(),
                            stream.head_only ? nullptr : &body);
    if (stream.reply.after == After::close) {
      nghttp2_submit_goaway(protocol_.get(), NGHTTP2_FLAG_NONE,
                            nghttp2_session_get_last_proc_stream_id(protocol_.get()),
                            NGHTTP2_NO_ERROR, nullptr, 0);
    }
  }

  static nghttp2_nv name_value(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
      // nghttp2 copies them; its type is not const.
      return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
  }

  /// nghttp2 asks for the next DATA frame, when the windows have room for it. No frame holds bytes
  /// of two pieces.
  ssize_t read_body(std::int32_t id, std::span<std::uint8_t> room, std::uint32_t& flags) {
    Stream* found = find(id);
    // The connection may have ended while the last write was under way.
    if (found == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    Stream& stream = *found;
    const Cut cut = stream.reply.plan.cut;
    while (stream.piece < stream.pieces.size()) {
      Frame& piece = stream.pieces[stream.piece];
      if (piece.delay.count() > 0) {
        later(id, stream, std::exchange(piece.delay, {}), &Http2Session::resume);
        return NGHTTP2_ERR_DEFERRED;
      }
      const std::size_t count = std::min(room.size(), piece.bytes.size() - stream.offset);
      std::memcpy(room.data(), piece.bytes.data() + stream.offset, count);
      stream.offset += count;
      if (stream.offset == piece.bytes.size()) {
        ++stream.piece;
        stream.offset = 0;
      }
      if (stream.piece == stream.pieces.size() && cut == Cut::none) {
        flags |= NGHTTP2_DATA_FLAG_EOF;
      } else if (count == 0) {
        continue;
      }
      return static_cast<ssize_t>(count);
    }
    if (cut == Cut::none) {
      flags |= NGHTTP2_DATA_FLAG_EOF;
      return 0;
    }
    leave(id, cut);
    return NGHTTP2_ERR_DEFERRED;
  }

  void resume(std::int32_t id, Stream&) { nghttp2_session_resume_data(protocol_.get(), id); }

  /// Carries out the cut of a reply. A stall is nothing to do.
  void leave(std::int32_t id, Cut cut) {
    if (cut == Cut::close) end(NGHTTP2_NO_ERROR);
    if (cut == Cut::reset) reset(id, NGHTTP2_INTERNAL_ERROR);
  }

  void reset(std::int32_t id, std::uint32_t error) {
    nghttp2_submit_rst_stream(protocol_.get(), NGHTTP2_FLAG_NONE, id, error);
  }

  // What nghttp2 tells of.
  void on_frame(const nghttp2_frame& frame);
  void on_data(std::int32_t id, std::string_view bytes);
  void on_closed(std::int32_t id);

  std::shared_ptr<Connection> connection_;
  const ListenerEvents& events_;
  Protocol protocol_;
  std::map<std::int32_t, Stream> streams_;
  std::vector<std::int32_t> ready_;  ///< Requests to answer.
  std::size_t held_bytes_ = 0;       ///< Of bodies that are still arriving.
  std::string out_;                  ///< What is being written.
  bool writing_ = false;
  bool finished_ = false;  ///< Both sides have said all, or one has said goodbye.
  asio::steady_timer linger_;
  asio::steady_timer progress_;  ///< Cancelled whenever something was written.
};

/// A request is complete with the end of its stream.
void Http2Session::on_frame(const nghttp2_frame& frame) {
  Stream* stream = find(frame.hd.stream_id);
  const bool of_request = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  if (stream == nullptr || stream->complete || !of_request) return;
  if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 || stream->request.defect() != Defect::none) {
    stream->complete = true;
    ready_.push_back(frame.hd.stream_id);
  } else if (frame.hd.type == NGHTTP2_HEADERS && stream->request.wants_continue()) {
    const nghttp2_nv status = name_value(":status", "100");
    nghttp2_submit_headers(protocol_.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id, nullptr, &status,
                           1, nullptr);
  }
}

/// What comes behind a reply that did not wait for the whole body is dropped here. Many clients
/// would not read that reply if their upload were reset (curl 7.88, for one).
void Http2Session::on_data(std::int32_t id, std::string_view bytes) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->complete) return;
  const std::size_t before = stream->request.body_size();
  stream->request.add_data(bytes);
  held_bytes_ += stream->request.body_size() - before;
  if (held_bytes_ <= kMaxHeldBytes) return;
  stream->complete = true;
  reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Session::on_closed(std::int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  held_bytes_ -= found->second.request.body_size();
  streams_.erase(found);
}

void Http2Session::start_protocol() {
  nghttp2_session_callbacks* new_callbacks = nullptr;
  nghttp2_session_callbacks_new(&new_callbacks);
  const Callbacks callbacks(new_callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(
      new_callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        // Trailers begin too, on a stream that is known.
        static_cast<Http2Session*>(user)->streams_.try_emplace(frame->hd.stream_id);
        return 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      new_callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                        std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                        std::uint8_t, void* user) {
        Stream* stream = static_cast<Http2Session*>(user)->find(frame->hd.stream_id);
        if (stream == nullptr || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        stream->request.add_field({reinterpret_cast<const char*>(name), name_size},
                                  {reinterpret_cast<const char*>(value), value_size});
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      new_callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                        std::size_t size, void* user) {
        static_cast<Http2Session*>(user)->on_data(id, {reinterpret_cast<const char*>(bytes), size});
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      new_callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        static_cast<Http2Session*>(user)->on_frame(*frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      new_callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
        static_cast<Http2Session*>(user)->on_closed(id);
        return 0;
      });

  nghttp2_option* new_options = nullptr;
  nghttp2_option_new(&new_options);
  const Options options(new_options);
  nghttp2_option_set_no_closed_streams(new_options, 1);
  nghttp2_option_set_stream_reset_rate_limit(new_options, kResetBurst, kResetsPerSecond);
  nghttp2_session* new_session = nullptr;
  nghttp2_session_server_new2(&new_session, new_callbacks, this, new_options);
  protocol_.reset(new_session);
  const std::array settings{
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMaxStreams},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxReceivedHeaderBytes},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes}};
  nghttp2_submit_settings(new_session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(new_session, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
}

}  // namespace

asio::awaitable<void> serve_http2(std::shared_ptr<Connection> connection, std::string received,
                                  const ListenerEvents& events) {
  const auto session = std::make_shared<Http2Session>(std::move(connection), events);
  co_await session->run(std::move(received));
}

}  // namespace llm::local
