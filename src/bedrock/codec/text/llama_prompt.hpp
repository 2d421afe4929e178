#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// The prompt of a Llama model, and the images for its `<|image|>` tokens, in order. The pointers
/// live as long as the request.
struct LlamaPrompt {
  std::string text{};
  std::vector<PlacedBlock> images{};
};

/// Writes a conversation in the template of the wire format (`llama2`, `llama3`, `llama4`). Every
/// text is trimmed, as in Meta's own code. Errors: unsupported_feature for what the template cannot
/// carry. Source: Meta's `generation.py` (Llama 2) and `tokenizer.py` (Llama 3); Llama 4 in Meta's
/// format, with two line feeds after each header.
[[nodiscard]] Result<LlamaPrompt> llama_prompt(const Conversation& conversation,
                                               const ModelId& model, WireFormat format);

/// The tokens that separate the speakers in the template of a wire format.
[[nodiscard]] std::span<const std::string_view> llama_special_tokens(WireFormat format);

}  // namespace llm::bedrock
