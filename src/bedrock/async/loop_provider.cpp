#include "bedrock/async/loop_provider.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "bedrock/async/join.hpp"
#include "bedrock/async/loop_stream.hpp"
#include "bedrock/async/task_call.hpp"
#include "bedrock/operations/chat.hpp"
#include "bedrock/operations/count_tokens.hpp"
#include "bedrock/operations/embed.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kAsksForModel = "Asking for the base model";
constexpr std::string_view kFindsRegion = "Finding the region of this machine";

/// The lookup of a model on a thread, for all calls that wait for it.
auto model_job(std::shared_ptr<const ProviderCore> core, std::string model, CallOptions options) {
  using Outcome = aws::SingleFlight<std::string, FoundModel>::Outcome;
  return [core = std::move(core), model = std::move(model),
          options = std::move(options)](const std::stop_token& abandoned) {
    CallOptions own = options;
    own.stop = abandoned;
    const Result<Call> call = core->pipeline.begin(std::move(own));
    if (!call) return Outcome{std::unexpected(call.error())};
    return Outcome{model_of(*core, model, *call)};
  };
}

Task<Result<FoundModel>> look_up_model(LoopContext& context, std::string requested_model,
                                       const Call& call) {
  const ProviderCore& core = *context.core;
  const aws::WaitLimits limits = call.limits(kAsksForModel);
  const auto run = on_pool(*core.config.pipeline.lookup_pool);
  // What the call's own key may see is not for other calls.
  const bool is_alone = has_own_key(call.options);
  aws::SingleFlight<std::string, FoundModel> alone;
  auto& flights = is_alone ? alone : context.models;
  const auto join = [&] {
    return flights.join(run, requested_model,
                        model_job(context.core, requested_model, call.options));
  };
  Result<FoundModel> found = co_await joined<FoundModel>(context.loop, limits, join);
  co_return found;
}

/// Settles the region, then sends.
Task<Result<LoopResponse>> find_region(LoopContext& context, UnsignedRequest& request,
                                       const Call& call) {
  const ProviderCore& core = *context.core;
  const auto join = [&core] { return core.config.late_region->join(); };
  Result<RegionInUse> found =
      co_await joined<RegionInUse>(context.loop, call.limits(kFindsRegion), join);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (auto moved = move_to(core.config, found->region.value, request); !moved) {
    co_return std::unexpected(std::move(moved.error()));
  }
  Result<LoopResponse> sent =
      co_await send_on(context.loop, *context.transport, core.pipeline.shared(), request, call);
  if (sent) sent->response.warnings = std::move(found->warnings);
  co_return sent;
}

/// A chat on its way to the response head. Its parts are made here and stay here: coroutines refer
/// to them, and their frames stay small.
class SentChat {
 public:
  SentChat(std::shared_ptr<LoopContext> context, ChatRequest&& request, CallOptions&& options,
           Delivery delivery)
      : context_(std::move(context)),
        request_(std::move(request)),
        options_(std::move(options)),
        delivery_(delivery),
        warnings_(core().config) {}

  /// No coroutine where the model is known: each has a frame, which lives as long as the call
  /// waits.
  Task<Result<LoopResponse>> send() {
    const Result<bool> is_ready = try_prepare();
    if (!is_ready) return failed(is_ready.error());
    if (!*is_ready) return find_model_and_send();
    return send_to_model(*context_, chat_.request, call_);
  }

  Result<ChatResponse> finish(Response& response) {
    return finish_chat(core(), chat_, response, warnings_);
  }
  [[nodiscard]] StreamDecoding decoding() {
    return decoding_of(chat_, call_, std::move(warnings_));
  }

 private:
  [[nodiscard]] const ProviderCore& core() const { return *context_->core; }

  /// False: the service must be asked for the model.
  Result<bool> try_prepare() {
    Result<Call> call = core().pipeline.begin(std::move(options_));
    if (!call) return std::unexpected(std::move(call.error()));
    call_ = std::move(*call);
    std::optional<Result<FoundModel>> found = try_model_of(core(), request_.model, call_);
    if (!found) return false;
    if (!*found) return std::unexpected(std::move(found->error()));
    if (auto done = prepare(std::move(**found)); !done) {
      return std::unexpected(std::move(done.error()));
    }
    return true;
  }

  Task<Result<LoopResponse>> find_model_and_send() {
    Result<FoundModel> found = co_await look_up_model(*context_, request_.model, call_);
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (auto done = prepare(std::move(*found)); !done) {
      co_return std::unexpected(std::move(done.error()));
    }
    Result<LoopResponse> sent = co_await send_to_model(*context_, chat_.request, call_);
    co_return sent;
  }

  static Task<Result<LoopResponse>> failed(Error error) { co_return std::unexpected(error); }

  Result<void> prepare(FoundModel found) {
    Result<PreparedChat> chat =
        prepare_chat(core(), request_, delivery_, std::move(found), warnings_);
    if (!chat) return std::unexpected(std::move(chat.error()));
    chat_ = std::move(*chat);
    request_ = {};  // The body has it now: prompts are not kept twice.
    return {};
  }

  std::shared_ptr<LoopContext> context_;
  ChatRequest request_;
  CallOptions options_;
  Delivery delivery_;
  CallWarnings warnings_;
  Call call_;
  PreparedChat chat_;
};

Task<Result<ChatResponse>> chat_on(std::unique_ptr<SentChat> chat) {
  Result<LoopResponse> sent = co_await chat->send();
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  co_return chat->finish(sent->response);
}

Task<Result<OpenedStream>> stream_on(std::unique_ptr<SentChat> chat) {
  Result<LoopResponse> sent = co_await chat->send();
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  co_return OpenedStream{.decoding = chat->decoding(), .sent = std::move(*sent)};
}

Task<Result<TokenCount>> count_on(std::shared_ptr<LoopContext> context, ChatRequest request,
                                  CallOptions options) {
  const ProviderCore& core = *context->core;
  const Result<Call> call = core.pipeline.begin(std::move(options));
  if (!call) co_return std::unexpected(call.error());
  CallWarnings warnings(core.config);
  Result<FoundModel> found = co_await find_model(*context, request.model, *call);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Result<PreparedCount> count = prepare_count(core, request, std::move(*found), warnings);
  if (!count) co_return std::unexpected(std::move(count.error()));
  Result<LoopResponse> sent = co_await send_to_model(*context, count->request, *call);
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  co_return finish_count(core, *count, sent->response, warnings);
}

Task<Result<EmbeddingResponse>> embed_on(std::shared_ptr<LoopContext> context,
                                         EmbeddingRequest request, CallOptions options) {
  const ProviderCore& core = *context->core;
  const Result<Call> call = core.pipeline.begin(std::move(options));
  if (!call) co_return std::unexpected(call.error());
  Result<FoundModel> found = co_await find_model(*context, request.model, *call);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Result<EmbeddingCalls> calls = EmbeddingCalls::of(core, request, std::move(*found));
  if (!calls) co_return std::unexpected(std::move(calls.error()));
  while (true) {
    const Result<UnsignedRequest*> next = calls->next();
    if (!next) co_return std::unexpected(next.error());
    if (*next == nullptr) break;
    Result<LoopResponse> sent = co_await send_to_model(*context, **next, *call);
    Result<Response> outcome =
        sent ? Result<Response>(std::move(sent->response)) : std::unexpected(sent.error());
    if (auto taken = calls->take(std::move(outcome)); !taken) {
      co_return std::unexpected(std::move(taken.error()));
    }
  }
  co_return std::move(*calls).finish();
}

}  // namespace

Task<Result<FoundModel>> find_model(LoopContext& context, std::string requested_model,
                                    const Call& call) {
  if (auto found = try_model_of(*context.core, requested_model, call)) co_return *std::move(found);
  Result<FoundModel> found = co_await look_up_model(context, std::move(requested_model), call);
  co_return found;
}

Task<Result<LoopResponse>> send_to_model(LoopContext& context, UnsignedRequest& request,
                                         const Call& call) {
  if (is_region_open(*context.core, request, call)) return find_region(context, request, call);
  return send_on(context.loop, *context.transport, context.core->pipeline.shared(), request, call);
}

LoopProvider::LoopProvider(std::shared_ptr<const ProviderCore> core, loop::Core& loop,
                           std::unique_ptr<loop::AsyncTransport> transport)
    : context_(std::make_shared<LoopContext>(std::move(core), loop, std::move(transport))) {}

std::unique_ptr<AsyncCall> LoopProvider::chat_completion(
    ChatRequest request, CallOptions options, Callback<void(Result<ChatResponse>)> done) {
  auto chat = std::make_unique<SentChat>(context_, std::move(request), std::move(options),
                                         Delivery::buffered);
  return task_call(context_->loop, chat_on(std::move(chat)), std::move(done));
}

std::unique_ptr<AsyncCall> LoopProvider::count_tokens(ChatRequest request, CallOptions options,
                                                      Callback<void(Result<TokenCount>)> done) {
  return task_call(context_->loop, count_on(context_, std::move(request), std::move(options)),
                   std::move(done));
}

std::unique_ptr<AsyncCall> LoopProvider::embed(EmbeddingRequest request, CallOptions options,
                                               Callback<void(Result<EmbeddingResponse>)> done) {
  return task_call(context_->loop, embed_on(context_, std::move(request), std::move(options)),
                   std::move(done));
}

std::unique_ptr<AsyncStreamSource> LoopProvider::stream_chat_completion(ChatRequest request,
                                                                        CallOptions options) {
  auto chat = std::make_unique<SentChat>(context_, std::move(request), std::move(options),
                                         Delivery::streaming);
  return std::make_unique<LoopStream>(context_->loop, stream_on(std::move(chat)));
}

}  // namespace llm::bedrock
