#pragma once

#include <string>

#include <llm/error.hpp>

namespace cli {

/// The content of a file; `-` is standard input.
/// Errors: configuration_error if it cannot be read or is longer than a request may be.
[[nodiscard]] llm::Result<std::string> read_input_file(const std::string& path);

/// Standard input; empty if it is a terminal. Errors: as `read_input_file`.
[[nodiscard]] llm::Result<std::string> piped_input();

/// An error in the content of a file, with the name of the file in front of its message.
[[nodiscard]] llm::Error in_file(const std::string& path, llm::Error error);

}  // namespace cli
