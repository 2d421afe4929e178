#pragma once

#include <stop_token>

#include <llm/bedrock/models.hpp>
#include <llm/error.hpp>

#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {

/// `known_models` over resolved settings.
[[nodiscard]] ModelListing known_models(const ProviderConfig& config);

/// `served_models` over resolved settings.
[[nodiscard]] Result<ModelListing> served_models(const ProviderConfig& config,
                                                 std::stop_token stop);

}  // namespace llm::bedrock
