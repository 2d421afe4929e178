#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <llm/transport.hpp>

namespace llm::aws {

/// An error as a service sent it, before it has a meaning. Every text in it is safe to log.
struct ServiceError {
  int status = 0;                  ///< HTTP status; 0 for an error that came inside a stream.
  std::string code{};              ///< `ThrottlingException`; empty when none could be read.
  std::string message{};           ///< As `safe_message` leaves it; empty when there was none.
  std::string request_id{};        ///< Empty when there was none.
  int original_status = 0;         ///< `originalStatusCode` of model errors, else 0.
  std::string original_message{};  ///< `originalMessage` of model errors.
  std::string resource_name{};     ///< `resourceName` of model errors.
  /// x-amz-retry-after (ms), else Retry-After; never negative.
  std::optional<std::chrono::milliseconds> retry_after{};
};

/// Reads a restJson1 error: name from `x-amzn-errortype`, body `code`, body `__type`; message from
/// `message` or `Message`. An empty or HTML body is no failure: the message is then its first 200
/// bytes. `now` is for a Retry-After date.
/// Source: Smithy restJson1 protocol, "Operation error serialization".
[[nodiscard]] ServiceError read_json_error(const HttpResponseHead& head, std::string_view body,
                                           std::chrono::system_clock::time_point now);

/// An error document in the body of a success, or nullopt when it is none. A wrong host answers 200
/// with `{"Output":{"__type":"...#UnknownOperationException"}}`. Parses the whole body: for bodies
/// that were not understood otherwise.
[[nodiscard]] std::optional<ServiceError> read_error_in_success(
    const HttpResponseHead& head, std::string_view body, std::chrono::system_clock::time_point now);

/// Reads an exception or error message of an event stream: its name and JSON payload (or the text
/// of `:error-message`). Streams write `throttlingException`; `code` has it as the HTTP error is
/// called, `ThrottlingException`.
[[nodiscard]] ServiceError read_stream_error(std::string_view name, std::string_view payload,
                                             std::string_view request_id);

/// Cuts a name as it stands on the wire (`a.b#Name:http://...`, `Name,x`) to `Name`.
[[nodiscard]] std::string_view error_name(std::string_view wire);

/// The message without what it quotes of a signature's input or an Authorization header (they hold
/// the session token), without control characters, valid UTF-8, and at most 2,000 bytes long.
[[nodiscard]] std::string safe_message(std::string_view message);

/// Whether a text repeats a secret, be it only in part because the text was cut: the secret's first
/// 16 bytes tell.
/// Requires: the secret is not empty.
[[nodiscard]] bool repeats_secret(std::string_view text, std::string_view secret);

/// The id that the service gave a request, as it can be printed; empty when it gave none.
[[nodiscard]] std::string request_id(const HttpResponseHead& head);

}  // namespace llm::aws
