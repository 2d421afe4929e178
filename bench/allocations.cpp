// Counts what a thread takes from the heap, also inside libcurl and libstdc++: stands in for
// glibc's allocation functions and calls them.
#include <cstddef>
#include <cstdint>

#include "bench/measure.hpp"

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
}

namespace {
thread_local std::uint64_t allocations_of_thread = 0;
}

extern "C" {

void* malloc(std::size_t size) {
  ++allocations_of_thread;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocations_of_thread;
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  ++allocations_of_thread;
  return __libc_realloc(old, size);
}

}  // extern "C"

namespace bench {
std::uint64_t allocations() { return allocations_of_thread; }
}  // namespace bench
