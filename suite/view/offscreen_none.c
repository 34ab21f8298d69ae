// stands in for offscreen.c where EGL's header was not found when this program was built
#include <stddef.h>

#include "suite/core/check.h"
#include "suite/view/offscreen.h"

Status offscreen_new(Offscreen **out, int width, int height, Error *err)
{
    (void)width;
    (void)height;
    *out = NULL;
    return error_set(err, STATUS_MISSING,
                     "this build draws nothing without a display: `apt-get install libegl-dev` "
                     "and build again");
}

void offscreen_free(Offscreen *offscreen)
{
    CHECK(!offscreen);
}

const char *offscreen_name(const Offscreen *offscreen)
{
    CHECK(!offscreen);
    return "none";
}
