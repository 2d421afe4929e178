#pragma once

#include <span>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// Sets the base model of an identifier that does not name one, as given by the user. A profile
/// prefix in `base_model` decides the price. Pure. Facts: see `parse_model_id`. Errors:
/// configuration_error when `base_model` is not in the catalogue, or `id` is another model.
[[nodiscard]] Result<void> name_base_model(ModelId& id, std::string_view base_model,
                                           const CatalogueOverlay* overlay);

/// Sets the base model from the ARNs of the models that an inference profile routes to, as listed
/// by the service. Pure. Returns false and leaves `id` unchanged unless all name one base model.
[[nodiscard]] bool take_base_model(ModelId& id, std::span<const std::string> model_arns,
                                   const CatalogueOverlay* overlay);

}  // namespace llm::bedrock
