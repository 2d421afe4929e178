#pragma once

#include <optional>

#include <llm/chat.hpp>

#include "bedrock/catalogue.hpp"

namespace llm::bedrock {

/// US dollars for an answer at the catalogue's on-demand price. nullopt when the price of anything
/// that was used is unknown: unknown is never zero. Pure.
[[nodiscard]] std::optional<double> cost_of(const ModelId& model, const Usage& usage);

}  // namespace llm::bedrock
