#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include <llm/async_provider.hpp>
#include <llm/callback.hpp>
#include <llm/chat.hpp>
#include <llm/client.hpp>
#include <llm/embedding.hpp>
#include <llm/error.hpp>
#include <llm/event_loop.hpp>
#include <llm/health.hpp>
#include <llm/options.hpp>
#include <llm/stream.hpp>
#include <llm/task.hpp>
#include <llm/token_count.hpp>

namespace llm {

/// What a stream does after an event.
enum class Flow {
  go_on,
  pause,  ///< Until `CallHandle::resume`. The service is slowed down when its buffers are full.
};

/// Receives a stream. Both members are called on the loop's thread, never within the function that
/// begins the call, but for the error of a call on a loop of another process.
struct StreamHandler {
  /// Called with deltas only; the reference is valid during the call. Never called after `cancel`
  /// on this thread.
  Callback<Flow(const StreamEvent&)> on_event{};
  /// Exactly once, whatever happens: `Done`, or the error. Also after `cancel`, and when the loop
  /// is destroyed.
  Callback<void(Result<Done>)> on_end{};
};

/// Parts of AsyncClient.
namespace async_parts {

/// What a CallHandle controls. Both functions may be called from any thread.
class Control {
 public:
  virtual ~Control() = default;
  virtual void cancel() = 0;
  virtual void resume() = 0;
};

class StreamState;
struct Context;

}  // namespace async_parts

/// Controls one call. Dropping it does not cancel the call. Both functions may be called from any
/// thread; after the end of the call or of its loop they do nothing.
class CallHandle {
 public:
  explicit CallHandle(std::weak_ptr<async_parts::Control> call) : call_(std::move(call)) {}

  /// Ends the call with `cancelled`, from the loop, unless it has ended.
  void cancel() const {
    if (const auto call = call_.lock()) call->cancel();
  }
  /// Goes on after `Flow::pause`.
  void resume() const {
    if (const auto call = call_.lock()) call->resume();
  }

 private:
  std::weak_ptr<async_parts::Control> call_;
};

/// `co_await` starts the call and returns its Result. Destroying the awaiting coroutine cancels the
/// call. Works in any coroutine type.
template <typename Value>
class [[nodiscard]] CallAwaitable {
 public:
  using Start = Callback<CallHandle(Callback<void(Result<Value>)>)>;

  explicit CallAwaitable(Start start) : start_(std::move(start)) {}
  CallAwaitable(CallAwaitable&&) noexcept = default;
  CallAwaitable& operator=(CallAwaitable&&) = delete;
  ~CallAwaitable() {
    if (waiting_ == nullptr) return;
    waiting_->awaitable = nullptr;
    if (handle_) handle_->cancel();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  [[nodiscard]] bool await_suspend(std::coroutine_handle<> awaiting) {
    waiting_ = std::make_shared<Waiting>(this, awaiting);
    handle_ = start_([waiting = waiting_](Result<Value> result) {
      if (waiting->awaitable == nullptr) return;
      std::exchange(waiting->awaitable, nullptr)->result_ = std::move(result);
      if (!waiting->is_starting) waiting->awaiting.resume();
    });
    waiting_->is_starting = false;
    return !result_;
  }
  [[nodiscard]] Result<Value> await_resume() {
    waiting_.reset();
    return *std::move(result_);
  }

 private:
  struct Waiting {
    Waiting(CallAwaitable* owner, std::coroutine_handle<> coroutine)
        : awaitable(owner), awaiting(coroutine) {}
    CallAwaitable* awaitable;  ///< Null: has its result, or is gone.
    std::coroutine_handle<> awaiting;
    bool is_starting = true;  ///< A call that ends at once does not suspend.
  };

  Start start_;
  std::shared_ptr<Waiting> waiting_{};
  std::optional<CallHandle> handle_{};
  std::optional<Result<Value>> result_{};
};

/// A streaming call for coroutines. Moved, not copied; used on the loop's thread. Destroying it
/// closes the connection. It begins at once.
class [[nodiscard]] AsyncChatStream {
 public:
  explicit AsyncChatStream(std::shared_ptr<async_parts::StreamState> state);
  AsyncChatStream(AsyncChatStream&&) noexcept = default;
  AsyncChatStream& operator=(AsyncChatStream&&) noexcept;
  ~AsyncChatStream();

  /// `co_await` returns the next event, which lives until the next call, at most as long as the
  /// loop; Done or Error is the last one, then null. Suspends only when nothing is decoded.
  class NextAwaitable {
   public:
    explicit NextAwaitable(async_parts::StreamState& state) : state_(state) {}
    NextAwaitable(const NextAwaitable&) = delete;
    NextAwaitable& operator=(const NextAwaitable&) = delete;
    ~NextAwaitable();
    [[nodiscard]] bool await_ready();
    void await_suspend(std::coroutine_handle<> awaiting);
    [[nodiscard]] const StreamEvent* await_resume() const { return event_; }

   private:
    friend class async_parts::StreamState;
    async_parts::StreamState& state_;
    const StreamEvent* event_ = nullptr;
    std::coroutine_handle<> awaiting_{};
  };
  [[nodiscard]] NextAwaitable next() { return NextAwaitable(*state_); }

  /// `co_await` reads the rest and returns the complete response. A stream keeps no copy of what
  /// was read, so events that were read before are not in it: call it first. Requires: this
  /// outlives it. Errors: the stream's own; model_error if a tool call's arguments are not JSON.
  [[nodiscard]] Task<Result<ChatResponse>> collect();

  /// For another thread; here, destroy the stream.
  [[nodiscard]] CallHandle handle() const;

 private:
  std::shared_ptr<async_parts::StreamState> state_;  ///< Null: moved from.
};

/// A client on an event loop: the calls of `Client`, with callbacks or as awaitables, on the loop's
/// thread. Copies are cheap and share connections. It may be destroyed after the loop, but not used
/// any more. `CallOptions::stop` ends a call from any thread. In a child of `fork`, a call on a
/// loop of the parent ends with configuration_error before the function that begins it returns.
///
/// A client with a custom `Transport`, and a provider without `Provider::on`, can only block:
/// `EventLoopOptions::blocking_threads` of its calls run at once, the rest queue.
class AsyncClient {
 public:
  AsyncClient(Client client, EventLoop& loop);

  /// As `Client::chat_completion`. `done` is called exactly once.
  CallHandle chat_completion(ChatRequest request, CallOptions options,
                             Callback<void(Result<ChatResponse>)> done) const;
  [[nodiscard]] CallAwaitable<ChatResponse> chat_completion(ChatRequest request,
                                                            CallOptions options = {}) const;

  /// As `Client::stream_chat_completion`, but it begins at once.
  CallHandle stream_chat_completion(ChatRequest request, CallOptions options,
                                    StreamHandler handler) const;
  [[nodiscard]] AsyncChatStream stream_chat_completion(ChatRequest request,
                                                       CallOptions options = {}) const;

  /// As `Client::count_tokens`.
  CallHandle count_tokens(ChatRequest request, CallOptions options,
                          Callback<void(Result<TokenCount>)> done) const;
  [[nodiscard]] CallAwaitable<TokenCount> count_tokens(ChatRequest request,
                                                       CallOptions options = {}) const;

  /// As `Client::embed`.
  CallHandle embed(EmbeddingRequest request, CallOptions options,
                   Callback<void(Result<EmbeddingResponse>)> done) const;
  [[nodiscard]] CallAwaitable<EmbeddingResponse> embed(EmbeddingRequest request,
                                                       CallOptions options = {}) const;

  /// As `Client::health`, on a thread of the loop. A cancelled check is an error.
  CallHandle health(HealthOptions options, Callback<void(Result<HealthReport>)> done) const;
  [[nodiscard]] CallAwaitable<HealthReport> health(HealthOptions options = {}) const;

  /// For the library.
  [[nodiscard]] async_parts::Context& context() const { return *context_; }

 private:
  std::shared_ptr<async_parts::Context> context_;
};

}  // namespace llm
