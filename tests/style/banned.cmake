# Runs banned.awk on every source of the program.
#   cmake -DROOT=folder -P banned.cmake
cmake_minimum_required(VERSION 3.25)
set(files "")
foreach(folder suite models agents dqinit baselines results plots)
  file(GLOB_RECURSE found RELATIVE ${ROOT} ${ROOT}/${folder}/*.c ${ROOT}/${folder}/*.h)
  list(APPEND files ${found})
endforeach()
if(NOT files)
  message(FATAL_ERROR "no source found below '${ROOT}'")
endif()

execute_process(COMMAND awk -f ${CMAKE_CURRENT_LIST_DIR}/banned.awk ${files}
  WORKING_DIRECTORY ${ROOT} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "there are calls or functions that the house does not allow")
endif()
list(LENGTH files count)
message("${count} files keep to the allowed calls and lengths")
