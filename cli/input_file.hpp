#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

namespace cli {

/// The content of a file; `-` is standard input.
/// Errors: configuration_error if it cannot be read or is longer than a request may be.
[[nodiscard]] llm::Result<std::string> read_input_file(const std::string& path);

/// Standard input; empty if it is a terminal. Errors: as `read_input_file`.
[[nodiscard]] llm::Result<std::string> piped_input();

/// `text` without the line ends after it; lines end with LF or CRLF.
[[nodiscard]] std::string without_line_end(std::string text);

/// The lines of a text that are not empty, without their ends.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// An error in the content of a file, with the name of the file in front of its message.
[[nodiscard]] llm::Error in_file(const std::string& path, llm::Error error);

}  // namespace cli
