#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "bedrock/call/in_flight.hpp"

namespace llm::bedrock {

/// The threads on which lookups run that may outlast the call that wants them: credentials, a new
/// API key, the region. Two at most, started when there is work and ended when there is none, so
/// that an idle client has no thread and may fork. A child starts with none. Safe from many
/// threads.
class LookupPool {
 public:
  static constexpr std::size_t kMaxThreads = 2;

  explicit LookupPool(std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>());
  LookupPool(const LookupPool&) = delete;
  LookupPool& operator=(const LookupPool&) = delete;
  /// Waits for the jobs that were handed over.
  ~LookupPool();

  /// Runs `job` on a thread of the pool, in order; what it throws is dropped. Where no thread can
  /// be started, it runs on this one.
  void run(std::move_only_function<void()> job);

  [[nodiscard]] const std::shared_ptr<InFlight>& in_flight() const { return in_flight_; }

 private:
  struct State;

  [[nodiscard]] std::shared_ptr<State> state();

  std::shared_ptr<InFlight> in_flight_;
  std::mutex mutex_;  ///< Held by callers alone, not by the threads. Guards the pointer.
  std::shared_ptr<State> state_;
};

/// What `aws::SingleFlight::join` runs a lookup with: it counts as in flight until it lands, also
/// when its caller has given up.
inline auto on_pool(LookupPool& pool) {
  return [&pool](auto job) {
    pool.run([job = std::move(job), place = InFlight::enter(pool.in_flight())]() mutable {
      job([&place] { place = InFlight::Place(); });
    });
  };
}

}  // namespace llm::bedrock
