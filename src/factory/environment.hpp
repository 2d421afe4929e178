#pragma once

#include <llm/error.hpp>
#include <llm/options.hpp>

#include "port/system.hpp"

namespace llm::factory {

/// `llm::config_from_environment`, reading the environment of `system`.
[[nodiscard]] Result<ClientConfig> config_from_environment(const port::System& system);

}  // namespace llm::factory
