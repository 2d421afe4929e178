#pragma once

#include <string>

#include <llm/error.hpp>

#include "aws/protocol/service_error.hpp"
#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// What was attempted, for the message of an error.
struct ErrorContext {
  std::string operation{};  ///< `InvokeModel`, `ConverseStream`, `ListFoundationModels`, ...
  std::string region{};
  const ModelId* model = nullptr;  ///< Null for an operation without a model.
  bool bearer = false;             ///< The call carried a Bedrock API key, not a signature.
  bool is_length_open = false;     ///< A chat without max_tokens.
  std::string today{};             ///< `2026-11-30`; empty: dates do not count.
};

/// `ConverseStream of "us.amazon.nova-lite-v1:0" in us-east-1`, as far as it is known.
[[nodiscard]] std::string subject_of(const ErrorContext& context);

/// The error of this library for an AWS error; `attempts` is the caller's to fill in. Serves
/// responses and exceptions inside a stream alike. The one place where AWS errors get their
/// meaning; docs/errors.md is its table.
[[nodiscard]] Error to_error(const aws::ServiceError& error, const ErrorContext& context);

}  // namespace llm::bedrock
