# What can be shown on the machine that builds: windows by GLFW, pictures without a display by EGL's
# header, PNG files by libpng. Of what is missing, a file NAME_none.c stands in for NAME.c and says
# so to whoever asks for it.
#   suite_view_sources, suite_view_libraries: of the layer suite/view
file(GLOB suite_view_sources CONFIGURE_DEPENDS suite/view/*.c)
set(suite_view_libraries ${CMAKE_DL_LIBS})
set(left_out "")

# keep NAME.c where `found`, else NAME_none.c
macro(suite_choose name found what)
  if(${found})
    list(FILTER suite_view_sources EXCLUDE REGEX "/${name}_none\\.c$")
  else()
    list(FILTER suite_view_sources EXCLUDE REGEX "/${name}\\.c$")
    list(APPEND left_out "${what}")
  endif()
endmacro()

if(SUITE_VIEW)
  find_package(glfw3 3.3 CONFIG QUIET)
  find_package(PNG QUIET)
  find_path(EGL_INCLUDE EGL/eglext.h)
endif()
suite_choose(window glfw3_FOUND "`suite view` (no GLFW: libglfw3-dev)")
suite_choose(offscreen EGL_INCLUDE "`suite record` (no EGL/eglext.h: libegl-dev)")
suite_choose(png PNG_FOUND "PNG files (no libpng: libpng-dev)")
if(glfw3_FOUND)
  list(APPEND suite_view_libraries glfw)
endif()
if(PNG_FOUND)
  list(APPEND suite_view_libraries PNG::PNG)
endif()
if(left_out)
  list(JOIN left_out "; " left_out)
  message(STATUS "left out of this build: ${left_out}")
endif()
