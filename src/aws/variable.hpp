#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "port/system.hpp"

namespace llm::aws {

/// An environment variable, or nullopt when it is not set or blank.
[[nodiscard]] std::optional<std::string> variable(const port::System& system,
                                                  std::string_view name);

}  // namespace llm::aws
