#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <llm/client.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/health.hpp"
#include "bedrock/pipeline.hpp"
#include "bedrock/provider_config.hpp"

namespace llm::bedrock {

/// Amazon Bedrock as a provider. Safe from many threads.
class BedrockProvider final : public Provider {
 public:
  explicit BedrockProvider(ProviderConfig config);

  [[nodiscard]] Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                     const CallOptions& options) const override;
  [[nodiscard]] ChatStream stream_chat_completion(ChatRequest request,
                                                  CallOptions options) const override;
  [[nodiscard]] Result<ModelInfo> model_info(std::string_view model) const override;
  [[nodiscard]] HealthReport health(const HealthOptions& options) const override;

 private:
  /// What is shared with streams, which may outlive the provider.
  struct Core {
    explicit Core(ProviderConfig settings);
    ProviderConfig config;
    Pipeline pipeline;
  };
  struct Prepared;

  [[nodiscard]] static Result<Prepared> prepare(const Core& core, const ChatRequest& request,
                                                Delivery delivery);
  [[nodiscard]] static Result<Answer> send(const Core& core, Operation& operation,
                                           const CallOptions& options);
  [[nodiscard]] static Result<const Codec*> choose_codec(const Core& core, const ModelId& model);

  std::shared_ptr<const Core> core_;
  HealthCache health_cache_;
};

}  // namespace llm::bedrock
