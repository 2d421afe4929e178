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
#include "bedrock/config/late_region.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// A client's settings, complete and checked, each with where it came from.
struct ProviderConfig {
  std::string model;
  std::string base_model;  ///< Behind `model`, where that does not tell; empty: not said.
  std::shared_ptr<const CatalogueOverlay> catalogue;  ///< Over the compiled-in one; null: none.
  std::string region;
  std::string region_origin;
  /// Has the last word on the region when nobody has said one; else null.
  std::shared_ptr<const LateRegion> late_region;
  aws::Endpoint runtime_endpoint;
  std::string runtime_endpoint_origin;  ///< `AWS` when nobody gave one.
  bool custom_runtime_endpoint = false;
  aws::Endpoint control_endpoint;
  bool custom_control_endpoint = false;
  aws::EndpointVariant endpoint_variant;
  std::string identity_origin;  ///< `api key from AWS_BEARER_TOKEN_BEDROCK`, `credentials`, ...
  Api api = Api::automatic;
  Lint lint = Lint::refuse;
  std::vector<std::string> lint_off;  ///< Ids of rules.
  PipelineConfig pipeline;
  std::vector<Warning> warnings;           ///< From reading the settings; go into every response.
  std::vector<std::string> file_warnings;  ///< About the shared files, for the doctor.
};

/// Fills in what the options leave open: code over environment over profile over defaults. Reads
/// environment and shared files through `system`; no network.
/// Errors: configuration_error that names the member, variable or profile.
[[nodiscard]] Result<ProviderConfig> resolve(const Options& options,
                                             std::shared_ptr<const port::System> system);

/// The region that calls go to whose model names none. May ask the network, the first time.
/// Errors: as LateRegion::get.
[[nodiscard]] Result<RegionInUse> region_in_use(const ProviderConfig& config,
                                                const std::stop_token& stop,
                                                const std::optional<aws::Deadline>& deadline);

/// Which of Bedrock's two services.
enum class Plane { runtime, control };

/// Aims an operation at a region: at the endpoint that was given, else at AWS's own there.
/// Errors: configuration_error for a bad region.
[[nodiscard]] Result<void> move_to(const ProviderConfig& config, std::string_view region,
                                   UnsignedRequest& operation, Plane plane = Plane::runtime);

/// An identifier taken apart with what the settings know of it: catalogue file and base model.
/// Empty: the client's own model. The result's facts live as long as `config.catalogue`.
/// Errors: as `parse_model_id`.
[[nodiscard]] Result<ModelId> known_model(const ProviderConfig& config, std::string_view model);

}  // namespace llm::bedrock
