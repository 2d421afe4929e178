#include "bedrock/async/loop_stream.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/errors.hpp"
#include "bedrock/operations/chat.hpp"

namespace llm::bedrock {

LoopStream::LoopStream(std::shared_ptr<LoopContext> context, ChatRequest request,
                       CallOptions options)
    : context_(std::move(context)),
      task_(begin(std::move(request), std::move(options))),
      job_(context_->loop, [this] { run(); }) {
  job_.schedule();
}

const StreamEvent* LoopStream::try_next() {
  while (true) {
    if (const StreamEvent* const event = machine_.next()) return event;
    if (machine_.exchange() == nullptr || !read()) return nullptr;
  }
}

/// False when nothing is there yet.
bool LoopStream::read() {
  Result<std::optional<std::string_view>> bytes = exchange_->try_read();
  if (!bytes) {
    machine_.on_read_error(std::move(bytes.error()));
  } else if (!*bytes) {
    return false;
  } else if ((*bytes)->empty()) {
    machine_.on_end_of_body();
  } else {
    machine_.feed(**bytes);
  }
  return true;
}

/// First begins; then tells that there is an event.
void LoopStream::run() {
  if (!std::exchange(has_begun_, true)) return task_.start();
  if (ready_) ready_();
}

Task<> LoopStream::begin(ChatRequest request, CallOptions options) {
  Result<void> opened;
  try {
    opened = co_await open(std::move(request), std::move(options));
  } catch (...) {
    opened = std::unexpected(base::thrown_by("The call"));
  }
  if (!opened) machine_.fail(std::move(opened.error()));
  job_.schedule();
}

Task<Result<void>> LoopStream::open(ChatRequest request, CallOptions options) {
  const ProviderCore& core = *context_->core;
  const Call call = core.pipeline.begin(std::move(options));
  CallWarnings warnings(core.config);
  Result<FoundModel> found = co_await find_model(*context_, request.model, call);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Result<PreparedChat> chat =
      prepare_chat(core, request, Delivery::streaming, std::move(*found), warnings);
  if (!chat) co_return std::unexpected(std::move(chat.error()));
  Result<LoopResponse> sent = co_await send_to_model(*context_, chat->request, call);
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  exchange_ = sent->exchange;
  exchange_->on_progress([this] {
    if (ready_) ready_();
  });
  machine_.open(decoding_of(*chat, std::move(warnings)), std::move(sent->response));
  co_return Result<void>();
}

}  // namespace llm::bedrock
