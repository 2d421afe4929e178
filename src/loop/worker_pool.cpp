#include "loop/worker_pool.hpp"

#include <system_error>
#include <utility>

namespace llm::loop {

void WorkerPool::run(Callback<void()> work) {
  std::unique_lock lock(mutex_);
  queue_.push_back(std::move(work));
  if (idle_ < queue_.size() && threads_.size() < max_threads_) {
    try {
      threads_.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {
      if (threads_.empty()) {
        Callback<void()> own = std::move(queue_.back());
        queue_.pop_back();
        lock.unlock();
        own();
        return;
      }
    }
  }
  lock.unlock();
  has_work_.notify_one();
}

void WorkerPool::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    has_work_.wait(lock, [this] { return is_closed_ || !queue_.empty(); });
    --idle_;
    if (is_closed_) return;
    Callback<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

void WorkerPool::close() {
  std::deque<Callback<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    dropped.swap(queue_);
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace llm::loop
