#pragma once

// Every public header includes this one, directly or not, so that a compiler in an older mode
// states the requirement instead of listing what it does not know.
#include <version>

#if !defined(__cpp_lib_expected)
#error "llm-bedrock needs C++23: compile with -std=c++23 (g++ 12, clang 19 or newer)."
#include <llm/stop_here_this_is_not_cxx23>  // Ends the compilation; everything after it would be noise.
#endif
