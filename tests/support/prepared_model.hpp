#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <llm/async_provider.hpp>
#include <llm/client.hpp>

#include "loop/core.hpp"

namespace llm::test_support {

/// The events of a response: each block as one delta, then Done; or the error.
[[nodiscard]] inline std::vector<StreamEvent> events_of(const Result<ChatResponse>& response) {
  std::vector<StreamEvent> events;
  if (!response) {
    events.emplace_back(response.error());
    return events;
  }
  const Choice& choice = response->choices.at(0);
  for (const Content& content : choice.message.content) {
    events.emplace_back(Delta{static_cast<int>(events.size()), BlockDelta{content}});
  }
  events.emplace_back(Done{.finish_reason = choice.finish_reason, .usage = response->usage});
  return events;
}

/// A model that returns prepared responses in order and records its requests, blocking or on a
/// loop. After the last one it fails.
class PreparedModel final : public Provider {
 public:
  explicit PreparedModel(std::vector<Result<ChatResponse>> responses)
      : responses_(std::move(responses)) {}

  Result<ChatResponse> chat_completion(const ChatRequest& request,
                                       const CallOptions& /*options*/) const override {
    requests_.push_back(request);
    if (requests_.size() > responses_.size()) {
      return std::unexpected(make_error(ErrorCode::internal_error, "There is no response left."));
    }
    return responses_[requests_.size() - 1];
  }

  ChatStream stream_chat_completion(ChatRequest request, CallOptions options) const override {
    return ChatStream(std::make_unique<Source>(events_of(chat_completion(request, options))));
  }

  Result<ModelInfo> model_info(std::string_view /*model*/) const override { return ModelInfo{}; }
  HealthReport health(const HealthOptions& /*options*/) const override { return {}; }
  std::unique_ptr<AsyncProvider> on(EventLoop& loop) const override {
    return std::make_unique<OnLoop>(*this, loop.core());
  }

  const std::vector<ChatRequest>& requests() const { return requests_; }
  /// From now on calls on a loop do not end by themselves.
  void fall_silent() { is_silent_ = true; }
  /// Calls on a loop that have begun and are not destroyed.
  int open_calls() const { return *open_calls_; }

 private:
  class Source final : public StreamSource {
   public:
    explicit Source(std::vector<StreamEvent> events) : events_(std::move(events)) {}
    const StreamEvent* next() override {
      if (next_ == events_.size()) return nullptr;
      return &events_[next_++];
    }

   private:
    std::vector<StreamEvent> events_;
    std::size_t next_ = 0;
  };

  /// Counts itself.
  class Open {
   public:
    explicit Open(std::shared_ptr<int> count) : count_(std::move(count)) { ++*count_; }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() { --*count_; }

   private:
    std::shared_ptr<int> count_;
  };

  class LoopCall final : public AsyncCall {
   public:
    LoopCall(const PreparedModel& model, loop::Core& core, Result<ChatResponse> response,
             Callback<void(Result<ChatResponse>)> done)
        : open_(model.open_calls_),
          response_(std::move(response)),
          done_(std::move(done)),
          job_(core, [this] {
            auto own = std::exchange(done_, nullptr);
            own(std::move(response_));
          }) {
      if (!model.is_silent_) job_.schedule();
    }

   private:
    Open open_;
    Result<ChatResponse> response_;
    Callback<void(Result<ChatResponse>)> done_;
    loop::Job job_;
  };

  /// Its first event arrives in a later turn.
  class LoopSource final : public AsyncStreamSource {
   public:
    LoopSource(const PreparedModel& model, loop::Core& core, std::vector<StreamEvent> events)
        : open_(model.open_calls_), events_(std::move(events)), job_(core, [this] {
            is_ready_ = true;
            if (ready_) ready_();
          }) {
      if (!model.is_silent_) job_.schedule();
    }

    const StreamEvent* try_next() override {
      if (!is_ready_ || is_over()) return nullptr;
      return &events_[next_++];
    }
    bool is_over() const override { return next_ == events_.size(); }
    void on_ready(Callback<void()> ready) override { ready_ = std::move(ready); }

   private:
    Open open_;
    std::vector<StreamEvent> events_;
    std::size_t next_ = 0;
    bool is_ready_ = false;
    Callback<void()> ready_{};
    loop::Job job_;
  };

  class OnLoop final : public AsyncProvider {
   public:
    OnLoop(const PreparedModel& model, loop::Core& core) : model_(model), core_(core) {}

    std::unique_ptr<AsyncCall> chat_completion(ChatRequest request, CallOptions options,
                                               Callback<void(Result<ChatResponse>)> done) override {
      return std::make_unique<LoopCall>(model_, core_, model_.chat_completion(request, options),
                                        std::move(done));
    }
    std::unique_ptr<AsyncStreamSource> stream_chat_completion(ChatRequest request,
                                                              CallOptions options) override {
      return std::make_unique<LoopSource>(model_, core_,
                                          events_of(model_.chat_completion(request, options)));
    }
    std::unique_ptr<AsyncCall> count_tokens(ChatRequest /*request*/, CallOptions /*options*/,
                                            Callback<void(Result<TokenCount>)> /*done*/) override {
      return nullptr;
    }
    std::unique_ptr<AsyncCall> embed(EmbeddingRequest /*request*/, CallOptions /*options*/,
                                     Callback<void(Result<EmbeddingResponse>)> /*done*/) override {
      return nullptr;
    }

   private:
    const PreparedModel& model_;
    loop::Core& core_;
  };

  std::vector<Result<ChatResponse>> responses_;
  mutable std::vector<ChatRequest> requests_;
  bool is_silent_ = false;
  std::shared_ptr<int> open_calls_ = std::make_shared<int>(0);
};

/// A response of 12 tokens that cost 0.25 USD.
[[nodiscard]] inline ChatResponse completion(FinishReason reason, std::vector<Content> content) {
  ChatResponse response{.usage = {.prompt_tokens = 10, .completion_tokens = 2, .total_tokens = 12}};
  response.choices.push_back({.message = {.role = Role::assistant, .content = std::move(content)},
                              .finish_reason = reason});
  response.details.cost_usd = 0.25;
  return response;
}

[[nodiscard]] inline ChatResponse text_completion(std::string text) {
  return completion(FinishReason::stop, {TextContent{std::move(text)}});
}

[[nodiscard]] inline ToolCallContent call(std::string id, std::string name = "double") {
  return {.id = std::move(id),
          .name = std::move(name),
          .arguments = Json::from_valid_text(R"({"n":2})")};
}

[[nodiscard]] inline ChatResponse calls(std::vector<Content> content) {
  return completion(FinishReason::tool_calls, std::move(content));
}

[[nodiscard]] inline ChatRequest a_request() { return {.messages = {Message::user("Twice two?")}}; }

[[nodiscard]] inline ToolResultContent result_at(const ChatRequest& request, std::size_t message,
                                                 std::size_t block) {
  return std::get<ToolResultContent>(request.messages.at(message).content.at(block));
}

[[nodiscard]] inline std::string text_of(const ToolResultContent& result) {
  return std::get<TextContent>(result.content.at(0)).text;
}

}  // namespace llm::test_support
