#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "local/http/http2_reply_body.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// The most requests that may be open on one connection.
inline constexpr std::uint32_t kMaxHttp2Streams = 1024;

/// What Http2Protocol reports while it is fed or emptied. Implementations may submit frames, but
/// not feed or empty it.
class Http2Handler {
 public:
  enum class Frame { headers, data };

  virtual ~Http2Handler() = default;

  /// A request begins, or trailers do.
  virtual void on_begin(std::int32_t stream) = 0;
  virtual void on_field(std::int32_t stream, std::string_view name, std::string_view value) = 0;
  virtual void on_data(std::int32_t stream, std::string_view bytes) = 0;
  /// A frame is complete; `is_last` ends the request.
  virtual void on_frame(std::int32_t stream, Frame frame, bool is_last) = 0;
  virtual void on_closed(std::int32_t stream) = 0;
  /// The windows have room for a DATA frame of the reply. nullopt: the stream is gone.
  virtual std::optional<Http2ReplyBody::Step> read_body(std::int32_t stream,
                                                        std::span<std::uint8_t> room) = 0;
};

/// nghttp2 as a class: it keeps the protocol's states, windows, header compression and lengths.
/// Bytes go in by `feed` and come out by `take_output`; everything else queues a frame.
class Http2Protocol {
 public:
  /// Queues the server's settings. `handler` must outlive this object.
  explicit Http2Protocol(Http2Handler& handler);

  /// Takes received bytes. A violation of the protocol is answered with GOAWAY. False when the peer
  /// floods the connection.
  [[nodiscard]] bool feed(std::string_view bytes);
  /// Replaces `out` with what can be sent now, about 64 KiB at most. False when that is nothing.
  [[nodiscard]] bool take_output(std::string& out);
  /// Frames that wait to be sent.
  [[nodiscard]] std::size_t queued_frames() const;
  /// Nothing more is to be read or written.
  [[nodiscard]] bool is_finished() const;

  void send_continue(std::int32_t stream);
  /// Sends the head of a reply, and then its body as `read_body` provides it.
  void send_head(std::int32_t stream, const std::vector<HttpHeader>& fields, bool has_body);
  /// Asks for the body again after a wait.
  void resume_body(std::int32_t stream);
  void reset(std::int32_t stream, std::uint32_t error);
  /// GOAWAY that lets open streams finish.
  void go_away();
  /// GOAWAY that ends the connection.
  void terminate(std::uint32_t error);

 private:
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  Http2Handler& handler_;
  std::unique_ptr<nghttp2_session, Delete> session_;
};

}  // namespace llm::local
