#pragma once

#include <memory>
#include <string>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>

#include "bedrock/call/stream_machine.hpp"
#include "bedrock/catalogue/cost.hpp"
#include "bedrock/operations/context.hpp"

namespace llm::bedrock {

/// The codec that carries a chat with the model.
/// Errors: unsupported_feature for an embedding model, and with `api = invoke` for a model whose
/// native format is not known.
[[nodiscard]] Result<const Codec*> choose_codec(const ProviderConfig& config, const ModelId& model);

/// Lints a chat request as the client is set to, repairs included, and encodes it.
/// Errors: as `linter::pass` and `Codec::encode`.
[[nodiscard]] Result<WireRequest> encode_chat(const ProviderConfig& config, const Codec& codec,
                                              const ChatRequest& request, const ModelId& model,
                                              Delivery delivery, CallWarnings& warnings);

/// A chat request that is ready to be sent.
struct PreparedChat {
  std::shared_ptr<const ModelId> model;
  const Codec* codec = nullptr;
  UnsignedRequest request;
  std::string structured_output;
  CacheTime cache_time{};
};

/// Chooses the codec, lints, encodes and addresses a chat request to `found`. Needs no network.
[[nodiscard]] Result<PreparedChat> prepare_chat(const ProviderCore& core,
                                                const ChatRequest& request, Delivery delivery,
                                                FoundModel found, CallWarnings& warnings);

/// Decodes the response to a buffered chat. Errors: the service's in a 2xx body; model_error.
[[nodiscard]] Result<ChatResponse> finish_chat(const ProviderCore& core, const PreparedChat& chat,
                                               Response& response, CallWarnings& warnings);

/// How the response to a streaming chat is decoded.
[[nodiscard]] StreamDecoding decoding_of(const PreparedChat& chat, const Call& call,
                                         CallWarnings warnings);

/// Sends a chat request and decodes its buffered response. Errors: any but stream_error.
[[nodiscard]] Result<ChatResponse> chat_completion(const ProviderCore& core,
                                                   const ChatRequest& request,
                                                   const CallOptions& options);

/// The same as a stream. Nothing is sent before its first `next`; it may outlive the provider.
[[nodiscard]] ChatStream stream_chat_completion(std::shared_ptr<const ProviderCore> core,
                                                ChatRequest request, CallOptions options);

}  // namespace llm::bedrock
