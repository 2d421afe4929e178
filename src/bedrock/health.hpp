#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <llm/health.hpp>

#include "bedrock/late_region.hpp"

namespace llm::bedrock {

class Pipeline;
struct ProviderConfig;

/// What looking at a client's world brought.
struct Examination {
  HealthReport report{};
  std::string keys_source{};  ///< Empty: an API key is used, or no keys were found.
  std::string account_id{};   ///< Of the keys; empty: unknown.
  RegionInUse region{};
  std::string endpoint{};                                   ///< That was asked; empty: none was.
  std::optional<std::chrono::milliseconds> clock_offset{};  ///< The service's clock less this one.
  std::optional<std::chrono::milliseconds> latency{};       ///< Until the service had answered.
};

/// Asks the service whether it can be used, with the model and endpoint that calls use: an empty
/// body is sent, which the service authenticates and authorises before it refuses it, so nothing is
/// billed.
[[nodiscard]] Examination examine(const Pipeline& pipeline, const ProviderConfig& config,
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
