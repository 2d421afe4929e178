#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cli {

/// Under which heading an option is listed.
enum class Group {
  arguments,
  prompt,
  completion,
  model,
  selection,
  server,
  tls,
  output,
  connection
};

/// What its value is; a flag has none.
enum class Kind {
  flag,
  text,
  integer,
  integer_or_max,  ///< A number, or the word `max`.
  real,
  duration,  ///< A number of s, m or h.
};

/// What a shell offers in its place.
enum class Completes { nothing, file, model, profile, region };

/// One row of the table: what the parser, help, man pages, completions and docs know of an option.
struct Option {
  std::string_view name;          ///< `--model`; of a positional argument `prompt`.
  std::string_view short_form{};  ///< `-m`; may be empty.
  std::string_view argument{};    ///< How its value is called: `ID`. Empty: a flag.
  std::string_view help;          ///< What it does, without a full stop at its end.
  Group group = Group::arguments;
  Kind kind = Kind::text;
  Completes completes = Completes::nothing;
  std::span<const std::string_view> words{};  ///< Its only values; empty: any.
  std::string_view standard{};                ///< Its value if it is not given.
  std::string_view other_name{};              ///< Another spelling, which help does not list.
  std::span<const std::string_view> excludes{};
  std::string_view needs{};
  int first = 0;  ///< Of an integer.
  int last = 0;
  bool may_repeat = false;
  bool is_list = false;      ///< Its value is a list with commas.
  bool may_be_empty = true;  ///< Else an empty value is an error: it would mean the default.

  [[nodiscard]] constexpr bool is_positional() const { return !name.starts_with('-'); }
  [[nodiscard]] constexpr bool is_flag() const { return kind == Kind::flag; }
  [[nodiscard]] constexpr bool is_called(std::string_view text) const {
    return !text.empty() && (text == name || text == short_form || text == other_name);
  }
};

/// One command, as the table describes it.
struct CommandOptions {
  std::string_view name;         ///< `chat`
  std::string_view summary;      ///< A line of `bedrock --help`.
  std::string_view description;  ///< Paragraphs of `bedrock chat --help`.
  std::span<const std::span<const Option* const>> options;  ///< In the order of help.
  std::string_view mode = "chat";                           ///< Of the models that it calls.
};

/// Calls `visit` with every option of a command.
template <typename Visit>
constexpr void for_each_option(const CommandOptions& command, const Visit& visit) {
  for (const std::span<const Option* const> part : command.options) {
    for (const Option* const option : part) visit(*option);
  }
}

/// The option with this name, short form or other spelling; null if the command has none.
[[nodiscard]] const Option* find_option(const CommandOptions& command, std::string_view name);

/// The positional argument of a command; null if it has none.
[[nodiscard]] const Option* positional_of(const CommandOptions& command);

/// `off, refuse or repair`
[[nodiscard]] std::string alternatives(std::span<const std::string_view> words);

}  // namespace cli
