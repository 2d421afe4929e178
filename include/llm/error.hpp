#pragma once

#include <llm/cxx23.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace llm {

/// What went wrong, as a class that a program can act on. `to_string` gives the wire word, for
/// example `rate_limit_error`. docs/errors.md has the table from each AWS error to its code.
enum class ErrorCode {
  authentication_error,  ///< No, foreign, expired or malformed credentials; bad signature; clock.
  permission_error,      ///< IAM or an organisation's policy denies the action.
  model_not_found,   ///< Unknown model, access not granted, end of life, region, needs a profile.
  rate_limit_error,  ///< Throttling: wait and try again.
  quota_exceeded_error,     ///< A service quota is used up.
  model_not_ready,          ///< The model is warming up.
  invalid_request_error,    ///< The service refused the request.
  context_length_exceeded,  ///< Too long for the model.
  unsupported_feature,      ///< Refused before the network: the model or wire form cannot carry it.
  model_error,              ///< The model failed or its output is malformed.
  server_error,             ///< 5xx.
  connection_error,         ///< DNS, connect, TLS, or a reset before an answer.
  timeout_error,        ///< Connect, first byte, idle or total limit; the service's model timeout.
  stream_error,         ///< A damaged, truncated or unintelligible stream.
  cancelled,            ///< The caller's stop token.
  configuration_error,  ///< Bad option, profile, region or endpoint; unreadable input file.
  internal_error,       ///< A defect of this library, or output that cannot be written.
};

/// The stable lower-case word of a code. Never fails; safe from any thread.
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// The one error of this library. Holds no secret, prompt or answer, so it can be logged whole.
struct Error {
  ErrorCode code = ErrorCode::internal_error;
  std::string message{};  ///< What happened, to what: whole sentences, one paragraph, UTF-8.
  std::string advice{};   ///< What to do about it, likewise; empty when there is nothing to say.
  std::string type{};   ///< The class of the failure, see `error_type`. Empty: derived from `code`.
  int status_code = 0;  ///< HTTP status of the answer, 0 when there was none.
  std::string service_code{};  ///< The service's own name as received, e.g. `ThrottlingException`.
  std::string request_id{};    ///< The service's request id, empty when there was none.
  int attempts = 0;            ///< Requests sent, 0 when none was.
  bool retryable = false;      ///< The same call may succeed later.
  friend bool operator==(const Error&, const Error&) = default;
};

/// Broad class of a code, used as `Error::type`: `authentication`, `permission`, `rate_limit`,
/// `invalid_request`, `model`, `server`, `connection`, `configuration`, `cancelled` or `internal`.
[[nodiscard]] std::string_view error_type(ErrorCode code);

/// An error with `type` filled in from its code.
[[nodiscard, gnu::cold]] Error make_error(ErrorCode code, std::string message,
                                          std::string advice = {});

/// Result of anything that can fail. Check it before `*` or `->`: with libstdc++ an unchecked
/// access is only caught when _GLIBCXX_ASSERTIONS is defined.
template <typename T>
using Result = std::expected<T, Error>;

}  // namespace llm
