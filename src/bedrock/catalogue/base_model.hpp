#pragma once

#include <span>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// Takes a user's word for the base model behind an identifier that does not tell it. `base_model`
/// may carry a profile's prefix, which decides the price. Pure. Facts as `parse_model_id`.
/// Errors: configuration_error when the catalogue does not know `base_model`, or knows `id` as
/// another model.
[[nodiscard]] Result<void> name_base_model(ModelId& id, std::string_view base_model,
                                           const CatalogueOverlay* overlay);

/// Takes the service's word: the ARNs of the models that an inference profile routes to. Pure.
/// False, and `id` as it was, when they are not all of one base model that can be told.
[[nodiscard]] bool take_base_model(ModelId& id, std::span<const std::string> model_arns,
                                   const CatalogueOverlay* overlay);

}  // namespace llm::bedrock
