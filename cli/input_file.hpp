#pragma once

#include <string>

#include <llm/error.hpp>

namespace cli {

/// What a file holds; `-` is standard input.
/// Errors: configuration_error when it cannot be read or is longer than a request may be.
[[nodiscard]] llm::Result<std::string> read_input_file(const std::string& path);

/// What is piped in; empty on a terminal. Errors: as `read_input_file`.
[[nodiscard]] llm::Result<std::string> piped_input();

}  // namespace cli
