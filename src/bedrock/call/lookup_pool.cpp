#include "bedrock/call/lookup_pool.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "port/fork.hpp"

namespace llm::bedrock {
namespace {

using Job = std::move_only_function<void()>;

void run_job(Job job) {
  try {
    job();
  } catch (...) {
    // The flight of the lookup has landed with an error while the exception passed it.
    return;
  }
}

}  // namespace

/// Held by each thread too: the last owner of a pool may be a job.
struct LookupPool::State {
  struct Worker {
    std::thread thread;
    bool is_busy = false;
  };

  std::mutex mutex;
  std::deque<Job> jobs;
  std::array<Worker, kMaxThreads> workers;
  port::ProcessMark process;  ///< Whose threads these are.

  void work(Worker& worker) {
    std::unique_lock lock(mutex);
    while (!jobs.empty()) {
      Job job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      run_job(std::move(job));
      lock.lock();
    }
    worker.is_busy = false;
  }

  /// Requires: `mutex` is held. False when a thread was wanted and could not be started.
  static bool start_worker(const std::shared_ptr<State>& self) {
    const auto idle = std::ranges::find(self->workers, false, &Worker::is_busy);
    if (idle == self->workers.end()) return true;
    if (idle->thread.joinable()) idle->thread.join();  // It has left `work`.
    try {
      idle->thread = std::thread([self, idle] { self->work(*idle); });
    } catch (const std::system_error&) {
      return std::ranges::any_of(self->workers, &Worker::is_busy);
    }
    idle->is_busy = true;
    return true;
  }
};

LookupPool::LookupPool(std::shared_ptr<InFlight> in_flight)
    : in_flight_(std::move(in_flight)), state_(std::make_shared<State>()) {}

LookupPool::~LookupPool() {
  if (!state_->process.is_current()) {
    port::abandon(std::move(state_));
    return;
  }
  for (State::Worker& worker : state_->workers) {
    if (!worker.thread.joinable()) continue;
    if (worker.thread.get_id() == std::this_thread::get_id()) {
      worker.thread.detach();
    } else {
      worker.thread.join();
    }
  }
}

/// Of this process: a thread of the parent may have held the other one's mutex as it ended.
std::shared_ptr<LookupPool::State> LookupPool::state() {
  const std::lock_guard lock(mutex_);
  if (!state_->process.is_current()) {
    port::abandon(std::exchange(state_, std::make_shared<State>()));
  }
  return state_;
}

void LookupPool::run(Job job) {
  const std::shared_ptr<State> state = this->state();
  std::unique_lock lock(state->mutex);
  state->jobs.push_back(std::move(job));
  if (State::start_worker(state)) return;
  Job own = std::move(state->jobs.back());
  state->jobs.pop_back();
  lock.unlock();
  run_job(std::move(own));
}

}  // namespace llm::bedrock
