# Debian packages of what is installed, one a component: `cpack -G DEB`, or ./dev package.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME llm-bedrock)
set(CPACK_PACKAGE_CONTACT "llm-bedrock <maintainers@llm-bedrock.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/set_times.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL command library development)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
foreach(component command library development)
  set(CPACK_COMPONENT_${component}_GROUP ${component})
endforeach()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME bedrock)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION utils)
set(CPACK_COMPONENT_COMMAND_DESCRIPTION "Talk to Amazon Bedrock from a shell
 Streamed answers of every chat model with an AWS profile or API key, and a
 strict local Bedrock for tests that need no account.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libllm-bedrock0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_BINARY_DIR}/debian/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "Talk to Amazon Bedrock from C++ (shared library)
 Chat, streams, tools, embeddings and token counts through one interface, with
 AWS credentials, signing and retries of its own.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libllm-bedrock-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libllm-bedrock0 (= ${PROJECT_VERSION}), libcurl4-openssl-dev, libssl-dev, libsimdjson-dev, libdeflate-dev, libnghttp2-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Talk to Amazon Bedrock from C++ (headers and static libraries)
 Headers, static libraries, CMake package and pkg-config file; and the local
 Bedrock as a library, for tests.")

# What Debian asks of every package: a licence and a changelog; of a shared library, that ldconfig runs.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/debian/changelog
  "llm-bedrock (${PROJECT_VERSION}) unstable; urgency=medium

  * See CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  Mon, 30 Nov 2026 00:00:00 +0000
")
# Not file(ARCHIVE_CREATE): that writes the time of its own run into the compressed file.
execute_process(COMMAND gzip -9nf debian/changelog WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)
foreach(pair command:bedrock library:libllm-bedrock0 development:libllm-bedrock-dev)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/debian/copyright ${CMAKE_CURRENT_BINARY_DIR}/debian/changelog.gz
    DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
  # The licences of what is compiled in; packaging/make collects them.
  install(DIRECTORY ${PROJECT_BINARY_DIR}/notices DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL OPTIONAL)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/packaging/debian/bedrock.lintian-overrides DESTINATION share/lintian/overrides
  RENAME bedrock COMPONENT command EXCLUDE_FROM_ALL)
include(CPack)
