#include "factory/environment.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace llm::factory {
namespace {

/// The first of the variables that is set to something.
std::string first_of(const port::System& system, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (auto value = system.env(name); value && !value->empty()) return *value;
  }
  return {};
}

}  // namespace

Result<ClientConfig> config_from_environment(const port::System& system) {
  ClientConfig config{.provider = "bedrock"};
  config.model = first_of(system, {"BEDROCK_MODEL"});
  if (config.model.empty()) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        "BEDROCK_MODEL is not set; set it to a Bedrock model id, inference profile or ARN."));
  }
  const auto copy = [&](std::string_view key, std::initializer_list<std::string_view> names) {
    if (std::string value = first_of(system, names); !value.empty()) {
      config.extra.emplace(key, std::move(value));
    }
  };
  copy("region", {"AWS_REGION", "AWS_DEFAULT_REGION"});
  const std::string ignored = first_of(system, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"});
  if (base::equals_ignoring_case(ignored, "true")) return config;
  copy("bedrock_runtime_endpoint", {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"});
  copy("bedrock_endpoint", {"AWS_ENDPOINT_URL_BEDROCK", "AWS_ENDPOINT_URL"});
  return config;
}

}  // namespace llm::factory
