#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/client.hpp>
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

}  // namespace llm::bedrock
