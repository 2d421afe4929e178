#include "arguments.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace cli {

Style style_of(std::span<const std::string> arguments) {
  for (const std::string_view word : arguments) {
    if (word == "--") break;
    if (word == "--json" || word == "--stream-json") return Style::json;
  }
  return Style::text;
}

ExitCode fail(const llm::Error& error, Style style) {
  report(error, style);
  return exit_code(error.code);
}

std::optional<ExitCode> parse(CLI::App& app, std::span<const std::string> arguments) {
  // CLI11 takes the words last first.
  std::vector<std::string> words(arguments.rbegin(), arguments.rend());
  try {
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    Output output;
    return output.write(app.help()) || output.closed() ? ExitCode::success : ExitCode::internal;
  } catch (const CLI::ParseError& error) {
    report(llm::make_error(llm::ErrorCode::configuration_error,
                           std::string(error.what()) + ". See `" + app.get_name() + " --help`."),
           style_of(arguments));
    return ExitCode::usage;
  }
  return std::nullopt;
}

}  // namespace cli
