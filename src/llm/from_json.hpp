#pragma once

#include <string>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "json/reader.hpp"

/// Reads the public types from JSON; docs/json.md has an example of each.
namespace llm::from_json_parts {

/// One content block. `path` locates it (`messages[2].content[0]`).
/// Errors: configuration_error with the path of the member that is wrong.
[[nodiscard]] Result<Content> read_content(const json::Value& block, const std::string& path);

/// One message; its content may also be a single string.
/// Errors: as `read_content`.
[[nodiscard]] Result<Message> read_message(const json::Value& message, const std::string& path);

/// `path[index]`.
[[nodiscard]] std::string element_path(const std::string& path, std::size_t index);

}  // namespace llm::from_json_parts
