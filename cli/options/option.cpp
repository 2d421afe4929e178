#include "cli/options/option.hpp"

namespace cli {

const Option* find_option(const CommandOptions& command, std::string_view name) {
  const Option* found = nullptr;
  for_each_option(command, [&](const Option& option) {
    if (!option.is_positional() && option.is_called(name)) found = &option;
  });
  return found;
}

const Option* positional_of(const CommandOptions& command) {
  const Option* found = nullptr;
  for_each_option(command, [&](const Option& option) {
    if (option.is_positional()) found = &option;
  });
  return found;
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += word == words.back() ? " or " : ", ";
    text += word;
  }
  return text;
}

}  // namespace cli
