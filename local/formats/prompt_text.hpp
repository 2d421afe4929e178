#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "json/reader.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

// What formats have in common, above all those of text-only families.

/// The limit of a completion whose request has none.
/// Source: Bedrock User Guide, pages of Titan Text, Llama, Mistral, DeepSeek and Cohere Command.
inline constexpr std::int64_t kDefaultMaxTokens = 512;

/// The tokens of a request for a chat besides its texts.
inline constexpr std::int64_t kOverheadTokens = 7;

/// Adds the elements of a list to the stop sequences of `prompt`.
void read_stop_sequences(const json::Value& list, Prompt& prompt);

/// What follows the last `tag` in `text`; nullopt without one. A view of `text`.
[[nodiscard]] std::optional<std::string_view> after_last(std::string_view text,
                                                         std::string_view tag);

/// The text of the last turn: what follows the last `start`, up to the next `end`. Without a
/// `start`, all of `text`. A view of `text`.
[[nodiscard]] std::string_view last_turn(std::string_view text, std::string_view start,
                                         std::string_view end);

/// As `last_turn`, but up to the last `end`: the turn includes those before.
[[nodiscard]] std::string_view last_turn_to_last_end(std::string_view text, std::string_view start,
                                                     std::string_view end);

/// `length` or `stop`.
[[nodiscard]] std::string_view length_or_stop(StopReason reason);

}  // namespace llm::local
