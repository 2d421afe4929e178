// What the grammar of the shared files accepts reads the same when written again; what it refuses
// is not quoted.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/shared_config.hpp"
#include "fuzz/require.hpp"

using llm::fuzz::require;

namespace {

std::string written(const llm::aws::IniFile& file) {
  std::string text;
  for (const auto& [header, section] : file.sections) {
    text += "[" + header + "]\n";
    for (const auto& [key, property] : section) {
      text += key + "=";
      for (const char character : property.value) {
        text += character == '\n' ? std::string("\n ") : std::string(1, character);
      }
      text += "\n";
      for (const auto& [nested_key, value] : property.nested) {
        text += " " + nested_key + "=" + value + "\n";
      }
    }
  }
  return text;
}

/// Quoted names, and carriage returns at the end of a line, do not survive unchanged.
bool survives(std::string_view input) {
  return input.find_first_of("\"'\r") == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  const auto file = llm::aws::parse_ini(input, "f");
  if (!file) {
    require(file.error().code == llm::ErrorCode::configuration_error, "the code of an error");
    require(file.error().message.size() < 200, "an error is short, so it quotes no line");
    return 0;
  }
  if (!survives(input)) return 0;
  const auto again = llm::aws::parse_ini(written(*file), "f");
  require(again.has_value(), "what is written can be read");
  require(again->sections == file->sections, "what is written reads the same");
  require(again->warnings.empty(), "what is written needs no warning");
  return 0;
}
