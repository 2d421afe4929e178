#pragma once

#include <string>

#include <llm/error.hpp>

namespace cli {

/// What a file holds; `-` is standard input.
/// Errors: configuration_error when it cannot be read.
[[nodiscard]] llm::Result<std::string> read_input_file(const std::string& path);

/// All of standard input.
[[nodiscard]] std::string read_standard_input();

}  // namespace cli
