#include <memory>
#include <stop_token>
#include <utility>

#include <llm/async_client.hpp>

#include "async/blocking_calls.hpp"
#include "async/context.hpp"
#include "async/pending_call.hpp"
#include "async/stream_state.hpp"

namespace llm {
namespace {

using async_parts::Context;
using async_parts::PendingCall;
using async_parts::StreamState;

template <typename Value>
using Report = Callback<void(Result<Value>)>;

/// Starts a call that reports once. `begin(done)` starts the provider's call.
template <typename Value, typename Begin>
CallHandle start(Context& context, std::stop_token stop, Report<Value> done, Begin begin) {
  if (!context.loop.is_of_this_process()) {
    done(std::unexpected(loop::foreign_loop_error()));
    return CallHandle({});
  }
  auto call = std::make_shared<PendingCall<Value>>(context.loop, std::move(done));
  call->start(std::move(stop), std::move(begin));
  return CallHandle(call);
}

/// The same for a function of the provider.
template <typename Value, typename Request>
CallHandle start(Context& context,
                 std::unique_ptr<AsyncCall> (AsyncProvider::*function)(Request, CallOptions,
                                                                       Report<Value>),
                 Request request, CallOptions options, Report<Value> done) {
  std::stop_token stop = std::exchange(options.stop, {});
  return start<Value>(context, std::move(stop), std::move(done), [&](Report<Value> own) {
    return (context.async.get()->*function)(std::move(request), std::move(options), std::move(own));
  });
}

/// A function of AsyncClient that takes a callback, as an awaitable.
template <typename Value, typename Request>
CallAwaitable<Value> awaitable(const AsyncClient& client,
                               CallHandle (AsyncClient::*function)(Request, CallOptions,
                                                                   Report<Value>) const,
                               Request request, CallOptions options) {
  return CallAwaitable<Value>([client, function, request = std::move(request),
                               options = std::move(options)](Report<Value> done) mutable {
    return (client.*function)(std::move(request), std::move(options), std::move(done));
  });
}

std::shared_ptr<StreamState> start_stream(Context& context, ChatRequest request,
                                          CallOptions options) {
  auto stream = std::make_shared<StreamState>(context.loop);
  if (!context.loop.is_of_this_process()) {
    stream->fail(loop::foreign_loop_error());
    return stream;
  }
  std::stop_token stop = std::exchange(options.stop, {});
  auto source = context.async->stream_chat_completion(std::move(request), std::move(options));
  stream->start(std::move(source), std::move(stop));
  return stream;
}

}  // namespace

AsyncClient::AsyncClient(Client client, EventLoop& loop) {
  std::unique_ptr<AsyncProvider> provider = client.provider()->on(loop);
  if (provider == nullptr) provider = async_parts::blocking_provider(client, loop.core());
  context_ = std::make_shared<Context>(client.provider(), loop.core(), std::move(provider));
}

CallHandle AsyncClient::chat_completion(ChatRequest request, CallOptions options,
                                        Callback<void(Result<ChatResponse>)> done) const {
  return start(*context_, &AsyncProvider::chat_completion, std::move(request), std::move(options),
               std::move(done));
}

CallHandle AsyncClient::count_tokens(ChatRequest request, CallOptions options,
                                     Callback<void(Result<TokenCount>)> done) const {
  return start(*context_, &AsyncProvider::count_tokens, std::move(request), std::move(options),
               std::move(done));
}

CallHandle AsyncClient::embed(EmbeddingRequest request, CallOptions options,
                              Callback<void(Result<EmbeddingResponse>)> done) const {
  return start(*context_, &AsyncProvider::embed, std::move(request), std::move(options),
               std::move(done));
}

CallHandle AsyncClient::health(HealthOptions options,
                               Callback<void(Result<HealthReport>)> done) const {
  std::stop_token stop = std::exchange(options.stop, {});
  return start<HealthReport>(
      *context_, std::move(stop), std::move(done), [&](Report<HealthReport> own) {
        return async_parts::run_blocking<HealthReport>(
            context_->loop,
            [provider = context_->blocking, options](std::stop_token of_call) mutable {
              options.stop = std::move(of_call);
              return Result<HealthReport>(provider->health(options));
            },
            std::move(own));
      });
}

CallHandle AsyncClient::stream_chat_completion(ChatRequest request, CallOptions options,
                                               StreamHandler handler) const {
  if (!context_->loop.is_of_this_process()) {
    handler.on_end(std::unexpected(loop::foreign_loop_error()));
    return CallHandle({});
  }
  const auto stream = start_stream(*context_, std::move(request), std::move(options));
  stream->read_with(std::move(handler));
  return CallHandle(stream);
}

AsyncChatStream AsyncClient::stream_chat_completion(ChatRequest request,
                                                    CallOptions options) const {
  return AsyncChatStream(start_stream(*context_, std::move(request), std::move(options)));
}

CallAwaitable<ChatResponse> AsyncClient::chat_completion(ChatRequest request,
                                                         CallOptions options) const {
  return awaitable<ChatResponse, ChatRequest>(*this, &AsyncClient::chat_completion,
                                              std::move(request), std::move(options));
}

CallAwaitable<TokenCount> AsyncClient::count_tokens(ChatRequest request,
                                                    CallOptions options) const {
  return awaitable<TokenCount, ChatRequest>(*this, &AsyncClient::count_tokens, std::move(request),
                                            std::move(options));
}

CallAwaitable<EmbeddingResponse> AsyncClient::embed(EmbeddingRequest request,
                                                    CallOptions options) const {
  return awaitable<EmbeddingResponse, EmbeddingRequest>(*this, &AsyncClient::embed,
                                                        std::move(request), std::move(options));
}

CallAwaitable<HealthReport> AsyncClient::health(HealthOptions options) const {
  return CallAwaitable<HealthReport>([client = *this, options](Report<HealthReport> done) {
    return client.health(options, std::move(done));
  });
}

AsyncChatStream::AsyncChatStream(std::shared_ptr<async_parts::StreamState> state)
    : state_(std::move(state)) {}

AsyncChatStream& AsyncChatStream::operator=(AsyncChatStream&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

AsyncChatStream::~AsyncChatStream() {
  if (state_ != nullptr) state_->drop();
}

CallHandle AsyncChatStream::handle() const { return CallHandle(state_); }

Task<Result<ChatResponse>> AsyncChatStream::collect() {
  Accumulator accumulator;
  while (true) {
    const StreamEvent* const event = co_await next();
    if (event == nullptr) {
      co_return std::unexpected(make_error(ErrorCode::configuration_error,
                                           "The stream has been read to its end already.",
                                           "Call collect() first."));
    }
    if (event->is_error()) co_return std::unexpected(event->error());
    if (event->is_done()) co_return accumulator.finish(event->done());
    accumulator.add(event->delta());
  }
}

AsyncChatStream::NextAwaitable::~NextAwaitable() {
  if (awaiting_) state_.wait(nullptr);
}

bool AsyncChatStream::NextAwaitable::await_ready() {
  event_ = state_.try_next();
  return event_ != nullptr || state_.is_over();
}

void AsyncChatStream::NextAwaitable::await_suspend(std::coroutine_handle<> awaiting) {
  awaiting_ = awaiting;
  state_.wait(this);
}

}  // namespace llm
