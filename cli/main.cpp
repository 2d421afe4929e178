#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cli/options/pages.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace {

using cli::ExitCode;
using cli::Style;

/// Otherwise the next pipe or socket would get the number of a closed standard descriptor, and with
/// it the data meant for that. Writing to a closed standard output still fails, because it is
/// reopened for reading.
void open_closed_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    static_cast<void>(::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY));
  }
}

ExitCode run(cli::Arguments words) {
  if (!words.empty()) {
    if (words.front() == "--version") {
      return cli::print("bedrock " BEDROCK_VERSION "\n", Style::text);
    }
    if (words.front() == "--help" || words.front() == "-h") {
      return cli::print(cli::overview(), Style::text);
    }
    for (const cli::Command& command : cli::kCommands) {
      if (words.front() == command.options->name) return command.run(words.subspan(1));
    }
  }
  return cli::chat_command(words);
}

}  // namespace

int main(int count, char** values) {
  open_closed_descriptors();
  // A closed pipe is detected by the failing write instead.
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const std::vector<std::string> words(values + 1, values + count);
    return static_cast<int>(run(words));
  } catch (const std::exception& exception) {
    cli::report(llm::make_error(llm::ErrorCode::internal_error,
                                std::string("Unexpected exception: ") + exception.what() + ".",
                                "This is a bug in the program. Please report it."),
                Style::text);
    return static_cast<int>(ExitCode::internal);
  }
}
