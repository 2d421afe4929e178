#pragma once

#include <stop_token>
#include <string>

#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::port {

/// As `System::run_shell`. Blocks; always reaps the child.
[[nodiscard]] Result<ProcessOutput> run_shell_command(const std::string& command,
                                                      const ProcessLimits& limits,
                                                      std::stop_token stop);

}  // namespace llm::port
