#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>
#include <llm/token_count.hpp>

#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// The model that counts for `model`: CountTokens refuses inference profiles, whose base model
/// counts the same.
/// Errors: unsupported_feature when the id does not tell the base model (application profiles,
/// provisioned, custom and imported models, routers, prompts, SageMaker endpoints).
[[nodiscard]] Result<ModelId> counting_model(const ModelId& model);

/// Asks how many tokens the prompt of a chat has. Errors: any.
[[nodiscard]] Result<TokenCount> count_tokens(const ProviderCore& core, const ChatRequest& request,
                                              const CallOptions& options);

}  // namespace llm::bedrock
