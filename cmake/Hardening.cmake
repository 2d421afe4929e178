# What makes a memory fault in our code harder to exploit. For optimised builds of what is shipped: the checks of
# _FORTIFY_SOURCE need the optimiser, and sanitizers bring their own.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

set(bedrock_hardening
  -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
# CET, control-flow enforcement: x86-64 alone has it.
check_cxx_compiler_flag(-fcf-protection=full BEDROCK_HAS_CET)
if(BEDROCK_HAS_CET)
  list(APPEND bedrock_hardening -fcf-protection=full)
endif()
set(bedrock_hardened $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
if(BEDROCK_SANITIZE)
  set(bedrock_hardened 0)
endif()

# bedrock_harden(TARGET...): PRIVATE everywhere; a consumer's own code is the consumer's business.
function(bedrock_harden)
  foreach(target ${ARGN})
    target_compile_options(${target} PRIVATE "$<${bedrock_hardened}:${bedrock_hardening}>")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE" OR type STREQUAL "SHARED_LIBRARY")
      target_link_options(${target} PRIVATE
        "$<${bedrock_hardened}:LINKER:-z,relro;LINKER:-z,now;LINKER:-z,noexecstack>")
    endif()
  endforeach()
endfunction()
