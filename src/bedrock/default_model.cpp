#include <llm/bedrock/models.hpp>

#include "bedrock/provider_config.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

Result<std::string> default_model(const Options& options) {
  const Result<aws::Setting<std::string>> region = region_of(options, *port::real_system());
  if (!region) return std::unexpected(region.error());
  return default_model(region->value);
}

}  // namespace llm::bedrock
