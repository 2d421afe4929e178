#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "cli/options/command_table.hpp"
#include "cli/options/parse.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// Parses the arguments of a command. Prints help to standard output and errors to standard error;
/// returns the exit code then.
[[nodiscard]] std::expected<Given, ExitCode> parse(const CommandOptions& command,
                                                   std::span<const std::string> arguments);

/// Writes to standard output. Returns `code`, also if the reader has gone away, else the exit code
/// of `write_failure`.
[[nodiscard]] ExitCode print(std::string_view text, Style style, ExitCode code = ExitCode::success);

/// Reports why standard output could not be written, unless its reader has gone away. Returns the
/// exit code.
/// Requires: a write failed.
[[nodiscard]] ExitCode write_failure(const Output& output, Style style);

/// The text with a full stop at its end, unless it ends a sentence already.
[[nodiscard]] std::string as_sentence(std::string text);

/// Reports an error. Returns the exit code.
[[nodiscard]] ExitCode fail(const llm::Error& error, Style style);

/// Whether the arguments ask for JSON; works even if they cannot be parsed.
[[nodiscard]] Style style_of(std::span<const std::string> arguments);

}  // namespace cli
