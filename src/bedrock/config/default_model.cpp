#include <llm/bedrock/models.hpp>

#include "base/errors.hpp"
#include "base/time.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/config/provider_config.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

Result<std::string> default_model(const Options& options) {
  Options complete = options;
  complete.model = default_base_model();
  complete.base_model.clear();
  const Result<ProviderConfig> config = resolve(complete, port::real_system());
  if (!config) return std::unexpected(config.error());
  // Without credentials the first call fails anyway, with a better error.
  const aws::Deadline deadline(config->pipeline.system, kShortTime);
  const Result<RegionInUse> found = region_in_use(*config, {}, deadline);
  const std::string& region = found ? found->region.value : config->region;
  const std::string today = base::iso8601_date(config->pipeline.system->now());
  const std::string_view base_id = default_base_model(region, today, config->catalogue.get());
  const ModelFacts* const facts = facts_of(base_id, config->catalogue.get());
  std::string model = facts == nullptr ? std::string(base_id) : callable_id(*facts, region);
  if (model.empty()) {
    return base::configuration_error("No default model is known to serve " + region + ".",
                                     "Name a model: `bedrock models` lists them.");
  }
  return model;
}

}  // namespace llm::bedrock
