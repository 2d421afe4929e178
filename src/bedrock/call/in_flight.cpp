#include "bedrock/call/in_flight.hpp"

#include "base/errors.hpp"

namespace llm::bedrock {
namespace {

constexpr std::uint64_t kGeneration = std::uint64_t{1} << 32U;

std::uint64_t places_in(std::uint64_t state) { return state % kGeneration; }
std::uint64_t generation_of(std::uint64_t state) { return state / kGeneration; }

/// Of another process, which it left with something in flight.
bool is_lost(std::uint64_t state) {
  return places_in(state) > 0 && generation_of(state) != port::fork_generation();
}

}  // namespace

Result<InFlight::Place> InFlight::enter(const std::shared_ptr<InFlight>& counter) {
  const std::uint64_t nothing = port::fork_generation() * kGeneration;
  std::uint64_t state = counter->state_.load(std::memory_order_relaxed);
  do {
    if (bedrock::is_lost(state)) {
      return base::configuration_error("This client was in use when the process forked.",
                                       "Create a client in the child, or fork while no call runs.");
    }
  } while (!counter->state_.compare_exchange_weak(state, nothing + places_in(state) + 1));
  return Place(counter);
}

bool InFlight::is_lost() const { return bedrock::is_lost(state_.load()); }

InFlight::Place::Place(const Place& other) : counter_(other.counter_), process_(other.process_) {
  if (counts()) counter_->state_.fetch_add(1);
}

InFlight::Place::~Place() {
  if (counts()) counter_->state_.fetch_sub(1);
}

}  // namespace llm::bedrock
