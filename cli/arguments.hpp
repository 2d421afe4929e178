#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>

#include <llm/error.hpp>

#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// Parses what follows a command word. Help goes to standard output, a mistake to standard error;
/// then the code to end with is returned, otherwise nullopt.
[[nodiscard]] std::optional<ExitCode> parse(CLI::App& app, std::span<const std::string> arguments);

/// Reports an error; the code to end with.
[[nodiscard]] ExitCode fail(const llm::Error& error, Style style);

/// Whether the words ask for JSON; also known when they cannot be parsed.
[[nodiscard]] Style style_of(std::span<const std::string> arguments);

}  // namespace cli
