#include <llm/bedrock/models.hpp>

#include "bedrock/provider_config.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

Result<std::string> default_model(const Options& options) {
  const Result<aws::Setting<std::string>> region = region_of(options, *port::real_system());
  if (!region) return std::unexpected(region.error());
  std::string model = default_model(region->value);
  if (model.empty()) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        "no default model is known to serve " + region->value + "; name one (`bedrock models`)"));
  }
  return model;
}

}  // namespace llm::bedrock
