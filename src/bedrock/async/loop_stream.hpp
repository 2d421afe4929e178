#pragma once

#include <llm/async_provider.hpp>
#include <llm/task.hpp>

#include "bedrock/async/loop_driver.hpp"
#include "bedrock/call/stream_machine.hpp"
#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::bedrock {

/// A stream whose response head has arrived.
struct OpenedStream {
  StreamDecoding decoding;
  LoopResponse sent;
};

/// A streaming call on a loop: a task up to the response head, then a StreamMachine that takes what
/// has been received.
class LoopStream final : public AsyncStreamSource {
 public:
  /// `open` is started by the loop, soon.
  LoopStream(loop::Core& loop, Task<Result<OpenedStream>> open);

  [[nodiscard]] const StreamEvent* try_next() override;
  [[nodiscard]] bool is_over() const override { return machine_.is_over(); }
  void rest() override { machine_.rest(); }
  void on_ready(Callback<void()> ready) override { ready_ = std::move(ready); }

 private:
  Task<> begin(Task<Result<OpenedStream>> open);
  void opened(Result<OpenedStream> stream);
  [[nodiscard]] bool read();
  void run();

  StreamMachine machine_;
  loop::AsyncExchange* exchange_ = nullptr;  ///< Owned by the machine, while it reads.
  Callback<void()> ready_;
  bool has_begun_ = false;
  Task<> task_;
  loop::Job job_;
};

}  // namespace llm::bedrock
