#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <stop_token>
#include <vector>

#include <llm/task.hpp>

#include "loop/core.hpp"

namespace llm::async_parts {

/// When to wait no longer.
struct Limits {
  std::stop_token stop{};
  std::optional<loop::TimePoint> until{};
};

/// How waiting for tasks ended.
enum class JoinEnd {
  finished,  ///< All have ended.
  stopped,   ///< A stop was requested, or the loop is being destroyed.
  time_passed,
};

/// Runs tasks at the same time. `co_await` goes on when all have ended or a limit is reached, and
/// throws the first thing that one of them threw. If a limit is reached before it begins, none is
/// begun. Destroying it destroys the tasks. The awaiting coroutine must not wait for anything else
/// before it destroys it.
class Join final : private loop::Ending {
 public:
  Join(loop::Core& core, std::vector<Task<void>> tasks, Limits limits);

  [[nodiscard]] bool await_ready();
  [[nodiscard]] bool await_suspend(std::coroutine_handle<> awaiting);
  [[nodiscard]] JoinEnd await_resume() const;

 private:
  /// The last thing that a child does: it is destroyed where it waits.
  struct Leave {
    Join& join;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] std::coroutine_handle<> await_suspend(
        std::coroutine_handle<> /*child*/) const noexcept {
      return join.leave();
    }
    void await_resume() const noexcept {}
  };

  void end_with_loop() override;
  [[nodiscard]] std::coroutine_handle<> leave() noexcept;
  Task<void> run(Task<void> task);
  Task<void> watch();

  Limits limits_;
  std::optional<loop::OpenWork> open_;
  std::coroutine_handle<> awaiting_;
  std::size_t left_ = 0;      ///< Children that have not ended; 0: waits no longer.
  bool is_starting_ = false;  ///< Whoever awaits is not to be resumed by a child.
  JoinEnd end_ = JoinEnd::finished;
  std::exception_ptr thrown_;
  std::vector<Task<void>> children_;
  std::optional<Task<void>> watcher_;
};

}  // namespace llm::async_parts
