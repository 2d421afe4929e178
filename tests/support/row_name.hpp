#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llm::test_support {

/// The name of a row of a parameterised test: its number and `text`, with `_` in place of what
/// gtest does not allow in a name. `index` counts from 0.
[[nodiscard]] inline std::string row_name(std::size_t index, std::string_view text) {
  std::string name = std::to_string(index) + '_';
  for (const char character : text.substr(0, 60)) {
    const bool is_allowed = (character >= 'a' && character <= 'z') ||
                            (character >= 'A' && character <= 'Z') ||
                            (character >= '0' && character <= '9');
    name += is_allowed ? character : '_';
  }
  return name;
}

}  // namespace llm::test_support
