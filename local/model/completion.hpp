#pragma once

#include <string_view>

#include "local/model/prompt.hpp"

namespace llm::local {

/// The answer of the model `model_id` to a conversation. The same prompt gets the same answer: it
/// says that this is the local Bedrock and quotes the question, the images and what tools replied.
/// A tool is called when the question names it (`get_weather` or `get weather`) or when the choice
/// of tools demands one. `max_tokens` and stop sequences are obeyed. Pure.
[[nodiscard]] Completion complete(const Prompt& prompt, std::string_view model_id);

}  // namespace llm::local
