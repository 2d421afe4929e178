#pragma once

#include <chrono>
#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>

namespace llm::aws {

/// The longest lifetime of a short-term API key. Source: Bedrock User Guide, "API keys".
inline constexpr std::chrono::seconds kMaxApiKeyLifetime = std::chrono::hours(12);

/// A short-term Bedrock API key for `region`: a presigned URL, made without the network. It stops
/// working when `lifetime` has passed since `now`, or earlier with the credentials. Pure.
/// Errors: configuration_error when the region is empty or not a region (`aws-global`, or what
/// cannot be part of a host name), the credentials are incomplete, or the lifetime is not from one
/// second to kMaxApiKeyLifetime.
[[nodiscard]] Result<Secret> short_term_api_key(const Credentials& credentials,
                                                std::string_view region,
                                                std::chrono::seconds lifetime,
                                                std::chrono::system_clock::time_point now);

}  // namespace llm::aws
