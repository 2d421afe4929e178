#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "aws/service_error.hpp"
#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// What was attempted, for the message of an error.
struct ErrorContext {
  std::string operation{};  ///< `InvokeModel`, `ConverseStream`, `ListFoundationModels`, ...
  std::string region{};
  const ModelId* model = nullptr;  ///< Null: the operation is about no one model.
  bool bearer = false;             ///< The call carried a Bedrock API key, not a signature.
};

/// What an AWS error means: what happened, and what to do about it.
struct Meaning {
  ErrorCode code = ErrorCode::invalid_request_error;
  std::string what{};    ///< UnsignedRequest, model, region, and the service's words.
  std::string advice{};  ///< Whole sentences; empty: the service's words say it all.
};

/// The one place where an AWS error gets its meaning; docs/errors.md is its table. Serves answers
/// and exceptions inside a stream alike.
[[nodiscard]] Meaning meaning_of(const aws::ServiceError& error, const ErrorContext& context);

/// The meaning as an Error. `attempts` is the caller's.
[[nodiscard]] Error to_error(const aws::ServiceError& error, const ErrorContext& context);

}  // namespace llm::bedrock
