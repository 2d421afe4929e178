#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

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

struct Command {
  std::string_view name;
  std::string_view summary;
  ExitCode (*run)(Arguments);
};

/// Every command, in the order of `bedrock --help`.
inline constexpr auto kCommands = std::to_array<Command>({
    {"chat", "send a prompt to a model (the word `chat` may be left out)", chat_command},
    {"count", "count the tokens of a prompt", count_command},
    {"embed", "turn texts and images into vectors", embed_command},
    {"models", "list models", models_command},
    {"doctor", "check credentials, region, endpoint and model", doctor_command},
    {"lint", "find what Bedrock would refuse in a request, offline", lint_command},
    {"api-key", "make a short-term API key from credentials", api_key_command},
    {"local", "run a local Bedrock", local_command},
});

}  // namespace cli
