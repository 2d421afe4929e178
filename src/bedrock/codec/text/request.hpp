#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/invoke/request.hpp"

namespace llm::bedrock {

/// What every text-only family needs to write its request.
struct TextRequest {
  Conversation conversation;
  InvokeBody body;
  std::int64_t max_tokens = 0;
};

/// Checks a request for a wire format that carries text only, and starts its body with the warnings
/// so far. `special_tokens`: see `warn_of_special_tokens`.
/// Errors: unsupported_feature for tools, a response format and reasoning; those of `check_invoke`,
/// `Conversation`, `max_tokens_to_send` and `InvokeBody::create`.
[[nodiscard]] Result<TextRequest> begin_text_request(
    const ChatRequest& request, Conversation&& conversation, const ModelId& model,
    Delivery delivery, std::span<const std::string_view> special_tokens);

/// The system text for a model without system prompt: to be put before the first user message, with
/// a warning (`system_folded`). Empty if there is none. Errors: as `plain_text`.
[[nodiscard]] Result<std::string> fold_system(TextRequest& text, const ModelId& model);

/// unsupported_feature when the last message is the assistant's.
[[nodiscard]] Result<void> check_user_is_last(const Conversation& conversation,
                                              const ModelId& model);

}  // namespace llm::bedrock
