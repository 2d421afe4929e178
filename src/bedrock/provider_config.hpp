#pragma once

#include <memory>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "aws/endpoint.hpp"
#include "aws/settings.hpp"
#include "bedrock/pipeline.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// A client's settings, complete and checked, each with where it came from.
struct ProviderConfig {
  std::string model;
  std::string region;
  std::string region_origin;
  aws::Endpoint runtime_endpoint;
  std::string runtime_endpoint_origin;  ///< `AWS` when nobody gave one.
  bool custom_runtime_endpoint = false;
  aws::Endpoint control_endpoint;
  aws::EndpointVariant endpoint_variant;
  std::string identity_origin;  ///< `api key from AWS_BEARER_TOKEN_BEDROCK`, `credentials`, ...
  Api api = Api::automatic;
  PipelineConfig pipeline;
  std::vector<Warning> warnings;  ///< From reading the settings; go into every response.
};

/// Fills in what the options leave open: code over environment over profile over defaults. Reads
/// environment and shared files through `system`; no network.
/// Errors: configuration_error that names the member, variable or profile.
[[nodiscard]] Result<ProviderConfig> resolve(const Options& options,
                                             std::shared_ptr<const port::System> system);

/// The region alone, with its origin.
/// Errors: configuration_error, as `resolve`.
[[nodiscard]] Result<aws::Setting<std::string>> region_of(const Options& options,
                                                          const port::System& system);

/// The endpoint for calls to a region: what was given, else AWS's own.
/// Errors: configuration_error for a bad region.
[[nodiscard]] Result<aws::Endpoint> runtime_endpoint(const ProviderConfig& config,
                                                     std::string_view region);

}  // namespace llm::bedrock
