#include "text_file.hpp"

#include <fstream>
#include <iterator>

namespace cli {

llm::Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "Cannot read \"" + path + "\"; check the path."));
  }
  return text;
}

}  // namespace cli
