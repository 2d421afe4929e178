#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// Parses what follows a command word. Help goes to standard output, a mistake to standard error;
/// then the code to end with is returned, otherwise nullopt.
[[nodiscard]] std::optional<ExitCode> parse(CLI::App& app, std::span<const std::string> arguments);

/// Adds an argument of as many words as are given, each taken as it is.
void add_words(CLI::App& app, const std::string& name, std::vector<std::string>& words,
               const std::string& description);

/// Writes to standard output. The code to end with: `code`, also when the reader went away, or
/// that of `write_failure`.
[[nodiscard]] ExitCode print(std::string_view text, Style style, ExitCode code = ExitCode::success);

/// Says why standard output could not be written; nothing when its reader went away. The code to
/// end with. Requires: a write failed.
[[nodiscard]] ExitCode write_failure(const Output& output, Style style);

/// Reports an error; the code to end with.
[[nodiscard]] ExitCode fail(const llm::Error& error, Style style);

/// Whether the words ask for JSON; also known when they cannot be parsed.
[[nodiscard]] Style style_of(std::span<const std::string> arguments);

}  // namespace cli
