#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <llm/transport.hpp>

namespace llm::aws {

/// An error as a service sent it, before it has a meaning.
struct ServiceError {
  int status = 0;
  std::string code{};  ///< `ThrottlingException`; empty when none could be read.
  std::string
      message{};  ///< Cut before a quoted canonical request; at most 2,000 bytes; printable UTF-8.
  std::string request_id{};
  int original_status = 0;      ///< `originalStatusCode` of model errors, else 0.
  std::string resource_name{};  ///< `resourceName` of model errors.
  std::optional<std::chrono::milliseconds>
      retry_after{};  ///< x-amz-retry-after (ms), else Retry-After.
};

/// Reads a restJson1 error: name from `x-amzn-errortype`, body `code`, body `__type`; message from
/// `message` or `Message`. An empty or HTML body is no failure. `now` is for a Retry-After date.
/// Source: Smithy restJson1 protocol, "Operation error serialization".
[[nodiscard]] ServiceError read_json_error(const HttpHead& head, std::string_view body,
                                           std::chrono::system_clock::time_point now);

/// Reads an exception or error message of an event stream: its name and JSON payload.
[[nodiscard]] ServiceError read_stream_error(std::string_view name, std::string_view payload,
                                             std::string_view request_id);

/// Cuts a name as it stands on the wire (`a.b#Name:http://...`, `Name,x`) to `Name`.
[[nodiscard]] std::string_view error_name(std::string_view wire);

/// The message without a quoted canonical request or string to sign (they hold the session token),
/// without control bytes, and at most 2,000 bytes long.
[[nodiscard]] std::string safe_message(std::string_view message);

}  // namespace llm::aws
