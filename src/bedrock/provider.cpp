#include "bedrock/provider.hpp"

#include <utility>

#include <llm/event_loop.hpp>

#include "base/time.hpp"
#include "bedrock/async/loop_provider.hpp"
#include "bedrock/operations/chat.hpp"
#include "bedrock/operations/count_tokens.hpp"
#include "bedrock/operations/embed.hpp"
#include "port/fork.hpp"

namespace llm::bedrock {

BedrockProvider::BedrockProvider(ProviderConfig config)
    : core_(std::make_shared<const ProviderCore>(std::move(config))) {}

BedrockProvider::~BedrockProvider() {
  if (core_->config.pipeline.in_flight->is_lost()) port::abandon(std::move(core_));
}

Result<ChatResponse> BedrockProvider::chat_completion(const ChatRequest& request,
                                                      const CallOptions& options) const {
  return bedrock::chat_completion(*core_, request, options);
}

ChatStream BedrockProvider::stream_chat_completion(ChatRequest request, CallOptions options) const {
  return bedrock::stream_chat_completion(core_, std::move(request), std::move(options));
}

Result<TokenCount> BedrockProvider::count_tokens(const ChatRequest& request,
                                                 const CallOptions& options) const {
  return bedrock::count_tokens(*core_, request, options);
}

Result<EmbeddingResponse> BedrockProvider::embed(const EmbeddingRequest& request,
                                                 const CallOptions& options) const {
  return bedrock::embed(*core_, request, options);
}

Result<ModelInfo> BedrockProvider::model_info(std::string_view model) const {
  const Result<ModelId> id = known_model(core_->config, model);
  if (!id) return std::unexpected(id.error());
  if (id->facts == nullptr) {
    return std::unexpected(
        make_error(ErrorCode::model_not_found,
                   "Model \"" + id->requested_id +
                       "\" is not in the catalogue. It can still be called, through Converse.",
                   "`bedrock models` lists the models of the catalogue."));
  }
  return to_model_info(*id, base::iso8601_date(core_->config.pipeline.system->now()));
}

HealthReport BedrockProvider::health(const HealthOptions& options) const {
  return health_cache_.get(options, core_->pipeline, core_->config);
}

std::unique_ptr<AsyncProvider> BedrockProvider::on(EventLoop& loop) const {
  auto transport = core_->config.pipeline.loop_transport;
  auto on_loop = transport ? transport(loop.core()) : nullptr;
  if (on_loop == nullptr) return nullptr;
  return std::make_unique<LoopProvider>(core_, loop.core(), std::move(on_loop));
}

}  // namespace llm::bedrock
