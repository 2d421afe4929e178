#pragma once

#include <optional>

#include <llm/chat.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// The cost of a response in US dollars, at the catalogue's on-demand price of the standard tier.
/// nullopt when a price is unknown (never zero), or when `details` report another tier or optimized
/// latency. Pure.
[[nodiscard]] std::optional<double> cost_of(const ModelId& model, const Usage& usage,
                                            const ResponseDetails& details);

}  // namespace llm::bedrock
