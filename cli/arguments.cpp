#include "arguments.hpp"

#include <algorithm>
#include <system_error>

namespace cli {
namespace {

/// CLI11 lists the words that it does not expect from the last to the first.
std::string unexpected_words(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining();
  std::string message = words.size() == 1 ? "The following argument was not expected:"
                                          : "The following arguments were not expected:";
  for (const std::string& word : words) message += ' ' + word;
  return message;
}

ExitCode usage_error(const std::string& message, const CLI::App& app,
                     std::span<const std::string> arguments) {
  report(llm::make_error(llm::ErrorCode::configuration_error, as_sentence(message),
                         "See `" + app.get_name() + " --help`."),
         style_of(arguments));
  return ExitCode::usage;
}

}  // namespace

Style style_of(std::span<const std::string> arguments) {
  for (const std::string_view word : arguments) {
    if (word == "--") break;
    if (word == "--json" || word == "--stream-json") return Style::json;
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

void add_words(CLI::App& app, const std::string& name, std::vector<std::string>& words,
               const std::string& description) {
  // CLI11 2.1 splits "[a,b]" at its comma if an option has already got all the words it expects.
  // One that expects more takes the word unchanged.
  constexpr int kMany = CLI::detail::expected_max_vector_size;
  app.add_option(name, words, description)
      ->expected(kMany, kMany)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
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

std::optional<ExitCode> parse(CLI::App& app, std::span<const std::string> arguments) {
  // CLI11 expects the words in reverse order.
  std::vector<std::string> words(arguments.rbegin(), arguments.rend());
  try {
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return print(app.help(), style_of(arguments));
  } catch (const CLI::ExtrasError&) {
    return usage_error(unexpected_words(app), app, arguments);
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what(), app, arguments);
  }
  return std::nullopt;
}

}  // namespace cli
