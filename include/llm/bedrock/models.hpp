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

/// All models of the built-in catalogue, sorted by base id.
[[nodiscard]] std::vector<ModelInfo> catalogue();

/// The same, with the ids to call from a region and their prices. A model without an inference
/// profile that serves the region keeps its base id.
[[nodiscard]] std::vector<ModelInfo> catalogue(std::string_view region);

/// The id to call for the default model (a current Claude Haiku) from a region. Empty if no profile
/// serves the region (China, isolated and government regions): a model must be named there.
[[nodiscard]] std::string default_model(std::string_view region);

/// The same for the region that follows from these options, the environment and the profile. A
/// default model in the file of `options.catalogue` comes first.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<std::string> default_model(const Options& options);

/// The id to call for a base model from a region: the base id, or the id of its inference profile
/// if the model has no on-demand throughput. Empty if no profile serves the region. An id that the
/// catalogue lacks is returned unchanged.
[[nodiscard]] std::string callable_id(std::string_view base_id, std::string_view region);

/// A model as seen from a region.
struct ListedModel {
  ModelInfo info{};  ///< `id` is the id to call from there; the base id if there is none.
  Support served = Support::unknown;        ///< Whether the region has it; unknown unless asked.
  std::vector<std::string> callable_ids{};  ///< From there; the preferred one first.
};

/// The model as one line of JSON, a ModelInfo with two more members; docs/json.md has an example.
[[nodiscard]] std::string to_json(const ListedModel& model);

/// Models, sorted by base id, and the region they are listed for.
struct ModelListing {
  std::string region{};
  std::string region_source{};  ///< `code`, `AWS_REGION`, `profile "dev"`, `default`, ...
  std::vector<ListedModel> models{};
  std::vector<Warning> warnings{};
};

/// The catalogue, including the file in `options.catalogue`, for the region that follows from the
/// options. `options.model` may be empty. Works offline.
/// Errors: configuration_error, as `create_client`.
[[nodiscard]] Result<ModelListing> known_models(const Options& options);

/// The same, combined with ListFoundationModels and ListInferenceProfiles: which models the region
/// has, their inference profiles, including the account's own, and their lifecycle status. Needs
/// bedrock:ListFoundationModels; without bedrock:ListInferenceProfiles there is a warning, and the
/// profiles are the catalogue's. Each listing takes at most 30 s, or `timeouts.total`.
/// Errors: any.
[[nodiscard]] Result<ModelListing> served_models(const Options& options, std::stop_token stop = {});

}  // namespace llm::bedrock
