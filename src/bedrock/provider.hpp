#pragma once

#include <memory>

#include <llm/client.hpp>

#include "bedrock/health/health.hpp"
#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// Amazon Bedrock as a provider: hands each call to its operation. Safe from many threads.
class BedrockProvider final : public Provider {
 public:
  explicit BedrockProvider(ProviderConfig config);
  BedrockProvider(const BedrockProvider&) = delete;
  BedrockProvider& operator=(const BedrockProvider&) = delete;
  /// In a child of a process that forked while something ran, abandons what was used.
  ~BedrockProvider() override;

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
  /// Null with a custom transport.
  [[nodiscard]] std::unique_ptr<AsyncProvider> on(EventLoop& loop) const override;

 private:
  std::shared_ptr<const ProviderCore> core_;
  HealthCache health_cache_;
};

}  // namespace llm::bedrock
