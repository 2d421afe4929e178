#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <llm/async_tool_loop.hpp>

#include "loop/core.hpp"
#include "tests/support/prepared_model.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::test_support {

/// `co_await` waits until it is opened, once.
class Gate {
 public:
  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  bool await_ready() const noexcept { return is_open_; }
  void await_suspend(std::coroutine_handle<> awaiting) { awaiting_ = awaiting; }
  void await_resume() const noexcept {}

  void open() {
    is_open_ = true;
    if (awaiting_) std::exchange(awaiting_, nullptr).resume();
  }

 private:
  bool is_open_ = false;
  std::coroutine_handle<> awaiting_;
};

/// Counts the objects that are alive.
struct Alive {
  explicit Alive(int& count) : count_(count) { ++count_; }
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;
  ~Alive() { --count_; }
  int& count_;
};

/// Keeps the outcome of a run.
inline Task<void> keep(Task<Result<ToolLoopOutcome>> run,
                       std::optional<Result<ToolLoopOutcome>>& kept) {
  Result<ToolLoopOutcome> outcome = co_await run;
  kept = std::move(outcome);
}

/// A tool loop with the awaited tools `double` and `wait` on a loop with virtual time.
class AsyncToolLoopTest : public ::testing::Test {
 protected:
  AsyncToolLoopTest() {
    add("double", [](Json arguments) -> Task<Result<ToolOutput>> {
      co_return ToolOutput::text(arguments.text());
    });
    add("wait", [this](Json) -> Task<Result<ToolOutput>> {
      const Alive alive(waiting_);
      Gate& gate = gate_;  // g++ 12 would copy a member that a lambda awaits.
      co_await gate;
      co_return ToolOutput::text("waited");
    });
  }

  void add(std::string name, AsyncToolFunction function) {
    ASSERT_TRUE(tools_.add({.name = std::move(name)}, std::move(function)));
  }

  /// A run that has not begun.
  Task<Result<ToolLoopOutcome>> make(std::vector<Result<ChatResponse>> responses,
                                     AsyncToolLoopOptions options = {}) {
    model_ = std::make_shared<PreparedModel>(std::move(responses));
    return tools_.run(AsyncClient(Client(model_), *loop_), request_, std::move(options));
  }

  /// Runs as long as something can go on.
  Result<ToolLoopOutcome> run(std::vector<Result<ChatResponse>> responses,
                              AsyncToolLoopOptions options = {}) {
    std::optional<Result<ToolLoopOutcome>> outcome;
    spawn(*loop_, keep(make(std::move(responses), std::move(options)), outcome));
    turn();
    if (outcome) return *std::move(outcome);
    return std::unexpected(make_error(ErrorCode::internal_error, "The run has not ended."));
  }

  void turn() {
    for (int i = 0; i < 20; ++i) loop_->process();
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::unique_ptr<EventLoop> loop_ = std::make_unique<EventLoop>(*loop::Core::create({}, system_));
  Gate gate_;
  int waiting_ = 0;  ///< Calls of the tool `wait` that have not ended.
  AsyncToolLoop tools_;
  std::shared_ptr<PreparedModel> model_;
  ChatRequest request_ = question();
};

}  // namespace llm::test_support
