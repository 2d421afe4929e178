#pragma once

#include <string>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace llm {

/// A request as one line of JSON in the specification's names; docs/json.md shows one. Numbers must
/// be finite.
[[nodiscard]] std::string to_json(const ChatRequest& request);

/// Reads what `to_json` writes; what is left out or null is not set, and the content of a message
/// may be a text alone. See docs/json.md.
/// Errors: configuration_error with the path of the member that is wrong or not known.
[[nodiscard]] Result<ChatRequest> chat_request_from_json(std::string_view text);

}  // namespace llm
