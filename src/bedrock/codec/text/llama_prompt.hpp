#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// The prompt of a Llama model, and the images that stand in it as `<|image|>`, in order. The
/// pointers live as long as the request.
struct LlamaPrompt {
  std::string text{};
  std::vector<PlacedBlock> images{};
};

/// Writes a conversation in the template of the model's wire form (`llama2`, `llama3`, `llama4`);
/// every text is trimmed, as Meta's own code does.
/// Errors: unsupported_feature for what the template cannot carry.
/// Source: Meta's `generation.py` (Llama 2) and `tokenizer.py` (Llama 3); Llama 4 in Meta's form,
/// with two line feeds after each header.
[[nodiscard]] Result<LlamaPrompt> llama_prompt(const Conversation& conversation,
                                               const ModelId& model, WireFormat form);

/// The words by which the template of a wire form tells the speakers apart.
[[nodiscard]] std::span<const std::string_view> llama_special_tokens(WireFormat form);

}  // namespace llm::bedrock
