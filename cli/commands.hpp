#pragma once

#include <span>
#include <string>

#include "exit_code.hpp"

namespace cli {

/// One function a command word; each takes what follows the word.
[[nodiscard]] ExitCode chat_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode count_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode embed_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode models_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode doctor_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode lint_command(std::span<const std::string> arguments);
[[nodiscard]] ExitCode local_command(std::span<const std::string> arguments);

}  // namespace cli
