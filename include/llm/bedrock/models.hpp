#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/model.hpp>

namespace llm::bedrock {

/// Every model of the compiled-in catalogue, sorted by base id.
[[nodiscard]] std::vector<ModelInfo> catalogue();

/// The same with the ids to call from a region, and their prices; a model that no profile of serves
/// the region keeps its base id.
[[nodiscard]] std::vector<ModelInfo> catalogue(std::string_view region);

/// The id to call for the default model (a current Claude Haiku) from a region. Empty when no
/// profile serves the region (China, the isolated and the government regions): name a model there.
[[nodiscard]] std::string default_model(std::string_view region);

/// The same for the region that these options, with environment and profile, come to.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<std::string> default_model(const Options& options);

/// The id to call for a base model from a region: the bare id, or its inference profile's where the
/// model has no on-demand throughput of its own. Empty when no profile serves the region.
/// An id that the catalogue does not know comes back as it is.
[[nodiscard]] std::string callable_id(std::string_view base_id, std::string_view region);

/// A model as it is seen from a region.
struct ListedModel {
  ModelInfo info{};  ///< `id` is the one to call from there; the base id where none can be.
  Support served = Support::unknown;        ///< By the region; unknown without the service's word.
  std::vector<std::string> callable_ids{};  ///< From there; the one to prefer first.
};

/// As one line of JSON, a ModelInfo with two members more; docs/json.md shows one.
[[nodiscard]] std::string to_json(const ListedModel& model);

/// Models, sorted by base id, and where that holds.
struct ModelListing {
  std::string region{};
  std::string region_origin{};  ///< `code`, `AWS_REGION`, `profile "dev"`, `default`, ...
  std::vector<ListedModel> models{};
  std::vector<Warning> warnings{};
};

/// The catalogue, with the file that `options` lays over it, for the region that they come to.
/// `options.model` may be empty. No network.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<ModelListing> known_models(const Options& options);

/// The same, joined with what the service says (ListFoundationModels, ListInferenceProfiles): which
/// models the region has, their profiles, the account's own among them, and their life cycle. Needs
/// bedrock:ListFoundationModels; without bedrock:ListInferenceProfiles there is a warning, and the
/// profiles are the catalogue's. Each request takes 30 s at most, or `timeouts.total`.
/// Errors: any.
[[nodiscard]] Result<ModelListing> served_models(const Options& options, std::stop_token stop = {});

}  // namespace llm::bedrock
