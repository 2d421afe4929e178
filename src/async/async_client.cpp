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

/// Begins a call that reports once; `begin(provider's done)` hands it to the provider.
template <typename Value, typename Begin>
CallHandle start(Context& context, std::stop_token stop, Callback<void(Result<Value>)> done,
                 Begin begin) {
  auto call = std::make_shared<PendingCall<Value>>(context.loop, std::move(done));
  call->start(std::move(stop), std::move(begin));
  return CallHandle(call);
}

std::shared_ptr<StreamState> start_stream(Context& context, ChatRequest request,
                                          CallOptions options) {
  auto stream = std::make_shared<StreamState>(context.loop);
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
  std::stop_token stop = std::exchange(options.stop, {});
  return start<ChatResponse>(*context_, std::move(stop), std::move(done),
                             [&](Callback<void(Result<ChatResponse>)> own) {
                               return context_->async->chat_completion(
                                   std::move(request), std::move(options), std::move(own));
                             });
}

CallHandle AsyncClient::count_tokens(ChatRequest request, CallOptions options,
                                     Callback<void(Result<TokenCount>)> done) const {
  std::stop_token stop = std::exchange(options.stop, {});
  return start<TokenCount>(*context_, std::move(stop), std::move(done),
                           [&](Callback<void(Result<TokenCount>)> own) {
                             return context_->async->count_tokens(
                                 std::move(request), std::move(options), std::move(own));
                           });
}

CallHandle AsyncClient::embed(EmbeddingRequest request, CallOptions options,
                              Callback<void(Result<EmbeddingResponse>)> done) const {
  std::stop_token stop = std::exchange(options.stop, {});
  return start<EmbeddingResponse>(*context_, std::move(stop), std::move(done),
                                  [&](Callback<void(Result<EmbeddingResponse>)> own) {
                                    return context_->async->embed(
                                        std::move(request), std::move(options), std::move(own));
                                  });
}

CallHandle AsyncClient::health(HealthOptions options,
                               Callback<void(Result<HealthReport>)> done) const {
  std::stop_token stop = std::exchange(options.stop, {});
  return start<HealthReport>(
      *context_, std::move(stop), std::move(done), [&](Callback<void(Result<HealthReport>)> own) {
        return async_parts::run_blocking<HealthReport>(
            context_->loop,
            [provider = context_->blocking, options](std::stop_token stop) mutable {
              options.stop = std::move(stop);
              return Result<HealthReport>(provider->health(options));
            },
            std::move(own));
      });
}

CallHandle AsyncClient::stream_chat_completion(ChatRequest request, CallOptions options,
                                               StreamHandler handler) const {
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
  return CallAwaitable<ChatResponse>(
      [client = *this, request = std::move(request),
       options = std::move(options)](Callback<void(Result<ChatResponse>)> done) mutable {
        return client.chat_completion(std::move(request), std::move(options), std::move(done));
      });
}

CallAwaitable<TokenCount> AsyncClient::count_tokens(ChatRequest request,
                                                    CallOptions options) const {
  return CallAwaitable<TokenCount>(
      [client = *this, request = std::move(request),
       options = std::move(options)](Callback<void(Result<TokenCount>)> done) mutable {
        return client.count_tokens(std::move(request), std::move(options), std::move(done));
      });
}

CallAwaitable<EmbeddingResponse> AsyncClient::embed(EmbeddingRequest request,
                                                    CallOptions options) const {
  return CallAwaitable<EmbeddingResponse>(
      [client = *this, request = std::move(request),
       options = std::move(options)](Callback<void(Result<EmbeddingResponse>)> done) mutable {
        return client.embed(std::move(request), std::move(options), std::move(done));
      });
}

CallAwaitable<HealthReport> AsyncClient::health(HealthOptions options) const {
  return CallAwaitable<HealthReport>(
      [client = *this, options](Callback<void(Result<HealthReport>)> done) {
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
