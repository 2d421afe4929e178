#pragma once

#include <map>
#include <string>
#include <vector>

namespace llm::test_support {

/// The result of a program that has ended.
struct Finished {
  int exit_code = -1;  ///< 128 + signal when it was killed.
  std::string output;
  std::string errors;
};

/// How a program is run: only these variables, standard input from a pipe.
struct Command {
  std::vector<std::string> words;  ///< The program's path, then its arguments.
  std::map<std::string, std::string> environment{};
  std::string input{};
};

/// Runs it to its end.
[[nodiscard]] Finished run(const Command& command);

}  // namespace llm::test_support
