#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "bedrock/catalogue/overlay.hpp"
#include "bedrock/control/control_plane.hpp"

namespace llm::bedrock {

/// Every model of the catalogue, sorted by base id; those of the overlay replace built-in ones.
/// They live as long as the overlay.
[[nodiscard]] std::vector<const ModelFacts*> every_model(const CatalogueOverlay* overlay);

/// The catalogue as seen from a region on a day (`2026-11-30`), without a request.
[[nodiscard]] std::vector<ListedModel> known_from(std::string_view region, std::string_view today,
                                                  const CatalogueOverlay* overlay);

/// What the service lists for a region.
struct ServiceListing {
  std::vector<FoundationModel> models{};
  std::optional<std::vector<InferenceProfile>> profiles{};  ///< nullopt: could not be listed.
};

/// The catalogue joined with the service's listing, which takes precedence. Has the models that
/// only one of them knows, too.
[[nodiscard]] std::vector<ListedModel> join(std::string_view region, std::string_view today,
                                            const CatalogueOverlay* overlay,
                                            const ServiceListing& service);

}  // namespace llm::bedrock
