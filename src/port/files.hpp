#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::port {

/// As `System::read_file`. Opens the file once, so that the file it checks is the one it reads.
[[nodiscard]] Result<std::optional<std::string>> read_regular_file(
    const std::filesystem::path& path, std::size_t max_bytes);

/// As `System::stamp`.
[[nodiscard]] std::optional<FileStamp> file_stamp(const std::filesystem::path& path);

/// As `System::write_private_file`. `nonce` makes the name of the temporary file unique.
/// Errors: configuration_error.
[[nodiscard]] Result<void> replace_private_file(const std::filesystem::path& path,
                                                std::string_view content, std::string_view nonce);

}  // namespace llm::port
