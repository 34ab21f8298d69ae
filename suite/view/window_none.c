// stands in for window.c where GLFW was not found when this program was built
#include <stddef.h>

#include "suite/core/check.h"
#include "suite/view/window.h"

Status window_new(Window **out, const char *title, int width, int height, Error *err)
{
    (void)title;
    (void)width;
    (void)height;
    *out = NULL;
    return error_set(
        err, STATUS_MISSING,
        "this build has no window: `apt-get install libglfw3-dev` and build again; "
        "`suite record` needs none");
}

void window_free(Window *window)
{
    CHECK(!window);
}

void window_size(const Window *window, int *width, int *height)
{
    CHECK(!window);
    *width = *height = 0;
}

bool window_next(Window *window, WindowEvent *out)
{
    (void)out;
    CHECK(!window);
    return false;
}

void window_show(Window *window)
{
    CHECK(!window);
}

bool window_is_there(void)
{
    return false;
}
