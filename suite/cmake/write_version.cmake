# Writes OUT from VERSION, COMPILER, SHARE and the commit of SOURCE; run at build time.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
string(STRIP "${COMPILER}" COMPILER)
set(text "#define SUITE_VERSION \"${VERSION}\"
#define SUITE_COMMIT \"${commit}\"
#define SUITE_COMPILER \"${COMPILER}\"
#define SUITE_INSTALLED_MODELS \"${SHARE}/models\"
#define SUITE_INSTALLED_RESULTS \"${SHARE}/results\"
#define SUITE_SOURCE_MODELS \"${SOURCE}/models\"
#define SUITE_SOURCE_RESULTS \"${SOURCE}/results\"
#define SUITE_SOURCE_REFERENCES \"${SOURCE}/results/references\"
")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
