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

/// The region to use when none is configured.
inline constexpr std::string_view kDefaultRegion = "us-east-1";

/// Looks up the region of the machine itself; nullopt when it is unknown.
using RegionLookup = std::function<Result<std::optional<std::string>>()>;

/// The region and its source: `in_code`, AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`,
/// `lookup` (instance metadata; may be empty), else `us-east-1` with the source `default`.
/// Errors: configuration_error for a region that is not a DNS label; those of `lookup`.
[[nodiscard]] Result<Setting<std::string>> resolve_region(const port::System& system,
                                                          const SharedConfig& config,
                                                          std::string_view profile,
                                                          std::string_view in_code,
                                                          const RegionLookup& lookup = {});

}  // namespace llm::aws
