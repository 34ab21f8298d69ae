# suite_version: version.h with the program's version, commit and compiler, made anew at each
# build when they changed.
add_custom_target(suite_version_header
  COMMAND ${CMAKE_COMMAND}
    -DSOURCE=${PROJECT_SOURCE_DIR} -DOUT=${PROJECT_BINARY_DIR}/generated/suite_version.h
    -DVERSION=${PROJECT_VERSION}
    "-DCOMPILER=${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION} ${CMAKE_BUILD_TYPE}"
    -DSHARE=${CMAKE_INSTALL_PREFIX}/share/suite
    -P ${CMAKE_CURRENT_LIST_DIR}/write_version.cmake
  BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/suite_version.h
  VERBATIM)
add_library(suite_version INTERFACE)
target_include_directories(suite_version INTERFACE ${PROJECT_BINARY_DIR}/generated)
add_dependencies(suite_version suite_version_header)
