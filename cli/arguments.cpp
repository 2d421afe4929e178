#include "arguments.hpp"

#include <system_error>

#include "cli/options/pages.hpp"

namespace cli {
namespace {

ExitCode usage_error(const std::string& message, const CommandOptions& command,
                     std::span<const std::string> arguments) {
  report(llm::make_error(llm::ErrorCode::configuration_error, as_sentence(message),
                         "See `bedrock " + std::string(command.name) + " --help`."),
         style_of(arguments));
  return ExitCode::usage;
}

}  // namespace

Style style_of(std::span<const std::string> arguments) {
  for (const std::string_view word : arguments) {
    if (word == "--") break;
    if (word == kJsonObject.name || word == kStreamJson.name) return Style::json;
  }
  return Style::text;
}

std::string as_sentence(std::string text) {
  if (!text.ends_with('.') && !text.ends_with('?')) text += '.';
  return text;
}

ExitCode fail(const llm::Error& error, Style style) {
  report(error, style);
  return exit_code(error.code);
}

ExitCode print(std::string_view text, Style style, ExitCode code) {
  Output output;
  if (output.write(text) || output.closed()) return code;
  return write_failure(output, style);
}

ExitCode write_failure(const Output& output, Style style) {
  if (output.closed()) return ExitCode::success;
  if (output.interrupted()) {
    return fail(llm::make_error(llm::ErrorCode::cancelled,
                                "Interrupted while waiting to write to standard output."),
                style);
  }
  return fail(llm::make_error(llm::ErrorCode::internal_error,
                              "Cannot write to standard output: " +
                                  std::generic_category().message(output.failure()) + "."),
              style);
}

std::expected<Given, ExitCode> parse(const CommandOptions& command,
                                     std::span<const std::string> arguments) {
  auto given = parse_options(command, arguments);
  if (!given) return std::unexpected(usage_error(given.error(), command, arguments));
  if (given->has(kHelp)) return std::unexpected(print(help_page(command), style_of(arguments)));
  return std::move(*given);
}

}  // namespace cli
