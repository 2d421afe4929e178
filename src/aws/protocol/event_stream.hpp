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
/// The two lengths and their checksum, before the headers.
inline constexpr std::size_t kPreludeBytes = 12;
/// A frame without headers and payload: the prelude and the checksum of the frame.
inline constexpr std::size_t kMinMessageBytes = 16;
inline constexpr std::size_t kMaxMessageBytes =
    kMinMessageBytes + kMaxHeaderBytes + kMaxPayloadBytes;

/// A header. Bedrock uses strings only; values of other types are kept as raw bytes.
struct EventHeader {
  std::string_view name{};
  std::uint8_t type = 7;     ///< The wire value; 7 is a string.
  std::string_view value{};  ///< The raw bytes; for type 7 valid UTF-8.
};

/// One decoded frame (a "message" in the specification). Its views live until the next call of the
/// decoder.
struct EventMessage {
  std::span<const EventHeader> headers{};
  std::string_view payload{};
  std::string_view message_type{};  ///< The text of `:message-type`, or empty.
  std::string_view event_type{};    ///< The text of `:event-type`, or empty.
  /// The text of a string header, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Decodes an event stream. Takes bytes in chunks of any size and returns one frame at a time; a
/// frame is not examined before `next` gets to it. After an error `next` and `finish` repeat that
/// error. Used by one thread at a time.
class EventStreamDecoder {
 public:
  EventStreamDecoder() = default;
  EventStreamDecoder(const EventStreamDecoder&) = delete;
  EventStreamDecoder& operator=(const EventStreamDecoder&) = delete;
  ~EventStreamDecoder() = default;

  /// Borrows `bytes`, which must live until `next` returns null.
  /// Requires: `next` has returned null since the last call.
  void feed(std::string_view bytes);

  /// The next frame, or null when it is not complete yet. It lives until the next call.
  /// Errors: stream_error that names the failed check and the byte of the stream.
  [[nodiscard]] Result<const EventMessage*> next();

  /// Checks the end of the body. Requires: `next` has returned null.
  /// Errors: stream_error when the body ends inside a frame.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Damage;

  bool fail(const Damage& damage);
  [[nodiscard]] std::size_t required_bytes(std::string_view bytes);
  [[nodiscard]] bool take(std::string_view message);
  [[nodiscard]] bool decode(std::string_view message);
  [[nodiscard]] bool read_headers(std::string_view section);

  std::string_view rest_;             ///< Fed but not decoded yet.
  std::string partial_;               ///< A frame that began before `rest_`, as far as it is there.
  bool partial_is_decoded_ = false;   ///< `partial_` was the last frame.
  std::size_t frame_bytes_ = 0;       ///< Size of the next frame; 0 before its prelude is checked.
  std::string section_;               ///< The header section of the last frame.
  std::vector<EventHeader> headers_;  ///< Its headers; views of `section_`.
  EventMessage message_;              ///< The last frame.
  std::uint64_t consumed_ = 0;        ///< Bytes of all frames before the next.
  std::string failure_;               ///< The message of the error; empty: none.
};

/// Appends one frame with string headers. For servers and tests.
/// Requires: distinct names of 1 to 255 bytes, values of at most kMaxHeaderValueBytes, headers and
/// payload within their limits.
void append_event_message(std::span<const std::pair<std::string_view, std::string_view>> headers,
                          std::string_view payload, std::string& out);

}  // namespace llm::aws
