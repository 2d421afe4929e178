#pragma once

#include <string>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace llm {

/// A request as one line of JSON; docs/json.md has an example.
/// Requires: numbers are finite.
[[nodiscard]] std::string to_json(const ChatRequest& request);

/// Reads what `to_json` writes. Members may be missing or null, and the content of a message may be
/// a plain string; see docs/json.md.
/// Errors: configuration_error with the path of the invalid or unknown member.
[[nodiscard]] Result<ChatRequest> chat_request_from_json(std::string_view text);

}  // namespace llm
