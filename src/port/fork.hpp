#pragma once

#include <cstdint>
#include <utility>

namespace llm::port {

/// How many times the line of processes up to this one has forked: 0 in the first, one more in each
/// child. A process made by `vfork` or `clone` alone counts as its parent.
[[nodiscard]] std::uint64_t fork_generation() noexcept;

/// The process that made an object. What belongs to it (threads, locks that they hold, connections)
/// is not for a child that `fork` gave a copy of the object.
class ProcessMark {
 public:
  [[nodiscard]] bool is_current() const noexcept { return generation_ == fork_generation(); }

 private:
  std::uint64_t generation_ = fork_generation();
};

/// Parts of `abandon`.
struct Abandoned {
  Abandoned* next = nullptr;
};
void keep(Abandoned& abandoned) noexcept;

/// Keeps what another process has made, as long as this one runs, and never destroys it. Leak
/// checkers find it. Throws: std::bad_alloc.
template <typename Owner>
void abandon(Owner owner) {
  struct Kept : Abandoned {
    explicit Kept(Owner given) : owner(std::move(given)) {}
    Owner owner;
  };
  keep(*new Kept(std::move(owner)));  // NOLINT(cppcoreguidelines-owning-memory)
}

}  // namespace llm::port
