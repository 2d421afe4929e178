#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace llm::bedrock {

/// The threads on which lookups run that may outlast the call that wants them: credentials, a new
/// API key, the region. Two at most, started when there is work and ended when there is none, so
/// that an idle client has no thread and may fork. Safe from many threads.
class LookupPool {
 public:
  static constexpr std::size_t kMaxThreads = 2;

  LookupPool();
  LookupPool(const LookupPool&) = delete;
  LookupPool& operator=(const LookupPool&) = delete;
  /// Waits for the jobs that were handed over.
  ~LookupPool();

  /// Runs `job` on a thread of the pool, in order; what it throws is dropped. Where no thread can
  /// be started, it runs on this one.
  void run(std::move_only_function<void()> job);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// What `aws::SingleFlight::join` runs a lookup with.
inline auto on_pool(LookupPool& pool) {
  return [&pool](auto job) { pool.run(std::move(job)); };
}

}  // namespace llm::bedrock
