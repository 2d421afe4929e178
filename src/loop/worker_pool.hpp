#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <llm/callback.hpp>

namespace llm::loop {

/// Threads for work that blocks; started when there is more work than idle threads, up to a limit.
/// Safe from many threads.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t max_threads) : max_threads_(max_threads) {}
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { close(); }

  /// Runs `work`, which must not throw, on one of the threads, in order. Where none can be started
  /// it runs on this one. Requires: `close` has not been called.
  void run(Callback<void()> work);

  /// Waits for the work that has begun and drops the rest.
  void close();

 private:
  void serve();

  const std::size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<Callback<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool is_closed_ = false;
};

}  // namespace llm::loop
