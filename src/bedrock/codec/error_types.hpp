#pragma once

#include <array>
#include <string_view>

#include <llm/error.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// A type of error that a model reports in its own format, as the body of a response or inside a
/// stream.
struct ErrorType {
  std::string_view name;
  ErrorCode code;
  bool retryable = false;
};

/// All of them. Sources: Anthropic API reference, "Errors"; OpenAI API reference, "Error codes";
/// the last two as bedrock-mantle sends them (NousResearch/hermes-agent#52316 and #87190).
inline constexpr auto kErrorTypes = std::to_array<ErrorType>({
    {"invalid_request_error", ErrorCode::invalid_request_error},
    {"authentication_error", ErrorCode::authentication_error},
    {"billing_error", ErrorCode::quota_exceeded_error},
    {"permission_error", ErrorCode::permission_error},
    {"not_found_error", ErrorCode::model_not_found},
    {"request_too_large", ErrorCode::invalid_request_error},
    {"rate_limit_error", ErrorCode::rate_limit_error, true},
    {"timeout_error", ErrorCode::timeout_error, true},
    {"api_error", ErrorCode::server_error, true},
    {"overloaded_error", ErrorCode::server_error, true},
    {"context_length_exceeded", ErrorCode::context_length_exceeded},
    {"insufficient_quota", ErrorCode::quota_exceeded_error},
    {"model_not_found", ErrorCode::model_not_found},
    {"rate_limit_exceeded", ErrorCode::rate_limit_error, true},
    {"server_error", ErrorCode::server_error, true},
    {"validation_error", ErrorCode::invalid_request_error},
    {"invalid_api_key", ErrorCode::authentication_error},
});

/// The error in a member `error` of a body or an event: `{"type", "message"}` of Anthropic,
/// `{"code", "message", "type"}` of OpenAI. model_error for an unknown type.
[[nodiscard]] Error reported_error(const json::Value& object);

}  // namespace llm::bedrock
