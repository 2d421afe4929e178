#pragma once

#include <cstdint>
#include <string_view>

namespace llm::local {

/// The tokens of a tool call besides its arguments.
inline constexpr std::int64_t kCallOverheadTokens = 10;

/// The first token of `text`: its leading white space and at most six letters of a word, close to
/// the four characters a token of a real tokenizer has in English. Never splits a UTF-8 character.
/// Empty when `text` is.
[[nodiscard]] std::string_view first_token(std::string_view text);

[[nodiscard]] std::int64_t count_tokens(std::string_view text);

/// The first `count` tokens of `text`.
[[nodiscard]] std::string_view first_tokens(std::string_view text, std::int64_t count);

}  // namespace llm::local
