#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <llm/health.hpp>

#include "bedrock/config/late_region.hpp"

namespace llm::bedrock {

class Pipeline;
struct ProviderConfig;

/// What an examination of a client found.
struct Examination {
  HealthReport report{};
  std::string credentials_source{};  ///< Empty for an API key, or when no credentials were found.
  std::string account_id{};          ///< Of the credentials; empty when unknown.
  RegionInUse region{};
  std::string endpoint{};  ///< That the request was sent to; empty when none was.
  std::optional<std::chrono::milliseconds> clock_offset{};  ///< The service's clock less this one.
  std::optional<std::chrono::milliseconds> latency{};       ///< Until the service had responded.
};

/// Checks whether the service can be used, with the model and endpoint of the calls. It sends an
/// empty body, which the service authenticates and authorises before it refuses it, so nothing is
/// billed. A prompt is not checked: for it an empty body is a valid call. Takes 30 s at most, or
/// the client's time limit.
[[nodiscard]] Examination examine(const Pipeline& pipeline, const ProviderConfig& config,
                                  std::stop_token stop);

/// Caches a report for five minutes, unless it was stopped. Safe from many threads, which do not
/// wait for one another.
class HealthCache {
 public:
  [[nodiscard]] HealthReport get(const HealthOptions& options, const Pipeline& pipeline,
                                 const ProviderConfig& config) const;

 private:
  [[nodiscard]] std::optional<HealthReport> cached_at(
      std::chrono::system_clock::time_point now) const;

  mutable std::mutex mutex_;  ///< Not held during an examination.
  mutable std::optional<HealthReport> report_;
};

}  // namespace llm::bedrock
