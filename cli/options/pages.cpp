#include "cli/options/pages.hpp"

#include <algorithm>
#include <vector>

#include "cli/options/command_table.hpp"

namespace cli {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kHelpColumn = 30;
constexpr std::string_view kPurpose = "Talk to Amazon Bedrock";
constexpr std::string_view kExamples[] = {
    "bedrock \"Why is the sky blue?\"",
    "git diff | bedrock -s \"You review code\" \"What could go wrong?\"",
};
constexpr std::string_view kFirstWord =
    "Only the first word can be a command: `bedrock -- models` sends the prompt \"models\".";

struct Heading {
  Group group;
  std::string_view text;
};

/// Every group, in the order of help.
constexpr Heading kHeadings[] = {
    {Group::arguments, "Arguments"},
    {Group::prompt, "Input"},
    {Group::completion, "Result"},
    {Group::model, "Model"},
    {Group::selection, "Selection"},
    {Group::server, "Server"},
    {Group::tls, "TLS"},
    {Group::output, "Output"},
    {Group::connection, "Connection"},
};

std::vector<const Option*> options_in(Group group, const CommandOptions& command) {
  std::vector<const Option*> options;
  for_each_option(command, [&](const Option& option) {
    if (option.group == group) options.push_back(&option);
  });
  return options;
}

/// All that is said of an option.
std::string told(const Option& option) {
  std::string text(option.help);
  if (!option.words.empty()) text += ": " + alternatives(option.words);
  if (!option.standard.empty()) text += " (default: " + std::string(option.standard) + ")";
  return text;
}

/// `PROMPT...`
std::string value_of(const Option& option) {
  std::string text(option.argument);
  if (option.is_positional() && option.may_repeat) text += "...";
  return text;
}

/// `-m, --model ID`
std::string signature(const Option& option) {
  if (option.is_positional()) return value_of(option);
  std::string text = option.short_form.empty() ? "    " : std::string(option.short_form) + ", ";
  text += option.name;
  if (!option.is_flag()) text.append(" ").append(option.argument);
  return text;
}

std::string usage(const CommandOptions& command) {
  std::string text = "bedrock " + std::string(command.name) + " [OPTION...]";
  if (const Option* const option = positional_of(command)) text += " [" + value_of(*option) + "]";
  return text;
}

/// `text` in lines of at most `kColumns`, all but the first after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string lines;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > indent && column + 1 + end > kColumns) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string_view> paragraphs(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    const std::size_t end = text.find('\n');
    found.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return found;
    text.remove_prefix(end + 1);
  }
}

std::string help_line(const Option& option) {
  std::string line = "  " + signature(option);
  if (line.size() + 2 > kHelpColumn) {
    line += '\n' + std::string(kHelpColumn, ' ');
  } else {
    line.resize(kHelpColumn, ' ');
  }
  return line + wrapped(told(option), kHelpColumn) + '\n';
}

/// Text for mdoc: no line of it is taken for a macro, no backslash for an escape.
std::string mdoc_text(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '\\') {
      escaped += "\\e";
    } else if (character == '-') {
      escaped += "\\-";
    } else {
      escaped += character;
    }
  }
  if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
  return escaped;
}

/// A sentence a line, as mdoc wants it.
std::string mdoc_sentences(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = text.find(". ");
    lines += mdoc_text(text.substr(0, end == std::string_view::npos ? end : end + 1)) + '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return lines;
}

std::string mdoc_head(std::string name, std::string_view version, std::string_view purpose) {
  std::string title = name;
  std::ranges::transform(title, title.begin(), [](char letter) {
    return 'a' <= letter && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  // The date is that of the sources, which a page made from them need not repeat.
  return ".Dd $Mdocdate$\n.Dt " + title + " 1\n.Os bedrock " + std::string(version) +
         "\n.Sh NAME\n.Nm " + name + "\n.Nd " + mdoc_text(purpose) + "\n.Sh SYNOPSIS\n";
}

std::string mdoc_item(const Option& option) {
  std::string item = ".It ";
  if (option.is_positional()) {
    item += "Ar " + value_of(option);
  } else {
    if (!option.short_form.empty()) {
      item += "Fl " + mdoc_text(option.short_form.substr(1)) + " , ";
    }
    // The macro writes one of the two hyphens.
    item += "Fl " + mdoc_text(option.name.substr(1));
    if (!option.is_flag()) item += " Ar " + std::string(option.argument);
  }
  return item + '\n' + mdoc_sentences(told(option) + '.');
}

/// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '|') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

std::string docs_row(const Option& option) {
  std::string text = "| ";
  if (!option.short_form.empty()) text += "`" + std::string(option.short_form) + "`, ";
  text += "`" + std::string(option.is_positional() ? value_of(option) : option.name);
  if (!option.is_positional() && !option.is_flag()) text.append(" ").append(option.argument);
  return text + "` | " + cell(told(option)) + " |\n";
}

std::string docs_section(const CommandOptions& command) {
  std::string text = "\n## bedrock " + std::string(command.name) + "\n";
  for (const std::string_view paragraph : paragraphs(command.description)) {
    text += '\n' + std::string(paragraph) + '\n';
  }
  text += "\n```\n" + usage(command) + "\n```\n\n| option | what it does |\n|---|---|\n";
  for (const Heading& heading : kHeadings) {
    for (const Option* const option : options_in(heading.group, command)) text += docs_row(*option);
  }
  return text;
}

}  // namespace

std::string overview() {
  std::string text = std::string(kPurpose) + ".\n\n";
  for (const std::string_view example : kExamples) text += "  " + std::string(example) + '\n';
  text += "\nCommands:\n";
  for (const CommandOptions* const command : kAllCommands) {
    std::string line = "  " + std::string(command->name);
    line.resize(14, ' ');
    text += line + std::string(command->summary) + '\n';
  }
  return text + "\nEach command has --help.\n" + std::string(kFirstWord) + '\n';
}

std::string help_page(const CommandOptions& command) {
  std::string text;
  for (const std::string_view paragraph : paragraphs(command.description)) {
    text += wrapped(paragraph, 0) + "\n\n";
  }
  text += "Usage: " + usage(command) + '\n';
  for (const Heading& heading : kHeadings) {
    const std::vector<const Option*> options = options_in(heading.group, command);
    if (!options.empty()) text += '\n' + std::string(heading.text) + ":\n";
    for (const Option* const option : options) text += help_line(*option);
  }
  return text;
}

std::string manual_page(std::string_view version) {
  std::string text = mdoc_head("bedrock", version, "talk to Amazon Bedrock");
  text += ".Nm\n.Op Ar COMMAND\n.Op Ar OPTION...\n.Op Ar PROMPT...\n.Nm\n.Fl \\-version\n";
  text += ".Sh DESCRIPTION\n" + std::string(kPurpose) + ".\n" + mdoc_sentences(kFirstWord) +
          ".Bl -tag -width Ds\n";
  for (const CommandOptions* const command : kAllCommands) {
    text += ".It Xr bedrock\\-" + mdoc_text(command->name) + " 1\n" + mdoc_text(command->summary) +
            ".\n";
  }
  text += ".El\n.Sh EXAMPLES\n.Bd -literal -offset indent\n";
  for (const std::string_view example : kExamples) text += mdoc_text(example) + '\n';
  return text + ".Ed\n";
}

std::string manual_page(const CommandOptions& command, std::string_view version) {
  const std::string name = "bedrock-" + std::string(command.name);
  std::string text = mdoc_head(name, version, command.summary);
  text += ".Nm bedrock " + mdoc_text(command.name) + "\n.Op Ar OPTION...\n";
  if (const Option* const option = positional_of(command)) {
    text += ".Op Ar " + value_of(*option) + '\n';
  }
  text += ".Sh DESCRIPTION\n";
  bool is_first = true;
  for (const std::string_view paragraph : paragraphs(command.description)) {
    if (!is_first) text += ".Pp\n";
    text += mdoc_sentences(paragraph);
    is_first = false;
  }
  for (const Heading& heading : kHeadings) {
    const std::vector<const Option*> options = options_in(heading.group, command);
    if (options.empty()) continue;
    text += ".Ss " + std::string(heading.text) + "\n.Bl -tag -width Ds\n";
    for (const Option* const option : options) text += mdoc_item(*option);
    text += ".El\n";
  }
  return text + ".Sh SEE ALSO\n.Xr bedrock 1\n";
}

std::string docs_page() {
  std::string text =
      "# The command\n\n"
      "Written from the table of options (`cli/options/table.hpp`) by `make_pages`; a test "
      "compares "
      "them.\n"
      "`bedrock COMMAND --help` and the manual pages (`man bedrock-chat`) say the same.\n\n";
  text += std::string(kFirstWord) + "\n\n| command | what it does |\n|---|---|\n";
  for (const CommandOptions* const command : kAllCommands) {
    const std::string name(command->name);
    text += "| [`" + name + "`](#bedrock-" + name + ") | " + cell(command->summary) + " |\n";
  }
  for (const CommandOptions* const command : kAllCommands) text += docs_section(*command);
  return text;
}

}  // namespace cli
