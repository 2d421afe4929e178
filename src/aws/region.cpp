#include "aws/region.hpp"

#include <utility>

#include "aws/endpoint.hpp"
#include "aws/variable.hpp"

namespace llm::aws {
namespace {

std::optional<Setting<std::string>> configured_region(const port::System& system,
                                                      const SharedConfig& config,
                                                      std::string_view profile,
                                                      std::string_view in_code) {
  if (!in_code.empty()) return Setting<std::string>{std::string(in_code), "code"};
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = variable(system, name)) {
      return Setting<std::string>{std::move(*region), std::string(name)};
    }
  }
  if (auto region = config.value(profile, "region")) {
    return Setting<std::string>{std::move(*region), "profile \"" + std::string(profile) + "\""};
  }
  return std::nullopt;
}

}  // namespace

Result<Setting<std::string>> resolve_region(const port::System& system, const SharedConfig& config,
                                            std::string_view profile, std::string_view in_code,
                                            const RegionLookup& lookup) {
  auto region = configured_region(system, config, profile, in_code);
  if (!region && lookup) {
    auto found = lookup();
    if (!found) return std::unexpected(std::move(found.error()));
    if (*found) region = Setting<std::string>{std::move(**found), "instance metadata"};
  }
  if (!region) return Setting<std::string>{std::string(kDefaultRegion), "default"};
  if (auto checked = check_region(region->value, region->source); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return std::move(*region);
}

}  // namespace llm::aws
