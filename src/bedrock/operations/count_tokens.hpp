#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>
#include <llm/token_count.hpp>

#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// The model to count with: CountTokens refuses inference profiles, whose base model
/// has the same tokens.
/// Errors: unsupported_feature when the base model is not known (application profiles,
/// provisioned, custom and imported models, routers, prompts, SageMaker endpoints).
[[nodiscard]] Result<ModelId> counting_model(const ModelId& model);

/// Counts the prompt tokens of what `chat_completion` would send, lint repairs included. Errors:
/// any but stream_error.
[[nodiscard]] Result<TokenCount> count_tokens(const ProviderCore& core, const ChatRequest& request,
                                              const CallOptions& options);

}  // namespace llm::bedrock
