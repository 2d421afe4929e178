#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <llm/error.hpp>

namespace llm::aws {

/// Limits of `application/vnd.amazon.eventstream` (aws-c-event-stream, botocore).
inline constexpr std::size_t kMaxMessageBytes = 24 * 1024 * 1024;
inline constexpr std::size_t kMaxHeaderBytes = 128 * 1024;
inline constexpr std::size_t kMaxHeaderCount = 1024;
inline constexpr std::size_t kMaxHeaderValueBytes = 32767;

/// A header. Only the string kind is used by Bedrock; the others are read and kept by type.
struct EventHeader {
  std::string_view name;
  std::uint8_t type = 7;   ///< As on the wire: 7 is a string.
  std::string_view value;  ///< The raw bytes of the value, for type 7 its text.
};

/// One message. Views live during `EventStreamDecoder::Handler::on_message` only.
struct EventMessage {
  std::span<const EventHeader> headers;
  std::string_view payload;
  /// The text of a string header, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Takes an event stream apart, fed by pieces of any size. A message that lies whole in one piece
/// is handed out without a copy. After an error it stays in error: `feed` and `finish` repeat it.
class EventStreamDecoder {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    /// False stops decoding: what follows in this piece is dropped.
    virtual bool on_message(const EventMessage& message) = 0;
  };

  /// Errors: stream_error that says which check failed and at which byte of the stream.
  [[nodiscard]] Result<void> feed(std::string_view bytes, Handler& handler);

  /// To be called at the end of the body.
  /// Errors: stream_error when it ends inside a message.
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] Result<std::size_t> message_size(std::string_view bytes) const;
  [[nodiscard]] Result<bool> decode(std::string_view message, Handler& handler);
  [[nodiscard]] Error fail(std::string_view what);

  std::string buffer_;  ///< The beginning of a message that is not whole yet.
  std::vector<EventHeader> headers_;
  std::uint64_t consumed_ = 0;
  std::string failure_;
};

/// Appends one message with string headers. For servers and tests.
void append_event_message(std::span<const std::pair<std::string_view, std::string_view>> headers,
                          std::string_view payload, std::string& out);

}  // namespace llm::aws
