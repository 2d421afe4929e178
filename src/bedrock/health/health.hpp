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
/// billed. A prompt is not asked: for it an empty body is a call. Takes 30 s at most, or the
/// client's time limit.
[[nodiscard]] Examination examine(const Pipeline& pipeline, const ProviderConfig& config,
                                  std::stop_token stop);

/// Keeps a report for five minutes, unless it was stopped. Safe from many threads, which do not
/// wait for one another.
class HealthCache {
 public:
  [[nodiscard]] HealthReport get(const HealthOptions& options, const Pipeline& pipeline,
                                 const ProviderConfig& config) const;

 private:
  [[nodiscard]] std::optional<HealthReport> kept(std::chrono::system_clock::time_point now) const;

  mutable std::mutex mutex_;  ///< Not held while one asks.
  mutable std::optional<HealthReport> last_;
};

}  // namespace llm::bedrock
