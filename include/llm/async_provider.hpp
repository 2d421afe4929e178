#pragma once

#include <memory>

#include <llm/callback.hpp>
#include <llm/chat.hpp>
#include <llm/embedding.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>
#include <llm/token_count.hpp>

namespace llm {

/// A call on a loop. Destroying it ends the call, without a report.
class AsyncCall {
 public:
  virtual ~AsyncCall() = default;
};

/// The events of a streaming call on a loop; the rules of StreamSource hold. Destroying it closes
/// the connection.
class AsyncStreamSource {
 public:
  virtual ~AsyncStreamSource() = default;
  /// The next event that is there; it lives until the next call. Null: wait for `on_ready`, or
  /// is_over(). As long as nobody asks, at most some tens of KiB are read from the network.
  [[nodiscard]] virtual const StreamEvent* try_next() = 0;
  /// Done or Error has been returned.
  [[nodiscard]] virtual bool is_over() const = 0;
  /// The reader leaves what may be there for later: frees what only decoding needs. The last event
  /// stays.
  virtual void rest() {}
  /// Sets what is called, from the loop, when there may be an event. It may destroy the source.
  virtual void on_ready(Callback<void()> ready) = 0;
};

/// A provider on an event loop. Used on the loop's thread. `done` is called once, from the loop,
/// never within the function that begins the call, and may destroy the call. `CallOptions::stop`
/// need not be heeded: whoever calls this ends the call.
class AsyncProvider {
 public:
  virtual ~AsyncProvider() = default;
  [[nodiscard]] virtual std::unique_ptr<AsyncCall> chat_completion(
      ChatRequest request, CallOptions options, Callback<void(Result<ChatResponse>)> done) = 0;
  /// Sends at once, not with the first `try_next`.
  [[nodiscard]] virtual std::unique_ptr<AsyncStreamSource> stream_chat_completion(
      ChatRequest request, CallOptions options) = 0;
  [[nodiscard]] virtual std::unique_ptr<AsyncCall> count_tokens(
      ChatRequest request, CallOptions options, Callback<void(Result<TokenCount>)> done) = 0;
  [[nodiscard]] virtual std::unique_ptr<AsyncCall> embed(
      EmbeddingRequest request, CallOptions options,
      Callback<void(Result<EmbeddingResponse>)> done) = 0;
};

}  // namespace llm
