#pragma once

#include <cstdio>
#include <cstdlib>

namespace llm::fuzz {

/// Ends the program, so that the fuzzer keeps its input, when `holds` is false.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace llm::fuzz
