#pragma once

#include <memory>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/embedding.hpp>
#include <llm/error.hpp>
#include <llm/health.hpp>
#include <llm/model.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>
#include <llm/token_count.hpp>

namespace llm {

/// What a provider implements; see `register_provider`. Const members are called from many threads.
class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                             const CallOptions& options) const = 0;
  /// Sends nothing; the stream's first `next` does. Failures come as the stream's only event.
  [[nodiscard]] virtual ChatStream stream_chat_completion(ChatRequest request,
                                                          CallOptions options) const = 0;
  /// A provider that cannot count need not override this: it answers unsupported_feature.
  [[nodiscard]] virtual Result<TokenCount> count_tokens(const ChatRequest& request,
                                                        const CallOptions& options) const;
  /// As `count_tokens`: need not be overridden.
  [[nodiscard]] virtual Result<EmbeddingResponse> embed(const EmbeddingRequest& request,
                                                        const CallOptions& options) const;
  /// Offline. `model` empty: the client's.
  [[nodiscard]] virtual Result<ModelInfo> model_info(std::string_view model) const = 0;
  [[nodiscard]] virtual HealthReport health(const HealthOptions& options) const = 0;
};

/// A handle on a provider. Copies share it; const members are safe from many threads at once.
class Client {
 public:
  /// Requires: `provider` is not null.
  explicit Client(std::shared_ptr<const Provider> provider) : provider_(std::move(provider)) {}

  /// Asks and waits for the whole answer.
  /// Errors: any but stream_error; docs/errors.md.
  [[nodiscard]] Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                     const CallOptions& options = {}) const {
    return provider_->chat_completion(request, options);
  }

  /// Asks for the answer piece by piece. Returns at once; the request goes out with `begin()`.
  [[nodiscard]] ChatStream stream_chat_completion(ChatRequest request,
                                                  CallOptions options = {}) const {
    return provider_->stream_chat_completion(std::move(request), std::move(options));
  }

  /// Asks the service how many tokens the request's prompt has; unbilled. Counts what
  /// `chat_completion` would send. An inference profile is counted by its base model.
  /// Errors: as `chat_completion`; invalid_request_error when the service cannot count for the
  /// model.
  [[nodiscard]] Result<TokenCount> count_tokens(const ChatRequest& request,
                                                const CallOptions& options = {}) const {
    return provider_->count_tokens(request, options);
  }

  /// Makes a vector of each input. Cohere takes 96 texts a call; Titan, Nova and every image take a
  /// call each, sent one after another: the first that fails ends it, and what was made is lost.
  /// `options.timeout` is for all of them together.
  /// Errors: any but stream_error; unsupported_feature for a model that makes no vectors.
  [[nodiscard]] Result<EmbeddingResponse> embed(const EmbeddingRequest& request,
                                                const CallOptions& options = {}) const {
    return provider_->embed(request, options);
  }

  /// What is known of a model, without the network. Empty: the client's own model.
  /// Errors: model_not_found when nothing is known of it.
  [[nodiscard]] Result<ModelInfo> model_info(std::string_view model = {}) const {
    return provider_->model_info(model);
  }

  /// Whether the service can be reached and used. Never fails: failures are checks that failed.
  [[nodiscard]] HealthReport health(const HealthOptions& options = {}) const {
    return provider_->health(options);
  }

 private:
  std::shared_ptr<const Provider> provider_;
};

}  // namespace llm
