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

/// The limit of a request's headers, names and values together.
inline constexpr std::uint32_t kMaxReceivedHeaderBytes = 64 * 1024;
/// The limit of a request's body. Higher than Bedrock's own, so that a body over that limit gets
/// Bedrock's refusal and not a reset.
inline constexpr std::uint64_t kMaxReceivedBodyBytes = 64 * 1024 * 1024;

/// Why a request is refused by the HTTP server, whatever it asks for.
enum class Defect {
  none,
  malformed,  ///< The bytes of the peer are not HTTP.
  headers_too_large,
  body_too_large,
  repeated_header,  ///< `repeated_header` names it.
  no_descriptors,   ///< The process has no file descriptor left for its connection.
};

/// A request as received: nothing decoded, nothing merged.
struct Request {
  std::string method{};
  std::string target{};
  std::vector<HttpHeader> headers{};  ///< In the order received.
  std::string body{};                 ///< Without chunked coding.
  Defect defect = Defect::none;

  /// The first header of that name, or empty. The view lives as long as this object.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// The name of a repeated header that must occur once, because readers disagree about which value
/// counts; empty if none is repeated.
[[nodiscard]] std::string_view repeated_header(const Request& request);

/// A part of a streamed body and the delay before it is written.
struct Frame {
  std::string bytes{};
  std::chrono::milliseconds delay{0};
};

/// What happens to the connection after a reply.
enum class After { keep, close };

/// How a reply that is cut short ends.
enum class Cut {
  none,
  close,  ///< The connection closes in order, the body stays incomplete.
  reset,  ///< TCP RST; in HTTP/2 RST_STREAM.
  stall,  ///< Nothing more is sent. The connection stays open until the peer closes it.
};

/// What goes wrong while a reply is sent. A buffered reply announces its full Content-Length, cut
/// or not.
struct SendPlan {
  std::chrono::milliseconds before_head{0};
  std::chrono::milliseconds before_body{0};
  Cut cut = Cut::none;
  /// With a cut: bytes of the body sent before it. nullopt: cut before the head.
  std::optional<std::size_t> cut_after{};
};

/// A reply as data. The listener adds Content-Length or Transfer-Encoding, and Connection.
struct Reply {
  int status = 200;
  std::vector<HttpHeader> headers{};
  std::string body{};           ///< Of a buffered reply.
  std::vector<Frame> frames{};  ///< Of a streamed reply, written one by one.
  bool streamed = false;
  After after = After::keep;
  SendPlan plan{};
};

/// A reply of 200 with a JSON body.
[[nodiscard]] Reply json_reply(std::string body);

/// Moves the body out of `reply` as frames, one for a buffered reply. Leaves out what follows the
/// cut and adds `before_body` to the first delay.
[[nodiscard]] std::vector<Frame> take_body(Reply& reply);

}  // namespace llm::local
