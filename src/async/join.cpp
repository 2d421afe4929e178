#include "async/join.hpp"

#include <utility>

#include "loop/await.hpp"

namespace llm::async_parts {

Join::Join(loop::Core& core, std::vector<Task<void>> tasks, Limits limits)
    : Ending(core), limits_(std::move(limits)), open_(std::in_place, core) {
  children_.reserve(tasks.size());
  for (Task<void>& task : tasks) children_.push_back(run(std::move(task)));
}

bool Join::await_ready() {
  if (limits_.stop.stop_requested()) {
    end_ = JoinEnd::stopped;
  } else if (limits_.until && *limits_.until <= core().now()) {
    end_ = JoinEnd::time_passed;
  }
  return end_ != JoinEnd::finished || children_.empty();
}

bool Join::await_suspend(std::coroutine_handle<> awaiting) {
  awaiting_ = awaiting;
  left_ = children_.size();
  is_starting_ = true;
  for (Task<void>& child : children_) child.start();
  if (left_ > 0 && (limits_.until || limits_.stop.stop_possible())) {
    watcher_.emplace(watch());
    watcher_->start();
  }
  is_starting_ = false;
  return left_ > 0;
}

JoinEnd Join::await_resume() const {
  if (thrown_) std::rethrow_exception(thrown_);
  return end_;
}

void Join::end_with_loop() {
  open_.reset();
  if (left_ == 0) return;
  left_ = 0;
  end_ = JoinEnd::stopped;
  awaiting_.resume();
}

std::coroutine_handle<> Join::leave() noexcept {
  --left_;
  if (left_ > 0 || is_starting_) return std::noop_coroutine();
  return awaiting_;
}

Task<void> Join::run(Task<void> task) {
  try {
    co_await task;
  } catch (...) {
    if (!thrown_) thrown_ = std::current_exception();
  }
  const Leave leave{*this};
  co_await leave;
}

Task<void> Join::watch() {
  loop::Stopped stopped(core(), limits_.stop, limits_.until);
  const bool was_stopped = co_await stopped;
  end_ = was_stopped ? JoinEnd::stopped : JoinEnd::time_passed;
  // The others are not waited for.
  left_ = 1;
  const Leave leave{*this};
  co_await leave;
}

}  // namespace llm::async_parts
