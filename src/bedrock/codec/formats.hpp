#pragma once

#include <array>
#include <span>

#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

// One codec for each family; each lives as long as the program. converse_codec() is in codec.hpp.
[[nodiscard]] const Codec& claude_messages_codec();
[[nodiscard]] const Codec& claude_text_codec();
[[nodiscard]] const Codec& titan_text_codec();
[[nodiscard]] const Codec& llama_codec();
// On bedrock-mantle.
[[nodiscard]] const Codec& claude_mantle_codec();
[[nodiscard]] const Codec& chat_completions_codec();

/// A wire format of chats, and its codec.
struct ChatFormat {
  WireFormat format;
  const Codec& (*codec)();
};

/// Every native wire format of chats. Those of embeddings are in embedding/embedding.cpp.
inline constexpr auto kChatFormats = std::to_array<ChatFormat>({
    {WireFormat::claude_messages, claude_messages_codec},
    {WireFormat::claude_text, claude_text_codec},
    {WireFormat::titan_text, titan_text_codec},
    {WireFormat::llama2, llama_codec},
    {WireFormat::llama3, llama_codec},
    {WireFormat::llama4, llama_codec},
});

/// The codec of a wire format in a table; Converse for a format without a row.
[[nodiscard]] const Codec& codec_for(WireFormat format, std::span<const ChatFormat> formats);

}  // namespace llm::bedrock
