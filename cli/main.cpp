#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace {

using cli::ExitCode;
using cli::Style;

struct Command {
  std::string_view word;
  std::string_view summary;
  ExitCode (*run)(std::span<const std::string>);
};

constexpr auto kCommands = std::to_array<Command>({
    {"chat", "ask a model (the word may be left out)", cli::chat_command},
    {"count", "count the tokens of a prompt", cli::count_command},
    {"embed", "make vectors of texts and images", cli::embed_command},
    {"models", "list models", cli::models_command},
    {"doctor", "show what is used and whether it works", cli::doctor_command},
    {"lint", "say what would be refused in a request, offline", cli::lint_command},
    {"local", "run a local Bedrock", cli::local_command},
});

std::string overview() {
  std::string text =
      "Talk to Amazon Bedrock.\n\n"
      "  bedrock \"Why is the sky blue?\"\n"
      "  git diff | bedrock -s \"You review code\" \"What could go wrong?\"\n\nCommands:\n";
  for (const Command& command : kCommands) {
    text += fmt::format("  {:8} {}\n", command.word, command.summary);
  }
  return text +
         "\nEach has --help. A command counts only as the first word; `bedrock -- models` asks "
         "the model about \"models\".\n";
}

/// Otherwise the next pipe or socket would take the place of one that is closed, and get what is
/// meant for it. Writing to a closed standard output fails as before: this one is for reading.
void open_closed_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    static_cast<void>(::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY));
  }
}

ExitCode run(std::span<const std::string> words) {
  if (!words.empty()) {
    if (words.front() == "--version") {
      return cli::print("bedrock " BEDROCK_VERSION "\n", Style::text);
    }
    if (words.front() == "--help" || words.front() == "-h") {
      return cli::print(overview(), Style::text);
    }
    for (const Command& command : kCommands) {
      if (words.front() == command.word) return command.run(words.subspan(1));
    }
  }
  return cli::chat_command(words);
}

}  // namespace

int main(int count, char** values) {
  open_closed_descriptors();
  // A reader that goes away is seen where it is written to.
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const std::vector<std::string> words(values + 1, values + count);
    return static_cast<int>(run(words));
  } catch (const std::exception& exception) {
    cli::report(llm::make_error(llm::ErrorCode::internal_error,
                                std::string("A defect of this program: ") + exception.what()),
                Style::text);
    return static_cast<int>(ExitCode::internal);
  }
}
