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

/// `cancelled`: "SUBJECT was cancelled." The subject begins with a capital letter.
[[nodiscard, gnu::cold]] Error cancelled(std::string_view subject);

/// The limits of time that a call or an exchange can pass.
enum class TimeLimit {
  connect,     ///< SUBJECT is the host.
  first_byte,  ///< SUBJECT is the host.
  idle,        ///< SUBJECT is the host: nothing came from it.
  upload,      ///< SUBJECT is the host: it took nothing of the request.
  total,       ///< SUBJECT is the operation.
};

/// `timeout_error`, worded alike for each limit. `limit` is the limit as it was set, not what was
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
