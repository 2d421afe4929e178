#include "base/errors.hpp"

#include <exception>

namespace llm::base {
namespace {

std::string in_ms(std::chrono::milliseconds limit) { return std::to_string(limit.count()) + " ms"; }

Error limit_error(std::string message, std::string advice) {
  return make_error(ErrorCode::timeout_error, std::move(message), std::move(advice));
}

void append_sentence(std::string_view sentence, std::string& text) {
  if (!text.empty()) text += ' ';
  text += sentence;
}

}  // namespace

Error thrown_by(std::string_view subject) {
  std::string message = std::string(subject) + " threw an exception";
  try {
    throw;
  } catch (const std::exception& thrown) {
    message += std::string(": ") + thrown.what();
  } catch (...) {
    message += " that is not a std::exception";
  }
  return make_error(ErrorCode::internal_error, message + ".");
}

Error cancelled(std::string_view subject) {
  return make_error(ErrorCode::cancelled, std::string(subject) + " was cancelled.");
}

Error time_limit_passed(TimeLimit kind, std::string_view subject, std::chrono::milliseconds limit) {
  const std::string what(subject);
  switch (kind) {
    case TimeLimit::connect:
      return limit_error(
          "Could not connect to " + what + " within " + in_ms(limit) + " (connect limit).",
          "Check the network, the proxy and the region.");
    case TimeLimit::first_byte:
      return limit_error("The host " + what + " sent no response within " + in_ms(limit) +
                             " (first-byte limit). The request may have been carried out.",
                         "Raise the limit if the model needs longer.");
    case TimeLimit::idle:
      return limit_error("The host " + what + " sent nothing for " + in_ms(limit) +
                             " in the middle of a response (idle limit).",
                         "Raise the limit if the model pauses for longer.");
    case TimeLimit::upload:
      return limit_error("The host " + what + " accepted no more of the request for " +
                             in_ms(limit) + " (idle limit).",
                         "Check the network and the endpoint, or raise the limit.");
    case TimeLimit::refusal:
      return limit_error(
          "The error response of the host " + what + " did not end within " + in_ms(limit) + ".",
          "Check the endpoint, and any proxy between here and it.");
    case TimeLimit::total:
      return limit_error(what + " did not finish within " + in_ms(limit) + " (time limit).",
                         "Raise the timeout, or ask for a shorter completion.");
  }
  return make_error(ErrorCode::internal_error, "Unknown time limit.");
}

void add_context(std::string_view context, Error& error) {
  error.message = std::string(context) + ": " + error.message;
}

void add_sentence(std::string_view sentence, Error& error) {
  append_sentence(sentence, error.message);
}

void add_advice(std::string_view sentence, Error& error) {
  append_sentence(sentence, error.advice);
}

}  // namespace llm::base
