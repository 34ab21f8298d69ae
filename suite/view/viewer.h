/** @file
 * Viewer: the window in which one or two policies are watched, or a body is driven by hand.
 *
 * Layer: view. What the user does becomes events (window.h), keys change the state (state.h),
 * and the loop here fulfils wishes, plays in step with the clock and draws. Everything it plays
 * is its own (stage.h): no run's physics is touched.
 */
#ifndef SUITE_VIEW_VIEWER_H
#define SUITE_VIEW_VIEWER_H

#include <stdbool.h>

#include "suite/core/status.h"
#include "suite/view/stage.h"

typedef struct ViewerSpec {
    StageSpec stage;
    int width, height;    // of the window at first, pixels
    const char *pictures; // folder that pictures and movies go to
    bool trace;           // a line on standard output for every change
    int frames;           // end after so many; 0: when the user says so
} ViewerSpec;

/**
 * Open a window and stay until it is closed. What the user asks for in vain, such as a run that
 * cannot be read, is said in the window.
 *
 * @errors those of stage_init(), window_new(), drawing_new(), drawing_check() and live_go_on();
 *         STATUS_INTERRUPTED if a signal came.
 */
MUST_CHECK Status viewer_run(const ViewerSpec *spec, Error *err);

#endif
