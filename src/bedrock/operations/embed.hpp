#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <llm/embedding.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// The requests of one embedding call, one after another, and their combined response.
class EmbeddingCalls {
 public:
  /// Checks the request. Errors: unsupported_feature; invalid_request_error.
  [[nodiscard]] static Result<EmbeddingCalls> of(const ProviderCore& core,
                                                 const EmbeddingRequest& request, FoundModel found);

  /// The next request, which lives until its response is taken; null after the last one.
  [[nodiscard]] Result<UnsignedRequest*> next();
  /// The outcome of that request.
  /// Errors: the request's own; model_error. The message names the first input of the request.
  [[nodiscard]] Result<void> take(Result<Response> outcome);
  /// Requires: `next` has returned null.
  [[nodiscard]] EmbeddingResponse finish() &&;

 private:
  using Inputs = std::span<const EmbeddingInput>;

  EmbeddingCalls(const ProviderCore& core, const EmbeddingRequest& request, FoundModel found,
                 const EmbeddingCodec& codec);
  [[nodiscard]] Error located(Error error) const;
  [[nodiscard]] Result<void> add(Response& response);

  const ProviderCore* core_;
  const EmbeddingRequest* request_;
  std::shared_ptr<const ModelId> model_;
  const EmbeddingCodec* codec_;
  CallWarnings warnings_;
  Inputs rest_;   ///< Not yet sent.
  Inputs batch_;  ///< Of the current request.
  std::vector<Warning> wire_warnings_;
  std::optional<UnsignedRequest> unsigned_request_;
  EmbeddingResponse response_;
};

/// Makes a vector of each input, in as many consecutive calls as the model's wire format needs.
/// Errors: any but stream_error; the message names the first input of the call that failed.
[[nodiscard]] Result<EmbeddingResponse> embed(const ProviderCore& core,
                                              const EmbeddingRequest& request,
                                              const CallOptions& options);

}  // namespace llm::bedrock
