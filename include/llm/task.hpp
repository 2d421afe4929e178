#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace llm {

class EventLoop;

template <typename Value>
class Task;

/// Parts of Task.
namespace task_parts {

struct PromiseBase {
  /// Goes on with the coroutine that awaits this one; without one, returns to whoever resumed it.
  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <typename Promise>
    [[nodiscard]] std::coroutine_handle<> await_suspend(
        std::coroutine_handle<Promise> finished) const noexcept {
      const std::coroutine_handle<> next = finished.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() { exception = std::current_exception(); }

  std::coroutine_handle<> continuation{};
  std::exception_ptr exception{};
};

template <typename Value>
struct Promise : PromiseBase {
  [[nodiscard]] Task<Value> get_return_object();
  template <typename Returned>
  void return_value(Returned&& returned) {
    value.emplace(std::forward<Returned>(returned));
  }
  [[nodiscard]] Value take() {
    if (exception) std::rethrow_exception(exception);
    return std::move(*value);
  }
  std::optional<Value> value{};
};

template <>
struct Promise<void> : PromiseBase {
  [[nodiscard]] Task<void> get_return_object();
  void return_void() const {}
  void take() const {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace task_parts

/// A coroutine that begins when it is awaited and returns a `Value`; exceptions pass through.
/// Destroying it destroys the coroutine and with it what it awaits. Moved, not copied. Pass its
/// parameters by value: references may be gone when it goes on (docs/async.md).
template <typename Value = void>
class [[nodiscard]] Task {
 public:
  using promise_type = task_parts::Promise<Value>;

  explicit Task(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}
  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~Task() {
    if (coroutine_) coroutine_.destroy();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    coroutine_.promise().continuation = awaiting;
    return coroutine_;
  }
  Value await_resume() { return coroutine_.promise().take(); }

  /// Runs it up to its first suspension. For what drives tasks; programs use `spawn`.
  void start() { coroutine_.resume(); }

 private:
  std::coroutine_handle<promise_type> coroutine_;
};

template <typename Value>
Task<Value> task_parts::Promise<Value>::get_return_object() {
  return Task<Value>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> task_parts::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// Runs a task on the loop, from its next turn on. What it throws leaves `run` or `process`. If the
/// loop is destroyed first, so is the task. Call it on the loop's thread.
void spawn(EventLoop& loop, Task<void> task);

}  // namespace llm
