#pragma once

#include <string_view>

#include "local/model/prompt.hpp"

namespace llm::local {

/// The completion of `model_id` for a prompt; the same prompt always gets the same one. It names
/// the local Bedrock and quotes the user's text, the images and the results of tools. It calls a
/// tool when the user's text names it (`get_weather` or `get weather`) or when `tool_use` requires
/// one. `max_tokens` and stop sequences are respected. Pure.
[[nodiscard]] Completion complete(const Prompt& prompt, std::string_view model_id);

}  // namespace llm::local
