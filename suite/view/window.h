/** @file
 * A window with an OpenGL context, and what the user does in it as a list of events.
 *
 * Layer: view; the only file that includes GLFW. One window a process.
 */
#ifndef SUITE_VIEW_WINDOW_H
#define SUITE_VIEW_WINDOW_H

#include <stdbool.h>

#include "suite/core/status.h"
#include "suite/view/state.h"

typedef enum WindowEventKind {
    EVENT_KEY,     // key, down
    EVENT_PRESS,   // a mouse button: right, control, at
    EVENT_RELEASE, // likewise
    EVENT_DRAG,    // moved with a button down: right, shift, by
    EVENT_SCROLL,  // by[1]: away from the user is positive
    EVENT_CLOSE,   // by the window's own button
} WindowEventKind;

typedef struct WindowEvent {
    WindowEventKind kind;
    ViewKey key;
    bool down;                  // a key
    bool right, control, shift; // the mouse button is the right one; what is held with it
    double at[2];               // pixels from the lower left corner
    double by[2];               // pixels to the right and down
} WindowEvent;

typedef struct Window Window; // opaque

/**
 * Open a window and make its context current.
 *
 * @param[out] out release with window_free()
 * @errors STATUS_MISSING if this build has no windows, there is no display, or its OpenGL is
 *         not enough; the message points to `suite record`. STATUS_NOMEM.
 */
MUST_CHECK Status window_new(Window **out, const char *title, int width, int height,
                             Error *err);

/** NULL is allowed. */
void window_free(Window *window);

/** The size of what is drawn into, pixels; 0 while the window is an icon. */
void window_size(const Window *window, int *width, int *height);

/** Take the next event in order of time. @return false if there is none left. */
bool window_next(Window *window, WindowEvent *out);

/** Show what was drawn, and look what the user did meanwhile. */
void window_show(Window *window);

/** Can this build open windows? */
bool window_is_there(void);

#endif
