# The sources named by a .def list: one line per task or method, no second place to edit.
#   pattern: a regular expression with groups; path: the source, with \\1, \\2 for the groups
function(suite_read_list out file pattern path)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} rows REGEX "${pattern}")
  set(sources "")
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "${pattern}.*" "${path}" source "${row}")
    list(APPEND sources ${source})
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()
