# Language level, warnings and sanitizers of our own targets; consumers inherit C++23 alone.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# What every target of ours is compiled with.
add_library(bedrock_settings INTERFACE)
target_compile_features(bedrock_settings INTERFACE cxx_std_23)
target_compile_options(bedrock_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(BEDROCK_WARNINGS_AS_ERRORS)
  target_compile_options(bedrock_settings INTERFACE -Werror)
endif()
# libstdc++ 12: an unchecked *result on an error is silent without this.
target_compile_definitions(bedrock_settings INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside libstdc++ for ordinary std::string and std::variant code.
  target_compile_options(bedrock_settings INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(bedrock_settings INTERFACE
      -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
  endif()
  # Nobody replaces a function of ours in the shared library: calls between them may be inlined.
  target_compile_options(bedrock_settings INTERFACE -fno-semantic-interposition)
endif()
if(BEDROCK_SANITIZE)
  target_compile_options(bedrock_settings INTERFACE
    -fsanitize=${BEDROCK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(bedrock_settings INTERFACE -fsanitize=${BEDROCK_SANITIZE})
endif()
