# suite_mujoco: Debian's MuJoCo, or the one below MUJOCO_ROOT.
add_library(suite_mujoco INTERFACE)

if(MUJOCO_ROOT)
  find_path(MUJOCO_INCLUDE mujoco/mujoco.h PATHS ${MUJOCO_ROOT}/include NO_DEFAULT_PATH NO_CACHE
            REQUIRED)
  # a PyPI wheel carries libmujoco.so.VERSION without the plain name and beside the headers
  file(GLOB MUJOCO_LIBRARY ${MUJOCO_ROOT}/lib/libmujoco.so* ${MUJOCO_ROOT}/libmujoco.so*)
  if(NOT MUJOCO_LIBRARY)
    message(FATAL_ERROR "no libmujoco.so in '${MUJOCO_ROOT}' or '${MUJOCO_ROOT}/lib'")
  endif()
  list(GET MUJOCO_LIBRARY 0 MUJOCO_LIBRARY)
  get_filename_component(MUJOCO_FOLDER ${MUJOCO_LIBRARY} DIRECTORY)
  target_include_directories(suite_mujoco SYSTEM INTERFACE ${MUJOCO_INCLUDE})
  target_link_libraries(suite_mujoco INTERFACE ${MUJOCO_LIBRARY})
  target_link_options(suite_mujoco INTERFACE -Wl,-rpath,${MUJOCO_FOLDER})
else()
  find_package(mujoco CONFIG REQUIRED)
  # Debian's package names an include folder of libqhull-dev that it does not depend on
  get_target_property(folders mujoco::mujoco INTERFACE_INCLUDE_DIRECTORIES)
  set(there "")
  foreach(folder IN LISTS folders)
    if(folder MATCHES "^\\$<" OR EXISTS "${folder}")
      list(APPEND there "${folder}")
    endif()
  endforeach()
  set_target_properties(mujoco::mujoco PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${there}")
  target_link_libraries(suite_mujoco INTERFACE mujoco::mujoco)
endif()
