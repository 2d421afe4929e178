#pragma once

#include <optional>
#include <string_view>

namespace llm::bedrock {

/// The events that make up nearly all of a stream, read without a parser where they are written
/// letter by letter as Bedrock is known to write them (recorded) and their text needs no
/// unescaping. That is JSON in one form out of many: everything else gives nullopt, and a parser
/// decides. What is given is what the parser would give; the views are of the argument.

/// A piece of a text block.
struct FastTextDelta {
  int index = 0;  ///< Of the block.
  std::string_view text{};
};

/// The base64 in `{"bytes":"<base64>","p":"<padding>"}`, with or without the padding. Whether it is
/// base64 is not checked.
[[nodiscard]] std::optional<std::string_view> plain_bytes(std::string_view payload);

/// `{"contentBlockIndex":0,"delta":{"text":"<text>"},"p":"<padding>"}`, with or without the
/// padding.
[[nodiscard]] std::optional<FastTextDelta> fast_converse_text(std::string_view payload);

/// `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"<text>"}}`
[[nodiscard]] std::optional<FastTextDelta> fast_claude_text(std::string_view chunk);

}  // namespace llm::bedrock
