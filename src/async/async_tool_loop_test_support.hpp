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
#include "tests/support/alive.hpp"
#include "tests/support/keep.hpp"
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

/// A tool loop and a prepared model on an event loop.
class AsyncToolLoopFixture : public ::testing::Test {
 protected:
  explicit AsyncToolLoopFixture(std::unique_ptr<EventLoop> loop) : loop_(std::move(loop)) {}

  template <typename Function>
  void add(std::string name, Function function) {
    ASSERT_TRUE(tools_.add({.name = std::move(name)}, std::move(function)));
  }

  /// A run that has not begun.
  Task<Result<ToolLoopOutcome>> make(std::vector<Result<ChatResponse>> responses,
                                     AsyncToolLoopOptions options = {}) {
    model_ = std::make_shared<PreparedModel>(std::move(responses));
    return tools_.run(AsyncClient(Client(model_), *loop_), request_, std::move(options));
  }

  std::unique_ptr<EventLoop> loop_;
  AsyncToolLoop tools_;
  std::shared_ptr<PreparedModel> model_;
  ChatRequest request_ = a_request();
};

/// The awaited tools `double` and `wait` on a loop with virtual time.
class AsyncToolLoopTest : public AsyncToolLoopFixture {
 protected:
  AsyncToolLoopTest() : AsyncToolLoopTest(std::make_shared<port::ScriptedSystem>()) {}
  explicit AsyncToolLoopTest(std::shared_ptr<port::ScriptedSystem> system)
      : AsyncToolLoopFixture(std::make_unique<EventLoop>(*loop::Core::create({}, system))),
        system_(std::move(system)) {
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

  std::shared_ptr<port::ScriptedSystem> system_;
  Gate gate_;
  int waiting_ = 0;  ///< Calls of the tool `wait` that have not ended.
};

}  // namespace llm::test_support
