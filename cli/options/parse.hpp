#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options/option.hpp"

namespace cli {

/// What a command line gave. Every value fits the kind of its option.
class Given {
 public:
  [[nodiscard]] bool has(const Option& option) const { return find(option) != nullptr; }
  // If it was not given, what the table names as its standard, else empty or unset.
  [[nodiscard]] std::string text(const Option& option) const;
  /// Every value of an option that may be repeated.
  [[nodiscard]] std::vector<std::string> texts(const Option& option) const;
  /// Unset for the word `max` too.
  [[nodiscard]] std::optional<int> integer(const Option& option) const;
  [[nodiscard]] std::optional<double> real(const Option& option) const;
  [[nodiscard]] std::optional<std::chrono::seconds> duration(const Option& option) const;

  void add(const Option& option, std::string value) {
    values_.emplace_back(&option, std::move(value));
  }

 private:
  [[nodiscard]] const std::string* find(const Option& option) const;

  std::vector<std::pair<const Option*, std::string>> values_;
};

/// Reads the arguments of a command: options in any order, `--name=value` or `--name value`; after
/// `--` everything is positional. With --help, the rest need not make sense together.
/// Error: what is wrong, for a message.
[[nodiscard]] std::expected<Given, std::string> parse_options(
    const CommandOptions& command, std::span<const std::string> arguments);

}  // namespace cli
