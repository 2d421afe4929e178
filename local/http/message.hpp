#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/transport.hpp>

namespace llm::local {

/// What is read of a request's headers, names and values together.
inline constexpr std::uint32_t kMaxReceivedHeaderBytes = 64 * 1024;
/// What is read of a body. More than Bedrock's own limit, so that a body over that one still gets
/// Bedrock's answer and not a reset.
inline constexpr std::uint64_t kMaxReceivedBodyBytes = 64 * 1024 * 1024;

/// What a peer broke in HTTP itself, so that there is no request to speak of.
enum class Defect { none, malformed, headers_too_large, body_too_large };

/// A request as it came off the wire: nothing decoded, nothing merged.
struct Request {
  std::string method{};
  std::string target{};
  std::vector<HttpHeader> headers{};  ///< In the order received.
  std::string body{};                 ///< Chunks joined.
  Defect defect = Defect::none;

  /// The first header of that name, or empty. The view lives as long as this object.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A piece of a streamed body and how long to wait before it is written.
struct Frame {
  std::string bytes{};
  std::chrono::milliseconds delay{0};
};

/// What becomes of the connection after a reply.
enum class After { keep, close };

/// How the peer is left when a reply is cut short.
enum class Cut {
  none,
  close,  ///< The connection ends in order, the reply does not.
  reset,  ///< TCP RST; in HTTP/2 RST_STREAM.
  stall,  ///< Nothing more comes. The connection stays until the peer closes it.
};

/// What is to go wrong while a reply is sent. A whole reply announces its full Content-Length
/// whatever is cut off.
struct SendPlan {
  std::chrono::milliseconds before_head{0};
  std::chrono::milliseconds before_body{0};
  Cut cut = Cut::none;
  /// With a cut: bytes of the body that are sent before it. nullopt: not even the head is.
  std::optional<std::size_t> cut_after{};
};

/// A reply as data. The listener adds Content-Length or Transfer-Encoding, and Connection.
struct Reply {
  int status = 200;
  std::vector<HttpHeader> headers{};
  std::string body{};           ///< Of a reply that is not streamed.
  std::vector<Frame> frames{};  ///< Of a streamed one, written one by one.
  bool streamed = false;
  After after = After::keep;
  SendPlan plan{};
};

/// A reply of 200 with a JSON body.
[[nodiscard]] Reply json_reply(std::string body);

/// What is sent of the body and when, for whole and streamed replies alike: each piece after its
/// delay, everything behind the cut left out. Empties the body and the frames of `reply`.
[[nodiscard]] std::vector<Frame> take_body(Reply& reply);

}  // namespace llm::local
