#pragma once

#include <memory>

#include <llm/async_provider.hpp>
#include <llm/task.hpp>

#include "bedrock/async/loop_provider.hpp"
#include "bedrock/call/stream_machine.hpp"
#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::bedrock {

/// A streaming call on a loop: a task up to the response head, then a StreamMachine that takes what
/// has been received.
class LoopStream final : public AsyncStreamSource {
 public:
  LoopStream(std::shared_ptr<LoopContext> context, ChatRequest request, CallOptions options);

  [[nodiscard]] const StreamEvent* try_next() override;
  [[nodiscard]] bool is_over() const override { return machine_.is_over(); }
  void on_ready(Callback<void()> ready) override { ready_ = std::move(ready); }

 private:
  Task<> begin(ChatRequest request, CallOptions options);
  Task<Result<void>> open(ChatRequest request, CallOptions options);
  [[nodiscard]] bool read();
  void run();

  std::shared_ptr<LoopContext> context_;
  StreamMachine machine_;
  loop::AsyncExchange* exchange_ = nullptr;  ///< Owned by the machine, while it reads.
  Callback<void()> ready_;
  bool has_begun_ = false;
  Task<> task_;
  loop::Job job_;
};

}  // namespace llm::bedrock
