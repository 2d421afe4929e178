#include "port/fork.hpp"

#include <pthread.h>

#include <atomic>

namespace llm::port {
namespace {

constinit std::atomic<std::uint64_t> generation = 0;
constinit std::atomic<Abandoned*> first_abandoned = nullptr;

void begin_child() { generation.fetch_add(1, std::memory_order_relaxed); }

// Before anything can ask for the generation: it is loaded with the function below.
[[maybe_unused]] const int registered = ::pthread_atfork(nullptr, nullptr, &begin_child);

}  // namespace

std::uint64_t fork_generation() noexcept { return generation.load(std::memory_order_relaxed); }

void keep(Abandoned& abandoned) noexcept {
  abandoned.next = first_abandoned.load();
  while (!first_abandoned.compare_exchange_weak(abandoned.next, &abandoned)) continue;
}

}  // namespace llm::port
