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

/// What a client with certain options would use, and whether it works. Contains no secret.
struct Diagnosis {
  std::string model{};
  std::string region{};
  std::string region_source{};  ///< `code`, `AWS_REGION`, `profile "dev"`, `instance metadata`,
                                ///< `default`, ...
  std::string endpoint{};
  std::string endpoint_source{};  ///< `AWS` for AWS's own endpoint, else where it was set.
  std::string identity{};         ///< The credential source or API key that is used.
  std::string account_id{};       ///< Empty: unknown.
  /// The service's clock minus this machine's, to the second; unset: unknown.
  std::optional<std::chrono::milliseconds> clock_offset{};
  /// Time until the service responded, including the connection; unset: it did not.
  std::optional<std::chrono::milliseconds> latency{};
  HealthReport health{};
  std::vector<Warning> warnings{};
};

/// Resolves the settings only: no network, no credential lookup, an empty `health`.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<Diagnosis> describe(const Options& options);

/// Resolves the settings and calls the service: one small request, and a second one if the model
/// supports streaming. Bedrock rejects both, so nothing is billed. Takes at most 30 s, or
/// `timeouts.total`. A Bedrock prompt is not called, because an empty call of it is valid.
/// Errors: configuration_error, as `create_client`; failures of the service are in `health`.
[[nodiscard]] Result<Diagnosis> diagnose(const Options& options, std::stop_token stop = {});

/// The diagnosis as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const Diagnosis& diagnosis);

}  // namespace llm::bedrock
