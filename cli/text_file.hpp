#pragma once

#include <string>

#include <llm/error.hpp>

namespace cli {

/// All of a file that the user named.
/// Errors: configuration_error with the path.
[[nodiscard]] llm::Result<std::string> read_text_file(const std::string& path);

}  // namespace cli
