#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <llm/error.hpp>

namespace llm::base {

// Every error has one form: `message` says what happened, to what; `advice` says what to do. Both
// are whole sentences with a capital letter and a full stop; tools/check_messages reads them. The
// common kinds are worded here, once.

/// The error `configuration_error`, ready to be returned.
[[nodiscard, gnu::cold]] inline std::unexpected<Error> configuration_error(
    std::string message, std::string advice = {}) {
  return std::unexpected(
      make_error(ErrorCode::configuration_error, std::move(message), std::move(advice)));
}

/// `internal_error`: "SUBJECT threw an exception", and which. Requires: called in a catch clause.
[[nodiscard, gnu::cold]] Error thrown_by(std::string_view subject);

/// `cancelled`: "SUBJECT was cancelled." The subject begins with a capital letter.
[[nodiscard, gnu::cold]] Error cancelled(std::string_view subject);

/// The time limits of a call or an exchange.
enum class TimeLimit {
  connect,     ///< The subject is the host.
  first_byte,  ///< The subject is the host.
  idle,        ///< The subject is the host, which sent nothing.
  upload,      ///< The subject is the host, which accepted nothing more of the request.
  refusal,     ///< The subject is the host, whose error response did not end.
  total,       ///< The subject is the operation, or `The request to HOST`.
};

/// `timeout_error` with the text of that limit. `limit` is the limit as set, not the time that was
/// left of it.
[[nodiscard, gnu::cold]] Error time_limit_passed(TimeLimit kind, std::string_view subject,
                                                 std::chrono::milliseconds limit);

/// Puts what was attempted in front of a message: "CONTEXT: The connection was reset."
[[gnu::cold]] void add_context(std::string_view context, Error& error);

/// Appends a sentence to a message.
[[gnu::cold]] void add_sentence(std::string_view sentence, Error& error);

/// Appends a sentence to the advice.
[[gnu::cold]] void add_advice(std::string_view sentence, Error& error);

}  // namespace llm::base
