#include "factory/environment.hpp"

#include <string_view>
#include <utility>

#include "aws/variable.hpp"
#include "base/errors.hpp"

namespace llm::factory {

Result<ClientConfig> config_from_environment(const port::System& system) {
  auto model = aws::variable(system, "BEDROCK_MODEL");
  if (!model) {
    return base::configuration_error("BEDROCK_MODEL is not set.",
                                     "Set it to a Bedrock model id, inference profile or ARN.");
  }
  ClientConfig config{.provider = "bedrock", .model = std::move(*model)};
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const auto region = aws::variable(system, name);
    if (region) config.extra.emplace("region", *region);  // keeps the first one
  }
  return config;
}

}  // namespace llm::factory
