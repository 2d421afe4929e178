#pragma once

#include <cstddef>
#include <cstdint>
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

/// One message. Views live during `EventStreamDecoder::Handler::on_message` only.
struct EventMessage {
  std::span<const EventHeader> headers{};
  std::string_view payload{};
  /// The text of a string header, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Takes an event stream apart, fed by pieces of any size. A message that lies whole in one piece
/// is handed out without a copy. After an error it stays in error: `feed` and `finish` repeat it.
/// Used by one thread at a time.
class EventStreamDecoder {
 public:
  EventStreamDecoder() = default;
  EventStreamDecoder(const EventStreamDecoder&) = delete;
  EventStreamDecoder& operator=(const EventStreamDecoder&) = delete;
  ~EventStreamDecoder() = default;

  class Handler {
   public:
    virtual ~Handler() = default;
    /// False ends decoding for good: what follows, in this piece and in later ones, is dropped.
    virtual bool on_message(const EventMessage& message) = 0;
  };

  /// Errors: stream_error that says which check failed and at which byte of the stream.
  [[nodiscard]] Result<void> feed(std::string_view bytes, Handler& handler);

  /// To be called at the end of the body.
  /// Errors: stream_error when it ends inside a message.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Damage;
  enum class State : std::uint8_t { decoding, stopped, failed };

  [[nodiscard]] Result<void> fail(const Damage& damage);
  [[nodiscard]] Result<void> feed_pending(std::string_view& bytes, Handler& handler);
  [[nodiscard]] Result<void> decode(std::string_view message, Handler& handler);
  [[nodiscard]] Result<void> read_headers(std::string_view section);

  std::string pending_;           ///< The beginning of a message that is not whole yet.
  std::size_t pending_size_ = 0;  ///< How long that message is; 0 before its prelude is checked.
  std::string section_;           ///< The header section of the last message.
  std::vector<EventHeader> headers_;  ///< What is in it; views of `section_`.
  std::uint64_t consumed_ = 0;        ///< Bytes of the messages before the one at hand.
  State state_ = State::decoding;
  std::string failure_;  ///< The message of the error, in State::failed.
};

/// Appends one message with string headers. For servers and tests.
/// Requires: names of 1 to 255 bytes that differ, values of at most kMaxHeaderValueBytes, and
/// headers and payload within their limits.
void append_event_message(std::span<const std::pair<std::string_view, std::string_view>> headers,
                          std::string_view payload, std::string& out);

}  // namespace llm::aws
