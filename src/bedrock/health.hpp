#pragma once

#include <mutex>
#include <optional>

#include <llm/health.hpp>

namespace llm::bedrock {

class Pipeline;
struct ProviderConfig;

/// Asks the service whether it can be used, with the model and endpoint that calls use: an empty
/// body is sent, which the service authenticates and authorises before it refuses it, so nothing is
/// billed.
[[nodiscard]] HealthReport check_health(const Pipeline& pipeline, const ProviderConfig& config,
                                        std::stop_token stop);

/// Keeps a report for five minutes. Safe from many threads; one check at a time.
class HealthCache {
 public:
  [[nodiscard]] HealthReport get(const HealthOptions& options, const Pipeline& pipeline,
                                 const ProviderConfig& config) const;

 private:
  mutable std::mutex mutex_;
  mutable std::optional<HealthReport> last_;
};

}  // namespace llm::bedrock
