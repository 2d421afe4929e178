#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "json/reader.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

// What the formats of text-only families have in common.

/// The limit of a completion whose request has none.
/// Source: Bedrock User Guide, pages of Titan Text, Llama, Mistral, DeepSeek and Cohere Command.
inline constexpr std::int64_t kDefaultMaxTokens = 512;

/// Adds the elements of a list to the stop sequences of `prompt`.
void read_stop_sequences(const json::Value& list, Prompt& prompt);

/// What follows the last `tag` in `text`; nullopt without one. A view of `text`.
[[nodiscard]] std::optional<std::string_view> after_last(std::string_view text,
                                                         std::string_view tag);

/// `length` or `stop`.
[[nodiscard]] std::string_view length_or_stop(StopReason reason);

}  // namespace llm::local
