#pragma once

#include <memory>

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

/// A CountTokens request that is ready to be sent.
struct PreparedCount {
  std::shared_ptr<const ModelId> model;
  UnsignedRequest request;
};

/// Encodes what `chat_completion` would send, for counting. Needs no network.
[[nodiscard]] Result<PreparedCount> prepare_count(const ProviderCore& core,
                                                  const ChatRequest& request, FoundModel found,
                                                  CallWarnings& warnings);

/// Decodes the response. Errors: the service's in a 2xx body; model_error.
[[nodiscard]] Result<TokenCount> finish_count(const ProviderCore& core, const PreparedCount& count,
                                              Response& response, CallWarnings& warnings);

/// Counts the prompt tokens of what `chat_completion` would send, lint repairs included. Errors:
/// any but stream_error.
[[nodiscard]] Result<TokenCount> count_tokens(const ProviderCore& core, const ChatRequest& request,
                                              const CallOptions& options);

}  // namespace llm::bedrock
