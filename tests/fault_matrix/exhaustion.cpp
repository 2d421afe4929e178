#include "tests/fault_matrix/exhaustion.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

namespace {

/// Of this thread, until one fails; 0: none will.
thread_local int allocations_left = 0;

void* allocate(std::size_t size) noexcept {
  if (allocations_left > 0 && --allocations_left == 0) return nullptr;
  return std::malloc(size > 0 ? size : 1);
}

}  // namespace

// For the whole program. The other forms call these or, with AddressSanitizer, its own.
void* operator new(std::size_t size) {
  if (void* const memory = allocate(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*unused*/) noexcept {
  return allocate(size);
}

void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace llm::fault_matrix {

NoDescriptors::NoDescriptors() {
  ::getrlimit(RLIMIT_NOFILE, &before_);
  rlimit few = before_;
  constexpr rlim_t kFew = 256;
  few.rlim_cur = kFew;
  ::setrlimit(RLIMIT_NOFILE, &few);
  for (int taken = 0; taken >= 0;) {
    taken = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (taken >= 0) taken_.push_back(taken);
  }
}

NoDescriptors::~NoDescriptors() {
  for (const int taken : taken_) ::close(taken);
  ::setrlimit(RLIMIT_NOFILE, &before_);
}

FailingAllocation::FailingAllocation(int number) { allocations_left = number; }

FailingAllocation::~FailingAllocation() { allocations_left = 0; }

}  // namespace llm::fault_matrix
