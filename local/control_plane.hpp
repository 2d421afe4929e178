#pragma once

#include <string_view>

#include "local/exchange.hpp"
#include "local/refusal.hpp"

namespace llm::local {

/// ListFoundationModels: every model served, narrowed by `byProvider`, `byOutputModality`,
/// `byInferenceType` and `byCustomizationType` of the query.
[[nodiscard]] Checked<Reply> list_foundation_models(std::string_view query,
                                                    std::string_view region);

/// GetFoundationModel for an id or a foundation-model ARN.
[[nodiscard]] Checked<Reply> get_foundation_model(std::string_view identifier,
                                                  std::string_view region);

}  // namespace llm::local
