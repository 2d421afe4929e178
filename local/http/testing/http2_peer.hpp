#pragma once

// For tests of the local Bedrock only.

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/http/testing/raw_socket.hpp"

namespace llm::local::test {

/// The initial flow-control window of a connection and of a stream (RFC 9113, section 6.9.2).
inline constexpr std::int64_t kFirstWindow = 65'535;

/// A frame of HTTP/2.
struct WireFrame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload{};
};

/// What a stream has received so far.
struct Http2Response {
  std::vector<std::map<std::string, std::string>> header_blocks{};  ///< Those of status 100 too.
  std::vector<std::string> data{};  ///< The payload of each DATA frame.
  bool ended = false;
  std::optional<std::uint32_t> reset{};

  [[nodiscard]] std::string body() const {
    std::string all;
    for (const std::string& payload : data) all += payload;
    return all;
  }
  [[nodiscard]] std::string status() const {
    return header_blocks.empty() ? "" : header_blocks.back().at(":status");
  }
};

inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

inline std::uint32_t from_big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<std::uint8_t>(byte);
  return value;
}

/// A header field for HPACK: literal, not indexed, not compressed (RFC 7541, section 6.2.2).
inline std::string field(std::string_view name, std::string_view value) {
  const auto text = [](std::string_view bytes) {
    constexpr std::size_t kInPrefix = 127;
    std::string out;
    std::size_t rest = bytes.size();
    out += static_cast<char>(std::min(rest, kInPrefix));
    if (rest >= kInPrefix) {
      for (rest -= kInPrefix; rest >= 128; rest /= 128) out += static_cast<char>(rest % 128 + 128);
      out += static_cast<char>(rest);
    }
    return out.append(bytes);
  };
  return std::string(1, '\0') + text(name) + text(value);
}

/// An HTTP/2 client that sends exactly the frames it is given. It widens no windows and
/// acknowledges nothing by itself.
class Http2Peer {
 public:
  /// Connects and sends the preface and `settings`, pairs of 16 and 32 bits.
  explicit Http2Peer(std::uint16_t port, const std::string& settings = {}) : socket_(port) {
    nghttp2_hd_inflater* inflater = nullptr;
    nghttp2_hd_inflate_new(&inflater);
    inflater_.reset(inflater);
    socket_.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    send({.type = NGHTTP2_SETTINGS, .payload = settings});
  }

  static std::string setting(std::uint16_t id, std::uint32_t value) {
    return big_endian(id, 2) + big_endian(value, 4);
  }

  static std::string bytes_of(const WireFrame& frame) {
    return big_endian(frame.payload.size(), 3) + static_cast<char>(frame.type) +
           static_cast<char>(frame.flags) + big_endian(frame.stream, 4) + frame.payload;
  }

  void send(const WireFrame& frame) { socket_.send(bytes_of(frame)); }

  /// The fields that every request has.
  static std::string request_fields(std::string_view method, std::string_view path) {
    return field(":method", method) + field(":scheme", "http") + field(":authority", "local") +
           field(":path", path);
  }

  /// A request without a body.
  void get(std::uint32_t stream, std::string_view path = "/", std::string_view method = "GET") {
    send({.type = NGHTTP2_HEADERS,
          .flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
          .stream = stream,
          .payload = request_fields(method, path)});
  }

  /// The head of a request whose body follows.
  void begin_post(std::uint32_t stream, const std::string& more_fields = {}) {
    send({.type = NGHTTP2_HEADERS,
          .flags = NGHTTP2_FLAG_END_HEADERS,
          .stream = stream,
          .payload = request_fields("POST", "/") + more_fields});
  }

  void data(std::uint32_t stream, std::string bytes, std::uint8_t flags = NGHTTP2_FLAG_END_STREAM) {
    send({.type = NGHTTP2_DATA, .flags = flags, .stream = stream, .payload = std::move(bytes)});
  }

  /// A request head that is too long for one frame.
  void send_head(std::uint32_t stream, std::string_view block) {
    constexpr std::size_t kFrame = 16 * 1024;  // SETTINGS_MAX_FRAME_SIZE, RFC 9113, section 6.5.2
    WireFrame frame{.type = NGHTTP2_HEADERS, .flags = NGHTTP2_FLAG_END_STREAM, .stream = stream};
    for (; block.size() > kFrame; block.remove_prefix(kFrame)) {
      frame.payload = block.substr(0, kFrame);
      send(std::exchange(frame, {.type = NGHTTP2_CONTINUATION, .stream = stream}));
    }
    frame.payload = block;
    frame.flags |= NGHTTP2_FLAG_END_HEADERS;
    send(frame);
  }

  /// Sends a part of a body once the server's windows have room for it.
  void upload(std::uint32_t stream, std::string bytes) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    read_until([&] { return room_[0] >= size && room_[stream] + first_window_ >= size; });
    room_[0] -= size;
    room_[stream] -= size;
    data(stream, std::move(bytes), NGHTTP2_FLAG_NONE);
  }

  void reset(std::uint32_t stream) {
    send({.type = NGHTTP2_RST_STREAM, .stream = stream, .payload = big_endian(NGHTTP2_CANCEL, 4)});
  }

  /// Lets the server send `bytes` more, on a stream, or on the connection for stream 0.
  void widen(std::uint32_t stream, std::uint32_t bytes) {
    send({.type = NGHTTP2_WINDOW_UPDATE, .stream = stream, .payload = big_endian(bytes, 4)});
  }

  /// Sends a PING and reads until its acknowledgement, and so everything sent before it.
  /// False when the connection ended.
  bool ping() {
    const int before = pongs_;
    send({.type = NGHTTP2_PING, .payload = std::string(8, 'p')});
    return read_until([&] { return pongs_ > before; });
  }

  /// Reads until the stream has ended in any way.
  const Http2Response& read_response(std::uint32_t stream) {
    read_until([&] { return responses_[stream].ended || responses_[stream].reset; });
    return responses_[stream];
  }

  const Http2Response& read_data_frames(std::uint32_t stream, std::size_t count) {
    read_until([&] { return responses_[stream].data.size() >= count; });
    return responses_[stream];
  }

  void read_to_end() {
    read_until([] { return false; });
  }

  /// Reads frames until `done`. False when the connection ended before.
  template <typename Predicate>
  bool read_until(Predicate done) {
    while (!done()) {
      const std::string head = socket_.read_bytes(9);
      if (head.size() < 9) return false;
      WireFrame frame{.type = static_cast<std::uint8_t>(head[3]),
                      .flags = static_cast<std::uint8_t>(head[4]),
                      .stream = from_big_endian(head.substr(5, 4))};
      frame.payload = socket_.read_bytes(from_big_endian(head.substr(0, 3)));
      note(frame);
    }
    return true;
  }

  [[nodiscard]] const Http2Response& response(std::uint32_t stream) { return responses_[stream]; }
  /// The error code of the GOAWAY received.
  [[nodiscard]] std::optional<std::uint32_t> goaway_error() const { return goaway_error_; }
  [[nodiscard]] RawSocket& socket() { return socket_; }

 private:
  struct FreeInflater {
    void operator()(nghttp2_hd_inflater* inflater) const { nghttp2_hd_inflate_del(inflater); }
  };

  void note(const WireFrame& frame) {
    Http2Response& response = responses_[frame.stream];
    if (frame.type == NGHTTP2_HEADERS) response.header_blocks.push_back(inflate(frame.payload));
    if (frame.type == NGHTTP2_DATA) response.data.push_back(frame.payload);
    if (frame.type == NGHTTP2_HEADERS || frame.type == NGHTTP2_DATA) {
      response.ended = (frame.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    }
    if (frame.type == NGHTTP2_RST_STREAM) response.reset = from_big_endian(frame.payload);
    if (frame.type == NGHTTP2_GOAWAY) goaway_error_ = from_big_endian(frame.payload.substr(4, 4));
    if (frame.type == NGHTTP2_PING) ++pongs_;
    if (frame.type == NGHTTP2_SETTINGS) note_settings(frame.payload);
    if (frame.type == NGHTTP2_WINDOW_UPDATE) room_[frame.stream] += from_big_endian(frame.payload);
  }

  void note_settings(std::string_view payload) {
    for (; payload.size() >= 6; payload.remove_prefix(6)) {
      if (from_big_endian(payload.substr(0, 2)) != NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) continue;
      first_window_ = from_big_endian(payload.substr(2, 4));
    }
  }

  std::map<std::string, std::string> inflate(const std::string& block) {
    std::map<std::string, std::string> fields;
    const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
    const std::uint8_t* end = at + block.size();
    int flags = 0;
    while ((flags & NGHTTP2_HD_INFLATE_FINAL) == 0) {
      nghttp2_nv found{};
      const ssize_t used = nghttp2_hd_inflate_hd2(inflater_.get(), &found, &flags, at,
                                                  static_cast<std::size_t>(end - at), 1);
      if (used < 0) break;
      at += used;
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
      fields[{reinterpret_cast<const char*>(found.name), found.namelen}] = {
          reinterpret_cast<const char*>(found.value), found.valuelen};
    }
    nghttp2_hd_inflate_end_headers(inflater_.get());
    return fields;
  }

  RawSocket socket_;
  std::unique_ptr<nghttp2_hd_inflater, FreeInflater> inflater_;
  std::map<std::uint32_t, Http2Response> responses_;
  std::optional<std::uint32_t> goaway_error_;
  std::int64_t first_window_ = kFirstWindow;  ///< Of a stream, as set by the server.
  /// Bytes that may be sent: on the connection (stream 0), and on a stream beyond `first_window_`.
  std::map<std::uint32_t, std::int64_t> room_{{0, kFirstWindow}};
  int pongs_ = 0;
};

}  // namespace llm::local::test
