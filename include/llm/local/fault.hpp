#pragma once

#include <llm/cxx23.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace llm::local {

/// The faults that the local Bedrock can produce. Byte counts refer to the body, without HTTP
/// framing; event counts refer to the events of a stream.
namespace fault {

/// An AWS exception, instead of the response or as the last event of a stream.
struct Exception {
  std::string name{};     ///< E.g. `ThrottlingException`; any name is accepted.
  std::string message{};  ///< Empty: Bedrock's own text.
  int status = 0;         ///< 0: the exception's own status; 400 for a name that AWS does not have.
                          ///< Not 204, 205 or 304, whose responses have no body.
  std::optional<std::chrono::milliseconds> retry_after{};  ///< Sent as `x-amz-retry-after`.
  /// If set, sent inside the stream after this many events, where `status` and `retry_after` have
  /// no effect. A buffered response is replaced by the exception all the same.
  std::optional<std::size_t> after_events{};
};

/// The stream ends with a frame of type `error`, which has a code and a text but no payload.
struct ErrorMessage {
  std::string code = "InternalFailure";
  std::string message{};
  std::size_t after_events = 0;
};

/// Whether the HTTP framing marks the end of the body.
enum class HttpEnd { missing, proper };

/// The body ends early. Has no effect if the body is not longer than `after_bytes`.
struct Truncation {
  std::size_t after_bytes = 0;
  HttpEnd end = HttpEnd::missing;
};

/// The last byte of an event is altered, so that its checksum does not match. Streams only.
struct DamagedChecksum {
  std::size_t after_events = 0;
};

/// The response stalls for a while or forever. A buffered response stalls after its headers.
struct Stall {
  std::size_t after_events = 0;
  std::optional<std::chrono::milliseconds> duration{};  ///< nullopt: until the client gives up.
};

/// The headers are delayed.
struct SlowFirstByte {
  std::chrono::milliseconds delay{1000};
};

/// The connection is reset (TCP RST). Has no effect if the body is not longer than `after_bytes`.
struct Reset {
  std::optional<std::size_t> after_bytes{};  ///< nullopt: before the headers.
};

/// Status 200 with an empty body.
struct EmptyReply {};

/// An HTML page, as a gateway between client and service would send it.
struct HtmlPage {
  int status = 503;
};

/// Status 200 with the body of an exception, as a wrong host would reply.
struct ErrorInSuccess {
  std::string name = "UnknownOperationException";
};

/// The server's clock is off, both for verifying signatures and in the `Date` header. Applied when
/// only the path and the access key id of the request are known, so its rule cannot match a prompt.
struct ClockOffset {
  std::chrono::seconds offset{0};  ///< Positive: the server's clock is ahead.
};

}  // namespace fault

using Fault =
    std::variant<fault::Exception, fault::ErrorMessage, fault::Truncation, fault::DamagedChecksum,
                 fault::Stall, fault::SlowFirstByte, fault::Reset, fault::EmptyReply,
                 fault::HtmlPage, fault::ErrorInSuccess, fault::ClockOffset>;

/// The name under which a fault is counted: the exception's name, otherwise its kind, e.g.
/// `damaged_checksum`.
[[nodiscard]] std::string fault_name(const Fault& fault);

}  // namespace llm::local
