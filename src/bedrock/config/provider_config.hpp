#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "aws/endpoint.hpp"
#include "aws/settings.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/catalogue/overlay.hpp"
#include "bedrock/codec/operation.hpp"
#include "bedrock/config/late_region.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// A client's settings, complete and checked, each with its source.
struct ProviderConfig {
  std::string model;
  std::string base_model;  ///< Of a `model` whose id does not name one; empty: not set.
  std::shared_ptr<const CatalogueOverlay> catalogue;  ///< Takes precedence over the built-in one.
  std::string project;                                ///< Empty: the account's default.
  std::string region;
  std::string region_source;
  /// Finds out the region at the first call when none is set anywhere; else null.
  std::shared_ptr<const LateRegion> late_region;
  aws::Endpoint runtime_endpoint;
  std::string runtime_endpoint_source;  ///< `AWS` when none is set.
  bool custom_runtime_endpoint = false;
  aws::Endpoint control_endpoint;
  bool custom_control_endpoint = false;
  aws::Endpoint mantle_endpoint;       ///< Empty with FIPS, of which bedrock-mantle has no host.
  std::string mantle_endpoint_source;  ///< `AWS` when none is set.
  bool custom_mantle_endpoint = false;
  aws::EndpointVariant endpoint_variant;
  std::string identity_source;  ///< `API key in AWS_BEARER_TOKEN_BEDROCK`, ...
  Api api = Api::automatic;
  Lint lint = Lint::refuse;
  std::vector<std::string> lint_off;  ///< Ids of rules.
  PipelineConfig pipeline;
  std::vector<Warning> warnings;           ///< From reading the settings; go into every response.
  std::vector<std::string> file_warnings;  ///< About the shared files, for the doctor.
};

/// Fills in what the options leave unset, in this order: options, environment, profile, defaults.
/// Reads environment and shared files through `system`; no network.
/// Errors: configuration_error that names the option, variable or profile.
[[nodiscard]] Result<ProviderConfig> resolve(const Options& options,
                                             std::shared_ptr<const port::System> system);

/// The region of calls whose model names none. The first time it may need the network.
/// Errors: as LateRegion::get.
[[nodiscard]] Result<RegionInUse> region_in_use(const ProviderConfig& config,
                                                const std::stop_token& stop,
                                                const std::optional<aws::Deadline>& deadline);

/// Addresses a request to the endpoint of its service that is set, else to AWS's own in the region.
/// Errors: configuration_error for an invalid region; as `aws::aws_endpoint`.
[[nodiscard]] Result<void> move_to(const ProviderConfig& config, std::string_view region,
                                   UnsignedRequest& request);

/// The path of an operation on a model, percent-encoded.
[[nodiscard]] std::string model_path(const ModelId& model, Operation operation);

/// How a chat with the model is written: the model's native format, or `none` for Converse or Chat
/// Completions.
[[nodiscard]] WireFormat chat_format(const ProviderConfig& config, const ModelId& model);

/// Whether chats with the model go to bedrock-mantle.
[[nodiscard]] bool uses_mantle(const ProviderConfig& config, const ModelId& model);

/// The operation of a chat with the model.
[[nodiscard]] Operation chat_operation(const ProviderConfig& config, const ModelId& model,
                                       Delivery delivery);

/// Parses a model identifier with what the settings add to it: catalogue file and base model.
/// Empty: the client's own model. The result's facts live as long as `config.catalogue`.
/// Errors: as `parse_model_id`.
[[nodiscard]] Result<ModelId> known_model(const ProviderConfig& config, std::string_view model);

}  // namespace llm::bedrock
