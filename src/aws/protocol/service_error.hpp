#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <llm/transport.hpp>

namespace llm::aws {

/// An error as the service sent it, not interpreted yet. Every text in it is safe to log.
struct ServiceError {
  int status = 0;                  ///< HTTP status; 0 for an error inside a stream.
  std::string code{};              ///< `ThrottlingException`; empty when there is none.
  std::string message{};           ///< Passed through `safe_message`; empty when there was none.
  std::string request_id{};        ///< Empty when there was none.
  int original_status = 0;         ///< `originalStatusCode` of model errors, else 0.
  std::string original_message{};  ///< `originalMessage` of model errors.
  std::string resource_name{};     ///< `resourceName` of model errors.
  /// x-amz-retry-after (ms), else Retry-After; never negative.
  std::optional<std::chrono::milliseconds> retry_after{};
};

/// Reads a restJson1 error: the name from `x-amzn-errortype`, body `code` or body `__type`; the
/// message from `message` or `Message`. Of bedrock-mantle's errors, which are the member `error`,
/// it is `code` or `type` (NousResearch/hermes-agent#87190). Of any other body, such as HTML, the
/// message is the first 200 bytes. `now` is needed for a Retry-After date. Source: Smithy restJson1
/// protocol, "Operation error serialization".
[[nodiscard]] ServiceError read_json_error(const HttpResponseHead& head, std::string_view body,
                                           std::chrono::system_clock::time_point now);

/// The error document in the body of a success, or nullopt when it is something else. A wrong host
/// responds with status 200 and `{"Output":{"__type":"...#UnknownOperationException"}}`. Parses the
/// whole body: use it only for bodies that could not be decoded.
[[nodiscard]] std::optional<ServiceError> read_error_in_success(
    const HttpResponseHead& head, std::string_view body, std::chrono::system_clock::time_point now);

/// Reads an exception or error frame of an event stream: its name and JSON payload (or the text of
/// `:error-message`). Streams use `throttlingException`; `code` is the name of the HTTP error,
/// `ThrottlingException`.
[[nodiscard]] ServiceError read_stream_error(std::string_view name, std::string_view payload,
                                             std::string_view request_id);

/// Reduces an error name from the wire (`a.b#Name:http://...`, `Name,x`) to `Name`.
[[nodiscard]] std::string_view error_name(std::string_view wire);

/// The message without quotations of a signature's input or an Authorization header (they contain
/// the session token), without control characters, valid UTF-8, and at most 2,000 bytes long.
[[nodiscard]] std::string safe_message(std::string_view message);

/// Whether a text contains a secret, even if the text was cut: compares the first 16 bytes of the
/// secret.
/// Requires: the secret is not empty.
[[nodiscard]] bool repeats_secret(std::string_view text, std::string_view secret);

/// The service's id of the request, printable; empty when there is none.
[[nodiscard]] std::string request_id(const HttpResponseHead& head);

}  // namespace llm::aws
