#include "async/blocking_calls.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/errors.hpp"

namespace llm::async_parts {
namespace {

/// Events that a thread may be ahead of their reader.
constexpr std::size_t kMaxEventsAhead = 64;

/// Reads a blocking stream on a thread and hands its events over.
class BlockingStream final : public AsyncStreamSource {
 public:
  BlockingStream(loop::Core& core, Client client, ChatRequest request, CallOptions options)
      : shared_(std::make_shared<Shared>(core.remote())) {
    shared_->owner = this;
    options.stop = shared_->stop.get_token();
    core.workers().run([shared = shared_, client = std::move(client), request = std::move(request),
                        options = std::move(options)]() mutable {
      read(*shared, client, std::move(request), std::move(options));
    });
  }
  BlockingStream(const BlockingStream&) = delete;
  BlockingStream& operator=(const BlockingStream&) = delete;
  ~BlockingStream() override {
    shared_->owner = nullptr;
    shared_->stop.request_stop();
    shared_->has_room.notify_all();
  }

  const StreamEvent* try_next() override {
    if (is_over_) return nullptr;
    current_.reset();
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->events.empty()) return nullptr;
      current_ = std::move(shared_->events.front());
      shared_->events.pop_front();
    }
    shared_->has_room.notify_all();
    is_over_ = !current_->is_delta();
    return &*current_;
  }
  [[nodiscard]] bool is_over() const override { return is_over_; }
  void on_ready(Callback<void()> ready) override { ready_ = std::move(ready); }

 private:
  struct Shared : std::enable_shared_from_this<Shared> {
    explicit Shared(std::shared_ptr<loop::Remote> loop) : remote(std::move(loop)) {}
    std::shared_ptr<loop::Remote> remote;
    std::stop_source stop{};
    std::mutex mutex{};
    std::condition_variable_any has_room{};
    std::deque<StreamEvent> events{};  ///< Guarded by `mutex`.
    BlockingStream* owner = nullptr;   ///< Used on the loop's thread; null: gone.
  };

  static void read(Shared& shared, const Client& client, ChatRequest request, CallOptions options) {
    try {
      ChatStream stream = client.stream_chat_completion(std::move(request), std::move(options));
      for (const StreamEvent& event : stream) {
        if (!hand_over(shared, event)) return;
      }
    } catch (...) {
      static_cast<void>(hand_over(shared, base::thrown_by("The call")));
    }
  }

  /// Waits for room. False when nobody reads any more.
  static bool hand_over(Shared& shared, StreamEvent event) {
    const std::stop_token stop = shared.stop.get_token();
    {
      std::unique_lock lock(shared.mutex);
      const bool has_room =
          shared.has_room.wait(lock, stop, [&] { return shared.events.size() < kMaxEventsAhead; });
      if (!has_room) return false;
      shared.events.push_back(std::move(event));
      if (shared.events.size() > 1) return true;  // The reader has been told.
    }
    return shared.remote->post([self = shared.shared_from_this()] {
      if (self->owner != nullptr) self->owner->tell();
    });
  }

  void tell() {
    if (ready_) ready_();
  }

  std::shared_ptr<Shared> shared_;
  std::optional<StreamEvent> current_;
  bool is_over_ = false;
  Callback<void()> ready_;
};

class BlockingProvider final : public AsyncProvider {
 public:
  BlockingProvider(Client client, loop::Core& core) : client_(std::move(client)), core_(core) {}

  std::unique_ptr<AsyncCall> chat_completion(ChatRequest request, CallOptions options,
                                             Callback<void(Result<ChatResponse>)> done) override {
    return run(&Client::chat_completion, std::move(request), std::move(options), std::move(done));
  }
  std::unique_ptr<AsyncStreamSource> stream_chat_completion(ChatRequest request,
                                                            CallOptions options) override {
    return std::make_unique<BlockingStream>(core_, client_, std::move(request), std::move(options));
  }
  std::unique_ptr<AsyncCall> count_tokens(ChatRequest request, CallOptions options,
                                          Callback<void(Result<TokenCount>)> done) override {
    return run(&Client::count_tokens, std::move(request), std::move(options), std::move(done));
  }
  std::unique_ptr<AsyncCall> embed(EmbeddingRequest request, CallOptions options,
                                   Callback<void(Result<EmbeddingResponse>)> done) override {
    return run(&Client::embed, std::move(request), std::move(options), std::move(done));
  }

 private:
  template <typename Value, typename Request>
  using Function = Result<Value> (Client::*)(const Request&, const CallOptions&) const;

  template <typename Value, typename Request>
  std::unique_ptr<AsyncCall> run(Function<Value, Request> function, Request request,
                                 CallOptions options, Callback<void(Result<Value>)> done) {
    return run_blocking<Value>(
        core_,
        [client = client_, function, request = std::move(request),
         options = std::move(options)](std::stop_token stop) mutable {
          options.stop = std::move(stop);
          return (client.*function)(request, options);
        },
        std::move(done));
  }

  Client client_;
  loop::Core& core_;
};

}  // namespace

std::unique_ptr<AsyncProvider> blocking_provider(Client client, loop::Core& core) {
  return std::make_unique<BlockingProvider>(std::move(client), core);
}

}  // namespace llm::async_parts
