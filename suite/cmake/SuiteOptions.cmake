# suite_options: what every target of ours is compiled with, and nobody else's.
add_library(suite_options INTERFACE)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

# -O3 because -O2 leaves the learner's loops scalar (twice the time); no -ffast-math, which would
# remove the NaN checks that results rest on; no contraction, so that bits do not depend on FMA
set(CMAKE_C_FLAGS_RELEASE "-O3")
target_compile_options(suite_options INTERFACE -fno-math-errno -ffp-contract=off)
target_compile_definitions(suite_options INTERFACE _GNU_SOURCE)

target_compile_options(suite_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes
  -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wundef -Wvla)
if(SUITE_WERROR)
  target_compile_options(suite_options INTERFACE -Werror)
endif()

if(SUITE_SANITIZE)
  set(sanitize -fsanitize=${SUITE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(suite_options INTERFACE ${sanitize})
  target_link_options(suite_options INTERFACE ${sanitize})
endif()
