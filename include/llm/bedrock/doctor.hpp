#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/health.hpp>

namespace llm::bedrock {

/// What a client with certain options would do, and whether it works. Holds no secret.
struct Diagnosis {
  std::string model{};
  std::string region{};
  std::string region_origin{};  ///< `code`, `AWS_REGION`, `profile "dev"`, `instance metadata`,
                                ///< `default`, ...
  std::string endpoint{};
  std::string endpoint_origin{};  ///< `AWS` when nobody gave one, else where it was given.
  std::string identity{};         ///< Which source of credentials or which API key would be used.
  std::string account_id{};       ///< Empty: unknown.
  /// The service's clock less this machine's, known to a second; unset: not told.
  std::optional<std::chrono::milliseconds> clock_offset{};
  /// How long the service took to answer, connecting included; unset: it did not.
  std::optional<std::chrono::milliseconds> latency{};
  HealthReport health{};
  std::vector<Warning> warnings{};
};

/// Looks at the settings alone: no network, no lookup of credentials, an empty `health`.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<Diagnosis> describe(const Options& options);

/// Looks at the settings and asks the service. Sends small requests that are refused unbilled: one,
/// and for a model that streams one more. Takes 30 s at most, or `timeouts.total`. A prompt of
/// Bedrock's is not asked: an empty call of it is a valid one.
/// Errors: configuration_error, as `create_client`; what the service says is in `health`.
[[nodiscard]] Result<Diagnosis> diagnose(const Options& options, std::stop_token stop = {});

/// As one line of JSON; docs/json.md shows one.
[[nodiscard]] std::string to_json(const Diagnosis& diagnosis);

}  // namespace llm::bedrock
