#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ListFoundationModels: every model that passes `byProvider`, `byOutputModality`,
/// `byInferenceType` and `byCustomizationType` of the query.
[[nodiscard]] Checked<Reply> list_foundation_models(std::string_view query,
                                                    std::string_view region);

/// GetFoundationModel for an id or a foundation-model ARN.
[[nodiscard]] Checked<Reply> get_foundation_model(std::string_view identifier,
                                                  std::string_view region);

/// GetFoundationModelAvailability for an id: every model is available.
[[nodiscard]] Checked<Reply> get_foundation_model_availability(std::string_view identifier);

}  // namespace llm::local
