#pragma once

#include <stop_token>

#include <llm/bedrock/doctor.hpp>

#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {

/// The settings alone.
[[nodiscard]] Diagnosis describe(const ProviderConfig& config);

/// The settings, and what the service says to a client that has them.
[[nodiscard]] Diagnosis diagnose(const ProviderConfig& config, std::stop_token stop);

}  // namespace llm::bedrock
