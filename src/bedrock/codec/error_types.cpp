#include "bedrock/codec/error_types.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "aws/protocol/service_error.hpp"
#include "bedrock/codec/service_wordings.hpp"

namespace llm::bedrock {

Error reported_error(const json::Value& object) {
  const std::string name = object[object["code"].is_string() ? "code" : "type"].text_or_empty();
  const std::string reported = aws::safe_message(object["message"].text_or_empty());
  const auto* const type = std::ranges::find(kErrorTypes, name, &ErrorType::name);
  const bool is_known = type != kErrorTypes.end();
  const auto condition = condition_of(reported);
  const bool is_too_long = condition == Condition::context_overflow ||
                           condition == Condition::context_overflow_with_limit;
  std::string message = "The model reported an error";
  message += reported.empty() ? "." : ": " + reported;
  Error error = make_error(is_known ? type->code : ErrorCode::model_error, std::move(message));
  error.service_code = aws::safe_message(name);
  error.retryable = is_known && type->retryable && !is_too_long;
  if (error.retryable) error.advice = "Try again later.";
  if (is_too_long) {
    error.code = ErrorCode::context_length_exceeded;
    error.advice = condition == Condition::context_overflow ? kShorten : kShortenOrLowerLimit;
  }
  return error;
}

}  // namespace llm::bedrock
