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
                                            const RegionHook& ask_machine) {
  auto region = configured_region(system, config, profile, in_code);
  if (!region && ask_machine) {
    auto answer = ask_machine();
    if (!answer) return std::unexpected(std::move(answer.error()));
    if (*answer) region = Setting<std::string>{std::move(**answer), "instance metadata"};
  }
  if (!region) return Setting<std::string>{std::string(kDefaultRegion), "default"};
  if (auto checked = check_region(region->value, "region from " + region->origin); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return std::move(*region);
}

}  // namespace llm::aws
