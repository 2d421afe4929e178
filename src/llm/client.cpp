#include <llm/client.hpp>

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

}  // namespace llm
