#include "bedrock/async/loop_provider.hpp"

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

/// A chat whose response head has arrived.
struct SentChat {
  Call call;
  PreparedChat chat;
  CallWarnings warnings;
  LoopResponse sent;
};

Task<Result<SentChat>> send_chat(LoopContext& context, ChatRequest request, CallOptions options,
                                 Delivery delivery) {
  const ProviderCore& core = *context.core;
  Result<Call> call = core.pipeline.begin(std::move(options));
  if (!call) co_return std::unexpected(std::move(call.error()));
  CallWarnings warnings(core.config);
  Result<FoundModel> found = co_await find_model(context, request.model, *call);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Result<PreparedChat> chat = prepare_chat(core, request, delivery, std::move(*found), warnings);
  if (!chat) co_return std::unexpected(std::move(chat.error()));
  Result<LoopResponse> sent = co_await send_to_model(context, chat->request, *call);
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  co_return SentChat{.call = std::move(*call),
                     .chat = std::move(*chat),
                     .warnings = std::move(warnings),
                     .sent = std::move(*sent)};
}

Task<Result<ChatResponse>> chat_on(std::shared_ptr<LoopContext> context, ChatRequest request,
                                   CallOptions options) {
  Result<SentChat> done =
      co_await send_chat(*context, std::move(request), std::move(options), Delivery::buffered);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return finish_chat(*context->core, done->chat, done->sent.response, done->warnings);
}

Task<Result<OpenedStream>> stream_on(std::shared_ptr<LoopContext> context, ChatRequest request,
                                     CallOptions options) {
  Result<SentChat> open =
      co_await send_chat(*context, std::move(request), std::move(options), Delivery::streaming);
  if (!open) co_return std::unexpected(std::move(open.error()));
  co_return OpenedStream{.decoding = decoding_of(open->chat, open->call, std::move(open->warnings)),
                         .sent = std::move(open->sent)};
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
  const ProviderCore& core = *context.core;
  if (auto found = try_model_of(core, requested_model, call)) co_return *std::move(found);
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

Task<Result<LoopResponse>> send_to_model(LoopContext& context, UnsignedRequest& request,
                                         const Call& call) {
  const ProviderCore& core = *context.core;
  std::vector<Warning> warnings;
  if (is_region_open(core, request, call)) {
    const auto join = [&core] { return core.config.late_region->join(); };
    Result<RegionInUse> found =
        co_await joined<RegionInUse>(context.loop, call.limits(kFindsRegion), join);
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (auto moved = move_to(core.config, found->region.value, request); !moved) {
      co_return std::unexpected(std::move(moved.error()));
    }
    warnings = std::move(found->warnings);
  }
  Result<LoopResponse> sent =
      co_await send_on(context.loop, *context.transport, core.pipeline.shared(), request, call);
  if (sent) sent->response.warnings = std::move(warnings);
  co_return sent;
}

LoopProvider::LoopProvider(std::shared_ptr<const ProviderCore> core, loop::Core& loop,
                           std::unique_ptr<loop::AsyncTransport> transport)
    : context_(std::make_shared<LoopContext>(std::move(core), loop, std::move(transport))) {}

std::unique_ptr<AsyncCall> LoopProvider::chat_completion(
    ChatRequest request, CallOptions options, Callback<void(Result<ChatResponse>)> done) {
  return task_call(context_->loop, chat_on(context_, std::move(request), std::move(options)),
                   std::move(done));
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
  return std::make_unique<LoopStream>(context_->loop,
                                      stream_on(context_, std::move(request), std::move(options)));
}

}  // namespace llm::bedrock
