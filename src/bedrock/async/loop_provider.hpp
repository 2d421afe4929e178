#pragma once

#include <memory>
#include <string>

#include <llm/async_provider.hpp>
#include <llm/error.hpp>
#include <llm/task.hpp>

#include "aws/single_flight.hpp"
#include "bedrock/async/loop_driver.hpp"
#include "bedrock/operations/context.hpp"
#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::bedrock {

/// What the calls of one client on one loop share. They own it: they may outlive the provider.
struct LoopContext {
  std::shared_ptr<const ProviderCore> core;
  loop::Core& loop;
  std::unique_ptr<loop::AsyncTransport> transport;
  aws::SingleFlight<std::string, FoundModel> models{};
};

/// As `model_of`, without blocking: where the service must be asked, that runs on the lookup pool.
[[nodiscard]] Task<Result<FoundModel>> find_model(LoopContext& context, std::string requested_model,
                                                  const Call& call);

/// As `send`, without blocking. `request` and `call` outlive the task.
[[nodiscard]] Task<Result<LoopResponse>> send_to_model(LoopContext& context,
                                                       UnsignedRequest& request, const Call& call);

/// Amazon Bedrock on an event loop.
class LoopProvider final : public AsyncProvider {
 public:
  LoopProvider(std::shared_ptr<const ProviderCore> core, loop::Core& loop,
               std::unique_ptr<loop::AsyncTransport> transport);

  [[nodiscard]] std::unique_ptr<AsyncCall> chat_completion(
      ChatRequest request, CallOptions options, Callback<void(Result<ChatResponse>)> done) override;
  [[nodiscard]] std::unique_ptr<AsyncStreamSource> stream_chat_completion(
      ChatRequest request, CallOptions options) override;
  [[nodiscard]] std::unique_ptr<AsyncCall> count_tokens(
      ChatRequest request, CallOptions options, Callback<void(Result<TokenCount>)> done) override;
  [[nodiscard]] std::unique_ptr<AsyncCall> embed(
      EmbeddingRequest request, CallOptions options,
      Callback<void(Result<EmbeddingResponse>)> done) override;

 private:
  std::shared_ptr<LoopContext> context_;
};

}  // namespace llm::bedrock
