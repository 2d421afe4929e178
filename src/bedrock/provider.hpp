#pragma once

#include <memory>

#include <llm/client.hpp>

#include "bedrock/call/stream_pump.hpp"
#include "bedrock/health/health.hpp"
#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// Amazon Bedrock as a provider. Safe from many threads.
class BedrockProvider final : public Provider {
 public:
  explicit BedrockProvider(ProviderConfig config);

  [[nodiscard]] Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                     const CallOptions& options) const override;
  [[nodiscard]] ChatStream stream_chat_completion(ChatRequest request,
                                                  CallOptions options) const override;
  [[nodiscard]] Result<TokenCount> count_tokens(const ChatRequest& request,
                                                const CallOptions& options) const override;
  [[nodiscard]] Result<EmbeddingResponse> embed(const EmbeddingRequest& request,
                                                const CallOptions& options) const override;
  [[nodiscard]] Result<ModelInfo> model_info(std::string_view model) const override;
  [[nodiscard]] HealthReport health(const HealthOptions& options) const override;

 private:
  struct Prepared;

  [[nodiscard]] static Result<Prepared> prepare(const ProviderCore& core,
                                                const ChatRequest& request, Delivery delivery,
                                                const Call& call);
  [[nodiscard]] static StreamCall stream_call(const std::shared_ptr<const ProviderCore>& core,
                                              const ChatRequest& request, CallOptions options);

  std::shared_ptr<const ProviderCore> core_;
  HealthCache health_cache_;
};

}  // namespace llm::bedrock
