# What `cmake --install` and ./dev install put in place.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/llm-bedrock)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/llm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(TARGETS llm_static llm_shared EXPORT llm-bedrock-targets
  ARCHIVE COMPONENT development LIBRARY COMPONENT library NAMELINK_COMPONENT development)
if(TARGET llm_local)
  install(TARGETS llm_local EXPORT llm-bedrock-targets ARCHIVE COMPONENT development)
endif()
if(TARGET bedrock)
  install(TARGETS bedrock COMPONENT command)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/cli/share/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT command
    PATTERN "*.1" EXCLUDE)  # Each is there compressed, too.
endif()
install(EXPORT llm-bedrock-targets NAMESPACE llm:: DESTINATION ${package_dir} COMPONENT development)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/llm-bedrock-config.cmake.in
  ${PROJECT_BINARY_DIR}/llm-bedrock-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/llm-bedrock-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/llm-bedrock-config.cmake
  ${PROJECT_BINARY_DIR}/llm-bedrock-config-version.cmake DESTINATION ${package_dir} COMPONENT development)

set(pkg_config_modules llm-bedrock)
if(TARGET llm_local)
  list(APPEND pkg_config_modules llm-bedrock-local)
endif()
# From the folder of the modules: Debian's has one level more (lib/x86_64-linux-gnu/pkgconfig).
file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up_to_prefix ${up_to_prefix})
foreach(module ${pkg_config_modules})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${module}.pc.in ${PROJECT_BINARY_DIR}/${module}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${module}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endforeach()
