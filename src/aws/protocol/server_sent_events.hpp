#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "aws/protocol/event_stream.hpp"

namespace llm::aws {

/// Decodes server-sent events (`text/event-stream`), with the interface of EventStreamDecoder:
/// takes bytes in chunks of any size and returns one event at a time, each as a message of type
/// `event` whose `event_type` is the field `event`, else `message`, and whose payload are the lines
/// of `data`. Ignores comments and the fields `id` and `retry`; an event without data is no event.
/// After an error `next` and `finish` repeat that error. Used by one thread at a time.
/// Source: WHATWG HTML, "Server-sent events", interpreting an event stream.
class ServerSentEventDecoder {
 public:
  ServerSentEventDecoder() = default;
  ServerSentEventDecoder(const ServerSentEventDecoder&) = delete;
  ServerSentEventDecoder& operator=(const ServerSentEventDecoder&) = delete;
  ~ServerSentEventDecoder() = default;

  /// Borrows `bytes`, which must live until `next` returns null.
  /// Requires: `next` has returned null since the last call.
  void feed(std::string_view bytes) { rest_ = bytes; }

  /// The next event, or null when it is not complete yet. It lives until the next call.
  /// Errors: stream_error when an event is larger than kMaxPayloadBytes.
  [[nodiscard]] Result<const EventMessage*> next();

  /// Checks the end of the body. Requires: `next` has returned null.
  /// Errors: stream_error when the body ends inside an event or a line.
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] bool take_line(std::string_view& line);
  void on_line(std::string_view line);
  [[nodiscard]] bool is_too_large(std::string_view more) const;
  [[nodiscard]] Error too_large() const;

  std::string_view rest_;       ///< Fed but not decoded yet.
  std::string line_;            ///< A line that began before `rest_`, as far as it is there.
  std::string data_;            ///< Of the current event, each line with its line feed.
  std::string type_;            ///< Of the current event.
  EventMessage message_;        ///< The last event; views of `data_` and `type_`.
  bool is_handed_out_ = false;  ///< `data_` and `type_` are those of the last event.
  bool is_line_taken_ = false;  ///< `line_` was the last line.
  bool after_return_ = false;   ///< A line feed at the start of `rest_` belongs to the last line.
  bool has_begun_ = false;      ///< A byte order mark can no longer come.
  bool has_failed_ = false;
};

}  // namespace llm::aws
