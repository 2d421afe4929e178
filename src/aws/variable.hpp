#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "port/system.hpp"

namespace llm::aws {

/// The value of an environment variable; nullopt when it is unset or blank.
[[nodiscard]] std::optional<std::string> variable(const port::System& system,
                                                  std::string_view name);

}  // namespace llm::aws
