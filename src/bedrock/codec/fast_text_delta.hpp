#pragma once

#include <optional>
#include <string_view>

namespace llm::bedrock {

/// Nearly all events of a stream are text deltas. They are read here without a parser, if they are
/// written letter by letter as Bedrock writes them (recorded) and their text needs no unescaping.
/// Every other way to write the same JSON gives nullopt and goes to the parser. The results are
/// what the parser would give, as views of the argument.

/// A delta of a text block.
struct FastTextDelta {
  int index = 0;  ///< Of the block.
  std::string_view text{};
};

/// The base64 in `{"bytes":"<base64>","p":"<padding>"}`, with or without the padding. Does not
/// check that it is base64.
[[nodiscard]] std::optional<std::string_view> fast_chunk_bytes(std::string_view payload);

/// `{"contentBlockIndex":0,"delta":{"text":"<text>"},"p":"<padding>"}`, with or without the
/// padding.
[[nodiscard]] std::optional<FastTextDelta> fast_converse_text(std::string_view payload);

/// `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"<text>"}}`
[[nodiscard]] std::optional<FastTextDelta> fast_claude_text(std::string_view chunk);

}  // namespace llm::bedrock
