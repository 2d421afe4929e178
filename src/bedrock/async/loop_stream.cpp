#include "bedrock/async/loop_stream.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/errors.hpp"

namespace llm::bedrock {

LoopStream::LoopStream(loop::Core& loop, Task<Result<OpenedStream>> open)
    : task_(begin(std::move(open))), job_(loop, [this] { run(); }) {
  job_.schedule();
}

const StreamEvent* LoopStream::try_next() {
  while (true) {
    if (const StreamEvent* const event = machine_.next()) return event;
    if (machine_.exchange() == nullptr) return nullptr;
    if (!read()) {
      machine_.rest();
      return nullptr;
    }
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

Task<> LoopStream::begin(Task<Result<OpenedStream>> open) {
  Result<OpenedStream> stream = std::unexpected(Error{});
  try {
    stream = co_await std::move(open);
  } catch (...) {
    stream = std::unexpected(base::thrown_by("The call"));
  }
  opened(std::move(stream));
  job_.schedule();
}

void LoopStream::opened(Result<OpenedStream> stream) {
  if (!stream) return machine_.fail(std::move(stream.error()));
  exchange_ = stream->sent.exchange;
  exchange_->on_progress([this] {
    if (ready_) ready_();
  });
  machine_.open(std::move(stream->decoding), std::move(stream->sent.response));
}

}  // namespace llm::bedrock
