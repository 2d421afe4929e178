#pragma once

#include <stop_token>

#include <llm/bedrock/doctor.hpp>

#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {

/// The settings, without a request.
[[nodiscard]] Diagnosis describe(const ProviderConfig& config);

/// The settings, and how the service responds to a client with them.
[[nodiscard]] Diagnosis diagnose(const ProviderConfig& config, std::stop_token stop);

}  // namespace llm::bedrock
