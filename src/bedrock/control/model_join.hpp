#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "bedrock/catalogue/overlay.hpp"
#include "bedrock/control/control_plane.hpp"

namespace llm::bedrock {

/// Every model of the catalogue, an overlay's in place of the compiled-in, sorted by base id. They
/// live as long as the overlay.
[[nodiscard]] std::vector<const ModelFacts*> every_model(const CatalogueOverlay* overlay);

/// The catalogue as it is seen from a region, without asking anybody.
[[nodiscard]] std::vector<ListedModel> known_from(std::string_view region,
                                                  const CatalogueOverlay* overlay);

/// What the service said of a region.
struct Served {
  std::vector<FoundationModel> models{};
  std::optional<std::vector<InferenceProfile>> profiles{};  ///< nullopt: it did not tell them.
};

/// The same, joined with what the service said. Its word counts more than the catalogue's. A model
/// that only one of them knows is there too.
[[nodiscard]] std::vector<ListedModel> join(std::string_view region,
                                            const CatalogueOverlay* overlay, const Served& served);

}  // namespace llm::bedrock
