#include <llm/client.hpp>

#include <llm/async_provider.hpp>

namespace llm {

Result<TokenCount> Provider::count_tokens(const ChatRequest& /*request*/,
                                          const CallOptions& /*options*/) const {
  return std::unexpected(
      make_error(ErrorCode::unsupported_feature, "This provider does not support token counting."));
}

Result<EmbeddingResponse> Provider::embed(const EmbeddingRequest& /*request*/,
                                          const CallOptions& /*options*/) const {
  return std::unexpected(
      make_error(ErrorCode::unsupported_feature, "This provider does not support embeddings."));
}

std::unique_ptr<AsyncProvider> Provider::on(EventLoop& /*loop*/) const { return nullptr; }

}  // namespace llm
