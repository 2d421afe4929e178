#include "input_file.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "terminal.hpp"

namespace cli {
namespace {

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace

llm::Result<std::string> read_input_file(const std::string& path) {
  if (path == "-") return read_standard_input();
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "Cannot read \"" + path + "\"; check the path."));
  }
  return text;
}

std::string piped_input() { return stdin_is_terminal() ? std::string() : read_standard_input(); }

}  // namespace cli
