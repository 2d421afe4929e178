// Whatever a peer sends over HTTP/2, in whatever fragments: the session ends with its peer, and
// what it sends is well-formed.
#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/session.hpp"
#include "local/http/http2_session.hpp"

namespace {

using namespace llm::fuzz;

struct Frame {
  std::size_t length = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string_view payload{};

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<std::uint8_t>(byte);
  return value;
}

/// What a stream has sent.
struct Response {
  std::string status{};
  std::optional<std::size_t> announced{};
  std::size_t received = 0;
  bool has_ended = false;
  bool was_reset = false;
};

/// Reads frames as a client does.
class Reader {
 public:
  Reader() {
    nghttp2_hd_inflater* inflater = nullptr;
    nghttp2_hd_inflate_new(&inflater);
    inflater_.reset(inflater);
  }

  void read(std::string_view bytes) {
    while (!bytes.empty()) {
      require(bytes.size() >= 9, "a frame has a head");
      const Frame frame{.length = big_endian(bytes.substr(0, 3)),
                        .type = static_cast<std::uint8_t>(bytes[3]),
                        .flags = static_cast<std::uint8_t>(bytes[4]),
                        .stream = big_endian(bytes.substr(5, 4)),
                        .payload = bytes.substr(9, big_endian(bytes.substr(0, 3)))};
      require(frame.payload.size() == frame.length, "a frame is complete");
      require(frame.length <= 16'384, "a frame is as short as the peer may expect");
      require(!is_first_ || frame.type == NGHTTP2_SETTINGS, "settings come first");
      is_first_ = false;
      take(frame);
      bytes.remove_prefix(9 + frame.length);
    }
    require(block_of_ == 0, "a header block ends");
  }

 private:
  struct Free {
    void operator()(nghttp2_hd_inflater* inflater) const { nghttp2_hd_inflate_del(inflater); }
  };

  void take(const Frame& frame) {
    require(block_of_ == 0 || (frame.type == NGHTTP2_CONTINUATION && frame.stream == block_of_),
            "nothing comes inside a header block");
    switch (frame.type) {
      case NGHTTP2_HEADERS:
      case NGHTTP2_CONTINUATION:
        return take_block(frame);
      case NGHTTP2_DATA:
        return take_data(frame);
      case NGHTTP2_RST_STREAM:
        require(frame.stream != 0 && frame.length == 4, "a reset has a stream and a code");
        responses_[frame.stream].was_reset = true;
        return;
      case NGHTTP2_SETTINGS:
        return require(frame.stream == 0 && frame.length % 6 == 0, "settings are pairs");
      case NGHTTP2_PING:
        return require(frame.stream == 0 && frame.length == 8 && frame.has(NGHTTP2_FLAG_ACK),
                       "a ping is an echo");
      case NGHTTP2_GOAWAY:
        return require(frame.stream == 0 && frame.length >= 8, "GOAWAY has a stream and a code");
      case NGHTTP2_WINDOW_UPDATE:
        return require(frame.length == 4 && big_endian(frame.payload) != 0, "a window grows");
      default:
        require(false, "the type of a frame is known");
    }
  }

  Response& open(const Frame& frame) {
    require(frame.stream % 2 == 1, "a response belongs to a request of the peer");
    Response& response = responses_[frame.stream];
    require(!response.has_ended && !response.was_reset, "nothing follows the end of a stream");
    return response;
  }

  void take_block(const Frame& frame) {
    Response& response = open(frame);
    require(!frame.has(NGHTTP2_FLAG_PADDED) && !frame.has(NGHTTP2_FLAG_PRIORITY),
            "a header block comes alone");
    inflate(frame, response);
    block_of_ = frame.has(NGHTTP2_FLAG_END_HEADERS) ? 0 : frame.stream;
    if (frame.type == NGHTTP2_HEADERS && frame.has(NGHTTP2_FLAG_END_STREAM)) end(response);
  }

  void inflate(const Frame& frame, Response& response) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(frame.payload.data());
    std::size_t left = frame.length;
    const int is_last = frame.has(NGHTTP2_FLAG_END_HEADERS) ? 1 : 0;
    int flags = 0;
    while (left > 0) {
      nghttp2_nv field{};
      const ssize_t used =
          nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, at, left, is_last);
      require(used >= 0, "a header block can be read");
      at += used;
      left -= static_cast<std::size_t>(used);
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
        take_field({reinterpret_cast<const char*>(field.name), field.namelen},
                   {reinterpret_cast<const char*>(field.value), field.valuelen}, response);
      }
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0 || used == 0) break;
    }
    if (is_last != 0) nghttp2_hd_inflate_end_headers(inflater_.get());
  }

  static void take_field(std::string_view name, std::string_view value, Response& response) {
    if (name == ":status") response.status = value;
    if (name == "content-length") response.announced = std::stoul(std::string(value));
    require(!response.status.empty(), "the status comes first");
  }

  void take_data(const Frame& frame) {
    Response& response = open(frame);
    require(!response.status.empty() && response.status != "100", "a head comes before the body");
    response.received += frame.length;
    if (frame.has(NGHTTP2_FLAG_END_STREAM)) end(response);
  }

  static void end(Response& response) {
    response.has_ended = true;
    require(
        response.received == 0 || !response.announced || response.received == *response.announced,
        "a body is as long as announced");
  }

  std::unique_ptr<nghttp2_hd_inflater, Free> inflater_;
  std::map<std::uint32_t, Response> responses_;
  std::uint32_t block_of_ = 0;  ///< The stream whose header block goes on.
  bool is_first_ = true;
};

void check(const Exchanged& exchanged) {
  const llm::local::Request& request = exchanged.request;
  if (request.defect != llm::local::Defect::none) return;
  require(!request.method.empty() && !request.target.empty(), "a request has a method and a path");
  std::size_t bytes = 0;
  for (const auto& header : request.headers) bytes += header.name.size() + header.value.size();
  // The authority may count twice, as `host`.
  require(bytes <= 2 * llm::local::kMaxReceivedHeaderBytes, "headers are bounded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Fragments fragments({reinterpret_cast<const char*>(data), size});
  SessionPeer peer(llm::local::serve_http2);
  peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  for (std::string_view next = fragments.next(); !next.empty(); next = fragments.next()) {
    peer.send(next);
  }
  peer.finish();

  for (const Exchanged& exchanged : peer.exchanges()) check(exchanged);
  Reader().read(peer.received());
  return 0;
}
