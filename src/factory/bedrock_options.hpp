#pragma once

#include <llm/bedrock/client.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

namespace llm::factory {

/// Converts a configuration of the provider `bedrock` to typed options.
/// Errors: configuration_error for an unknown key of `extra`, a bad value, or two different
/// endpoints.
[[nodiscard]] Result<bedrock::Options> bedrock_options(const ClientConfig& config);

}  // namespace llm::factory
