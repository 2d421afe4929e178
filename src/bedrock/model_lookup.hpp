#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/catalogue.hpp"
#include "bedrock/control_plane.hpp"

namespace llm::bedrock {

/// Finds the base model behind inference profiles whose id does not tell it, by asking the service
/// once for each (GetInferenceProfile) and keeping what it said. Safe from many threads: one caller
/// asks, others that want the same profile wait for it.
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
  /// What the service said: the models' ARNs, or why it did not.
  using Said = Result<std::vector<std::string>>;

  [[nodiscard]] Said ask(const ModelId& id, const ControlPlane& service,
                         const CallOptions& options) const;
  void keep(const ModelId& id, const Said& said, const CallOptions& options) const;

  mutable std::mutex mutex_;  ///< Not held while one asks.
  mutable std::condition_variable_any asked_;
  mutable std::map<std::string, std::optional<Said>, std::less<>> said_{};  ///< Null: being asked.
};

}  // namespace llm::bedrock
