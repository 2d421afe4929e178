#pragma once

#include <memory>
#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "aws/single_flight.hpp"
#include "bedrock/call/call.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/control/control_plane.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Finds the base model of inference profiles whose id does not name it: asks the service once for
/// each (GetInferenceProfile) and caches the response. Concurrent callers share one lookup. A call
/// with an API key of its own looks up alone. Safe from many threads.
class ModelLookup {
 public:
  explicit ModelLookup(std::shared_ptr<const port::System> system) : system_(std::move(system)) {}

  /// Fills in base model and facts of `id` where the service knows them; where it does not, returns
  /// warnings and leaves `id` as it is. A refusal is cached too; a failure that may pass
  /// (throttling, connection, time limit, credentials) is not, nor what a call with an API key of
  /// its own found.
  /// Errors: cancelled.
  [[nodiscard]] Result<std::vector<Warning>> complete(ModelId& id, const ControlPlane& service,
                                                      const CatalogueOverlay* catalogue,
                                                      const Call& call) const;

  /// Whether `complete` would answer from its cache, without waiting.
  [[nodiscard]] bool is_cached(const ModelId& id) const {
    return lookups_.cached(id.requested_id).has_value();
  }

  /// Whether the service has to be asked about an identifier.
  [[nodiscard]] static bool concerns(const ModelId& id);

 private:
  /// ARNs of models.
  using Models = std::vector<std::string>;
  using Lookups = aws::SingleFlight<std::string, Models>;

  [[nodiscard]] Result<Models> models_of(const ModelId& id, const ControlPlane& service,
                                         const Call& call) const;
  [[nodiscard]] static Lookups::Outcome look_up(const ModelId& id, const ControlPlane& service,
                                                const Call& call);

  std::shared_ptr<const port::System> system_;
  Lookups lookups_{};
};

}  // namespace llm::bedrock
