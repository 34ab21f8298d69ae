/** @file
 * Drawing: players, their panels and the text about them, into the current OpenGL context.
 *
 * Layer: view. Every function here needs a context that is current: a window's or
 * offscreen.h's. What OpenGL itself refuses ends the process by MuJoCo's error handler.
 */
#ifndef SUITE_VIEW_DRAWING_H
#define SUITE_VIEW_DRAWING_H

#include "suite/core/status.h"
#include "suite/view/layout.h"
#include "suite/view/player.h"
#include "suite/view/scene.h"
#include "suite/view/state.h"

/** A player and what to call it. */
typedef struct Seat {
    Player *player; // borrowed
    const char *family, *member;
    const char *method; // with its label; "" if nobody acts but the user
    int seed;
    const char *note; // one line more, such as how far training is; "" for none
} Seat;

/** A picture to draw. */
typedef struct Frame {
    const Seat *seat; // (seats)
    int seats;        // 1 or 2, of the same family and member
    const ViewState *state;
    const char *message; // a line at the bottom; "" for none
    mjrRect size;
} Frame;

typedef struct Drawing Drawing; // opaque

/**
 * @param env    whose model is drawn
 * @param width, height of the largest picture that is drawn off the screen
 * @param window draw into the window, not off the screen
 * @errors STATUS_NOMEM; STATUS_MISSING if the context cannot draw off the screen.
 */
MUST_CHECK Status drawing_new(Drawing **out, Env *env, int width, int height, bool window,
                              Error *err);

/** NULL is allowed. */
void drawing_free(Drawing *drawing);

Scene *drawing_scene(Drawing *drawing);

void drawing_frame(Drawing *drawing, const Frame *frame);

/** The pixels of what was drawn: (height x width x 3) bytes, the lowest row first. */
void drawing_read(const Drawing *drawing, mjrRect size, unsigned char *rgb);

/** Did OpenGL complain since it was asked last? @errors STATUS_IO with its number. */
MUST_CHECK Status drawing_check(Error *err);

#endif
