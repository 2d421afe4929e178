#pragma once

#include <optional>

#include <llm/chat.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// US dollars for an answer at the catalogue's on-demand price of the standard tier. nullopt when
/// the price of anything that was used is unknown: unknown is never zero. So it is when `details`
/// say that another tier or optimized latency answered. Pure.
[[nodiscard]] std::optional<double> cost_of(const ModelId& model, const Usage& usage,
                                            const ResponseDetails& details);

}  // namespace llm::bedrock
