#pragma once

#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/call/single_flight.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/control/control_plane.hpp"

namespace llm::bedrock {

/// Finds the base model behind inference profiles whose id does not tell it, by asking the service
/// once for each (GetInferenceProfile) and keeping what it said. Safe from many threads: one caller
/// asks, others that want the same profile wait for it and share what it was told. A call with a
/// key of its own asks alone.
class ModelLookup {
 public:
  /// Fills in base model and facts of `id`, where the service can tell them; gives warnings where
  /// it does not, and `id` stays unknown. A refusal is kept as well; a failure that may pass
  /// (throttling, connection, time, keys) is not, nor what was said to a key of one call alone.
  /// Errors: cancelled.
  [[nodiscard]] Result<std::vector<Warning>> complete(ModelId& id, const ControlPlane& service,
                                                      const CatalogueOverlay* catalogue,
                                                      const CallOptions& options) const;

  /// Whether the service is to be asked about an identifier.
  [[nodiscard]] static bool concerns(const ModelId& id);

 private:
  /// ARNs of models.
  using Models = std::vector<std::string>;

  [[nodiscard]] Result<Models> models_of(const ModelId& id, const ControlPlane& service,
                                         const CallOptions& options) const;
  [[nodiscard]] static Told<Models> ask(const ModelId& id, const ControlPlane& service,
                                        CallOptions options);

  SingleFlight<Models> asked_{};
};

}  // namespace llm::bedrock
