#pragma once

#include <llm/embedding.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// Makes a vector of each input, in as many consecutive calls as the model's wire format needs.
/// Errors: any but stream_error; the message names the first input of the call that failed.
[[nodiscard]] Result<EmbeddingResponse> embed(const ProviderCore& core,
                                              const EmbeddingRequest& request,
                                              const CallOptions& options);

}  // namespace llm::bedrock
