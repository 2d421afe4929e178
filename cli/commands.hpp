#pragma once

#include <array>
#include <span>
#include <string>

#include "cli/options/command_table.hpp"
#include "exit_code.hpp"

namespace cli {

/// The arguments after the command's name.
using Arguments = std::span<const std::string>;

[[nodiscard]] ExitCode chat_command(Arguments arguments);
[[nodiscard]] ExitCode count_command(Arguments arguments);
[[nodiscard]] ExitCode embed_command(Arguments arguments);
[[nodiscard]] ExitCode models_command(Arguments arguments);
[[nodiscard]] ExitCode doctor_command(Arguments arguments);
[[nodiscard]] ExitCode lint_command(Arguments arguments);
[[nodiscard]] ExitCode api_key_command(Arguments arguments);
[[nodiscard]] ExitCode local_command(Arguments arguments);
[[nodiscard]] ExitCode completion_command(Arguments arguments);

struct Command {
  const CommandOptions* options;
  ExitCode (*run)(Arguments);
};

/// Every command of the table, and what runs it.
inline constexpr auto kCommands = std::to_array<Command>({
    {&kChat, chat_command},
    {&kCount, count_command},
    {&kEmbed, embed_command},
    {&kModels, models_command},
    {&kDoctor, doctor_command},
    {&kLintCommand, lint_command},
    {&kApiKey, api_key_command},
    {&kLocalCommand, local_command},
    {&kCompletion, completion_command},
});

}  // namespace cli
