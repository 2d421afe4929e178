#pragma once

#include <string>
#include <string_view>

#include "cli/options/option.hpp"

/// What people read about the options, written from the table.
namespace cli {

/// `bedrock --help`.
[[nodiscard]] std::string overview();

/// `bedrock chat --help`.
[[nodiscard]] std::string help_page(const CommandOptions& command);

/// The manual page `bedrock.1`, in the language mdoc.
[[nodiscard]] std::string manual_page(std::string_view version);

/// The manual page `bedrock-chat.1`.
[[nodiscard]] std::string manual_page(const CommandOptions& command, std::string_view version);

/// docs/command.md.
[[nodiscard]] std::string docs_page();

}  // namespace cli
