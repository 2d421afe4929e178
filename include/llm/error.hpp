#pragma once

#include <llm/cxx23.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace llm {

/// The kind of a failure, for programs to act on. `to_string` returns its stable name, for example
/// `rate_limit_error`. docs/errors.md maps each AWS error to its code.
enum class ErrorCode {
  authentication_error,     ///< Credentials missing, invalid or expired; signature mismatch; clock
                            ///< skew.
  permission_error,         ///< IAM or an organisation policy denies the action.
  model_not_found,          ///< Unknown model, access not granted, past its end of life, not in the
                            ///< region, or available through an inference profile only.
  rate_limit_error,         ///< Throttled: wait and try again.
  quota_exceeded_error,     ///< A service quota is exhausted.
  model_not_ready,          ///< The model is still warming up.
  invalid_request_error,    ///< The service refused the request.
  context_length_exceeded,  ///< The request is too long for the model.
  unsupported_feature,      ///< Refused before it is sent: the model or its wire format lacks it.
  model_error,              ///< The model failed, or its output is malformed.
  server_error,             ///< HTTP status 5xx.
  connection_error,  ///< DNS, connect or TLS failed, or the connection broke before a response.
  timeout_error,  ///< A connect, first-byte, idle or total limit; the service's own model timeout.
  stream_error,   ///< The stream is damaged, truncated or cannot be decoded.
  cancelled,      ///< The caller's stop token was triggered.
  configuration_error,  ///< Invalid option, profile, region or endpoint; unreadable input file.
  internal_error,       ///< A bug in this library, or output that cannot be written.
};

/// The stable lower-case name of a code. Static text; safe to call from any thread.
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// The one error type of this library. Contains no secret, prompt or completion, so it can be
/// logged in full.
struct Error {
  ErrorCode code = ErrorCode::internal_error;
  /// What happened, to what: whole sentences, UTF-8. A list has one item per line.
  std::string message{};
  std::string advice{};        ///< What to do about it, whole sentences too; may be empty.
  std::string type{};          ///< The broad class, see `error_type`. Empty: derived from `code`.
  int status_code = 0;         ///< HTTP status of the response; 0 if there was none.
  std::string service_code{};  ///< The error's name as received, e.g. `ThrottlingException`.
  std::string request_id{};    ///< The service's request id; empty if there was none.
  int attempts = 0;            ///< Number of requests sent; 0 if none was.
  bool retryable = false;      ///< The same call may succeed later.
  friend bool operator==(const Error&, const Error&) = default;
};

/// Broad class of a code, used as `Error::type`: `authentication`, `permission`, `rate_limit`,
/// `invalid_request`, `model`, `server`, `connection`, `configuration`, `cancelled` or `internal`.
[[nodiscard]] std::string_view error_type(ErrorCode code);

/// An error with `type` derived from its code.
[[nodiscard, gnu::cold]] Error make_error(ErrorCode code, std::string message,
                                          std::string advice = {});

/// A value or an Error. Check it before using `*` or `->`: libstdc++ catches an unchecked access
/// only if _GLIBCXX_ASSERTIONS is defined.
template <typename T>
using Result = std::expected<T, Error>;

}  // namespace llm
