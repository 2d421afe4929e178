#pragma once

#include <llm/cxx23.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace llm::local {

/// What the local Bedrock can be told to do wrong. Bytes are those of the body, without HTTP's
/// framing; events are those of a stream.
namespace fault {

/// An exception of AWS, in place of the answer or as the last event of a stream.
struct Exception {
  std::string name{};  ///< E.g. `ThrottlingException`; a name that AWS does not have is sent too.
  std::string message{};  ///< Empty: what Bedrock says.
  int status = 0;         ///< 0: the exception's own; of a name that AWS does not have, 400.
  std::optional<std::chrono::milliseconds> retry_after{};  ///< Sent as `x-amz-retry-after`.
  /// Set: comes inside a stream, behind so many events; `status` and `retry_after` do not show
  /// there. A whole answer gives way to the exception all the same.
  std::optional<std::size_t> after_events{};
};

/// A stream ends with a message of type `error`, which has a code and a text and no body.
struct ErrorMessage {
  std::string code = "InternalFailure";
  std::string message{};
  std::size_t after_events = 0;
};

/// Whether HTTP itself says that the body has ended.
enum class HttpEnd { missing, proper };

/// The body ends too early. Nothing happens when it has no more than `after_bytes`.
struct Truncation {
  std::size_t after_bytes = 0;
  HttpEnd end = HttpEnd::missing;
};

/// The last byte of an event is wrong, so that its checksum does not fit. Streams only.
struct DamagedChecksum {
  std::size_t after_events = 0;
};

/// Nothing comes for a while, or never again. Of a whole answer, the headers come first.
struct Stall {
  std::size_t after_events = 0;
  std::optional<std::chrono::milliseconds> duration{};  ///< nullopt: until the client gives up.
};

/// Not even the headers come for a while.
struct SlowFirstByte {
  std::chrono::milliseconds delay{1000};
};

/// The connection is reset (TCP RST). Nothing happens when the body has no more than `after_bytes`.
struct Reset {
  std::optional<std::size_t> after_bytes{};  ///< nullopt: before the headers.
};

/// Status 200 and no body.
struct EmptyReply {};

/// A page of HTML, as a gateway between client and service sends it.
struct HtmlPage {
  int status = 503;
};

/// Status 200 with the body of an exception, as the wrong host replies.
struct ErrorInSuccess {
  std::string name = "UnknownOperationException";
};

/// The server's clock is wrong: what it checks signatures with, and its `Date`. Acts before
/// anything of the request is known but its path and key, so a rule with it cannot match a prompt.
struct ClockOffset {
  std::chrono::seconds offset{0};  ///< Positive: ahead.
};

}  // namespace fault

using Fault =
    std::variant<fault::Exception, fault::ErrorMessage, fault::Truncation, fault::DamagedChecksum,
                 fault::Stall, fault::SlowFirstByte, fault::Reset, fault::EmptyReply,
                 fault::HtmlPage, fault::ErrorInSuccess, fault::ClockOffset>;

/// What a fault is counted under: the exception's name; otherwise its kind, e.g.
/// `damaged_checksum`.
[[nodiscard]] std::string fault_name(const Fault& fault);

}  // namespace llm::local
