# Headers parsed once a target instead of once a file: a third of the time to build. Every file still
# includes what it uses; the ThreadSanitizer build of `./dev check` is made without, and fails when one does not.
# PRIVATE everywhere: no consumer's target inherits any of it.

# A compiler cache in front of a consumer's build takes no precompiled header unless it is told so.
set(bedrock_precompile_default ON)
if(CMAKE_CXX_COMPILER_LAUNCHER AND NOT PROJECT_IS_TOP_LEVEL)
  set(bedrock_precompile_default OFF)
endif()
option(BEDROCK_PRECOMPILE
  "Precompile headers; ccache then needs sloppiness pch_defines,time_macros" ${bedrock_precompile_default})

set(BEDROCK_STANDARD_HEADERS
  <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <set> <span> <stop_token> <string> <string_view> <utility> <variant> <vector>)

# bedrock_precompile(TARGET HEADER...): the standard headers, then those.
function(bedrock_precompile target)
  if(BEDROCK_PRECOMPILE)
    bedrock_tell_caches(${target})
    target_precompile_headers(${target} PRIVATE ${BEDROCK_STANDARD_HEADERS} ${ARGN})
  endif()
endfunction()

# bedrock_precompile_as(TARGET OTHER): what OTHER has precompiled. Both must be compiled alike.
function(bedrock_precompile_as target other)
  if(BEDROCK_PRECOMPILE)
    bedrock_tell_caches(${target})
    target_precompile_headers(${target} REUSE_FROM ${other})
  endif()
endfunction()

# ccache cannot see which precompiled header g++ used unless the preprocessor says so; clang's has the time of
# its making in it unless told not to.
function(bedrock_tell_caches target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()
