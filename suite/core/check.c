#include "suite/core/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *file, int line, const char *function,
                            const char *condition)
{
    (void)fprintf(stderr, "suite: bug: %s:%d: %s: %s does not hold\n", file, line, function,
                  condition);
    abort();
}
