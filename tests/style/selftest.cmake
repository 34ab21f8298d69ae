# The checks must see what is wrong: fixtures/ is a small tree with one file for each rule, and
# fixtures/CHECK.expected says, line by line, what the check has to find there and nothing else.
#   cmake -DCHECK=layers -P selftest.cmake
cmake_minimum_required(VERSION 3.25)
set(here ${CMAKE_CURRENT_LIST_DIR})
execute_process(
  COMMAND ${CMAKE_COMMAND} -DROOT=${here}/fixtures -P ${here}/${CHECK}.cmake
  RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
if(result EQUAL 0)
  message(FATAL_ERROR "'${CHECK}' found nothing in the fixtures")
endif()
string(REGEX REPLACE "CMake Error.*" "" found "${out}${err}")
file(READ ${here}/fixtures/${CHECK}.expected expected)
if(NOT found STREQUAL expected)
  message(FATAL_ERROR "'${CHECK}' found\n${found}instead of\n${expected}")
endif()
