#pragma once

#include <cstdio>
#include <cstdlib>

namespace llm::fuzz {

/// Aborts when `holds` is false, so that the fuzzer keeps its input.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace llm::fuzz
