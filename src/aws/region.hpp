#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "aws/settings.hpp"
#include "aws/shared_config.hpp"
#include "port/system.hpp"

namespace llm::aws {

/// Where to look when nobody has said a region.
inline constexpr std::string_view kDefaultRegion = "us-east-1";

/// Asks the machine itself, or nullopt when it has no answer.
using RegionHook = std::function<Result<std::optional<std::string>>()>;

/// The region and who said it: `in_code`, AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`,
/// `ask_machine` (instance metadata; may be empty), else `us-east-1` with the origin `default`.
/// Errors: configuration_error for a region that is no DNS label; what `ask_machine` says.
[[nodiscard]] Result<Setting<std::string>> resolve_region(const port::System& system,
                                                          const SharedConfig& config,
                                                          std::string_view profile,
                                                          std::string_view in_code,
                                                          const RegionHook& ask_machine = {});

}  // namespace llm::aws
