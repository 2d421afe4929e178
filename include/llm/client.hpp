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

class AsyncProvider;
class EventLoop;

/// The interface of a provider; see `register_provider`. Implementations must be safe to call from
/// many threads at once.
class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                             const CallOptions& options) const = 0;
  /// Sends nothing yet: the stream's first `next` does. A failure is the stream's only event.
  [[nodiscard]] virtual ChatStream stream_chat_completion(ChatRequest request,
                                                          CallOptions options) const = 0;
  /// The default returns unsupported_feature.
  [[nodiscard]] virtual Result<TokenCount> count_tokens(const ChatRequest& request,
                                                        const CallOptions& options) const;
  /// The default returns unsupported_feature.
  [[nodiscard]] virtual Result<EmbeddingResponse> embed(const EmbeddingRequest& request,
                                                        const CallOptions& options) const;
  /// Works offline. An empty `model` means the client's.
  [[nodiscard]] virtual Result<ModelInfo> model_info(std::string_view model) const = 0;
  [[nodiscard]] virtual HealthReport health(const HealthOptions& options) const = 0;
  /// This provider on an event loop, to be used on its thread; it may outlive this object. The
  /// default returns null: then its calls run on threads of the loop.
  [[nodiscard]] virtual std::unique_ptr<AsyncProvider> on(EventLoop& loop) const;
};

/// A handle to a provider. Copies share the provider; const members are safe to call from many
/// threads at once.
///
/// A child of `fork` may use a client of Amazon Bedrock if no call and no stream of it was open as
/// the process forked; it makes connections of its own. Otherwise each call of the child is a
/// configuration_error, and so is reading a stream of the parent. Destroying either in the child
/// sends nothing.
class Client {
 public:
  /// Requires: `provider` is not null.
  explicit Client(std::shared_ptr<const Provider> provider) : provider_(std::move(provider)) {}

  /// Sends the request and waits for the complete response.
  /// Errors: any except stream_error; see docs/errors.md.
  [[nodiscard]] Result<ChatResponse> chat_completion(const ChatRequest& request,
                                                     const CallOptions& options = {}) const {
    return provider_->chat_completion(request, options);
  }

  /// Streams the completion. Returns at once; the request is sent by the stream's `begin()`.
  [[nodiscard]] ChatStream stream_chat_completion(ChatRequest request,
                                                  CallOptions options = {}) const {
    return provider_->stream_chat_completion(std::move(request), std::move(options));
  }

  /// Asks the service how many tokens the prompt of a request has, which is not billed. Counts what
  /// `chat_completion` would send. An inference profile is counted with its base model.
  /// Errors: as `chat_completion`; invalid_request_error if the service cannot count for the model.
  [[nodiscard]] Result<TokenCount> count_tokens(const ChatRequest& request,
                                                const CallOptions& options = {}) const {
    return provider_->count_tokens(request, options);
  }

  /// Embeds each input. A request to Cohere carries up to 96 texts; Titan, Nova and images need one
  /// request each. Requests are sent one after another: the first failure ends the call, and the
  /// vectors received so far are discarded. `options.timeout` covers all of them together.
  /// Errors: any except stream_error; unsupported_feature if the model does not embed.
  [[nodiscard]] Result<EmbeddingResponse> embed(const EmbeddingRequest& request,
                                                const CallOptions& options = {}) const {
    return provider_->embed(request, options);
  }

  /// What the catalogue knows about a model; works offline. An empty `model` means the client's.
  /// Errors: model_not_found if nothing is known about it.
  [[nodiscard]] Result<ModelInfo> model_info(std::string_view model = {}) const {
    return provider_->model_info(model);
  }

  /// Checks whether the service can be reached and used. Never fails itself: a failure is a check
  /// that failed.
  [[nodiscard]] HealthReport health(const HealthOptions& options = {}) const {
    return provider_->health(options);
  }

  [[nodiscard]] const std::shared_ptr<const Provider>& provider() const { return provider_; }

 private:
  std::shared_ptr<const Provider> provider_;
};

}  // namespace llm
