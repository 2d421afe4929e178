#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <llm/async_provider.hpp>
#include <llm/error.hpp>
#include <llm/task.hpp>

#include "base/errors.hpp"
#include "loop/core.hpp"

namespace llm::bedrock {

/// A call that is a task: begins with the loop's next turn, and reports from a turn of its own.
template <typename Value>
class TaskCall final : public AsyncCall {
 public:
  TaskCall(loop::Core& core, Task<Result<Value>> task, Callback<void(Result<Value>)> done)
      : done_(std::move(done)), root_(run(*this, std::move(task))), job_(core, [this] { step(); }) {
    job_.schedule();
  }

 private:
  static Task<> run(TaskCall& self, Task<Result<Value>> task) {
    try {
      self.result_ = co_await std::move(task);
    } catch (...) {
      self.result_ = std::unexpected(base::thrown_by("The call"));
    }
    self.job_.schedule();
  }

  void step() {
    if (!result_) return root_.start();
    Callback<void(Result<Value>)> done = std::move(done_);
    Result<Value> result = std::move(*result_);
    done(std::move(result));  // May destroy this.
  }

  Callback<void(Result<Value>)> done_;
  std::optional<Result<Value>> result_;
  Task<> root_;
  loop::Job job_;
};

template <typename Value>
std::unique_ptr<AsyncCall> task_call(loop::Core& core, Task<Result<Value>> task,
                                     Callback<void(Result<Value>)> done) {
  return std::make_unique<TaskCall<Value>>(core, std::move(task), std::move(done));
}

}  // namespace llm::bedrock
