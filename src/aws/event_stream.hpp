#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/error.hpp>

namespace llm::aws {

/// Limits of `application/vnd.amazon.eventstream` (Smithy "Amazon Event Stream Specification",
/// botocore; the count of headers is aws-c-event-stream's).
inline constexpr std::size_t kMaxPayloadBytes = 24 * 1024 * 1024;
inline constexpr std::size_t kMaxHeaderBytes = 128 * 1024;
inline constexpr std::size_t kMaxHeaderCount = 1024;
inline constexpr std::size_t kMaxHeaderValueBytes = 32767;
/// Both lengths and their checksum, before the headers.
inline constexpr std::size_t kPreludeBytes = 12;
/// A message without headers and payload: the prelude and the checksum of the whole.
inline constexpr std::size_t kMinMessageBytes = 16;
inline constexpr std::size_t kMaxMessageBytes =
    kMinMessageBytes + kMaxHeaderBytes + kMaxPayloadBytes;

/// A header. Only the string kind is used by Bedrock; the others are read and kept by type.
struct EventHeader {
  std::string_view name{};
  std::uint8_t type = 7;     ///< As on the wire: 7 is a string.
  std::string_view value{};  ///< The raw bytes of the value, for type 7 its text (valid UTF-8).
};

/// One message. Its views live until the decoder that gave it is called again.
struct EventMessage {
  std::span<const EventHeader> headers{};
  std::string_view payload{};
  std::string_view message_type{};  ///< The text of `:message-type`, or empty.
  std::string_view event_type{};    ///< The text of `:event-type`, or empty.
  /// The text of a string header, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Takes an event stream apart: fed by pieces of any size, it gives one message at a time, so that
/// the first is in use before the next is looked at. After an error it stays in error: `next` and
/// `finish` repeat it. Used by one thread at a time.
class EventStreamDecoder {
 public:
  EventStreamDecoder() = default;
  EventStreamDecoder(const EventStreamDecoder&) = delete;
  EventStreamDecoder& operator=(const EventStreamDecoder&) = delete;
  ~EventStreamDecoder() = default;

  /// `bytes` are not copied, and must live until `next` has given null.
  /// Requires: `next` has given everything before them.
  void feed(std::string_view bytes);

  /// The next message, or null when it is not whole yet. It lives until this is called again.
  /// Errors: stream_error that says which check failed and at which byte of the stream.
  [[nodiscard]] Result<const EventMessage*> next();

  /// To be called at the end of the body, when `next` has given everything.
  /// Errors: stream_error when it ends inside a message.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Damage;

  bool fail(const Damage& damage);
  [[nodiscard]] std::size_t wanted(std::string_view bytes);
  [[nodiscard]] bool take(std::string_view message);
  [[nodiscard]] bool decode(std::string_view message);
  [[nodiscard]] bool read_headers(std::string_view section);

  std::string_view rest_;             ///< What has been fed and not been read.
  std::string beginning_;             ///< Of a message that began in what was fed before `rest_`.
  bool beginning_is_read_ = false;    ///< It was the last message.
  std::size_t message_bytes_ = 0;     ///< Of the next message; 0 before its prelude is checked.
  std::string section_;               ///< The header section of the last message.
  std::vector<EventHeader> headers_;  ///< What is in it; views of `section_`.
  EventMessage message_;              ///< The last message.
  std::uint64_t consumed_ = 0;        ///< Bytes of the messages before the next.
  std::string failure_;               ///< The error's message; empty: none.
};

/// Appends one message with string headers. For servers and tests.
/// Requires: names of 1 to 255 bytes that differ, values of at most kMaxHeaderValueBytes, and
/// headers and payload within their limits.
void append_event_message(std::span<const std::pair<std::string_view, std::string_view>> headers,
                          std::string_view payload, std::string& out);

}  // namespace llm::aws
