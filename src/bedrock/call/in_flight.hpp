#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include <llm/error.hpp>

#include "port/fork.hpp"

namespace llm::bedrock {

/// Counts what runs for a client: calls, open streams, the threads of lookups. After `fork` the
/// child may use the client only if nothing ran: a thread that the child does not have may hold a
/// lock, or owe others the outcome of a lookup. Safe from many threads; takes no lock.
class InFlight {
 public:
  /// Counts while it lives. In a child of the process that made it, it counts no more.
  class Place {
   public:
    Place() = default;
    Place(const Place& other);
    Place(Place&&) noexcept = default;
    Place& operator=(Place other) noexcept {
      std::swap(counter_, other.counter_);
      std::swap(process_, other.process_);
      return *this;
    }
    ~Place();

   private:
    friend class InFlight;
    explicit Place(std::shared_ptr<InFlight> counter) : counter_(std::move(counter)) {}
    [[nodiscard]] bool counts() const { return counter_ != nullptr && process_.is_current(); }

    std::shared_ptr<InFlight> counter_{};  ///< Null: counts nothing.
    port::ProcessMark process_;
  };

  /// Errors: configuration_error for good, when something ran as the process forked.
  [[nodiscard]] static Result<Place> enter(const std::shared_ptr<InFlight>& counter);
  /// The error that `enter` gives.
  [[nodiscard]] bool is_lost() const;

 private:
  /// The generation of the process that counts, times 2^32, and the count.
  std::atomic<std::uint64_t> state_ = 0;
};

}  // namespace llm::bedrock
