/** @file
 * An OpenGL context without a display: EGL without a surface, else OSMesa.
 *
 * Layer: view. Both are loaded when they are asked for, so that the program needs neither and a
 * window's OpenGL never meets another. One kind of context a process. SUITE_OFFSCREEN=osmesa in
 * the environment leaves EGL out.
 */
#ifndef SUITE_VIEW_OFFSCREEN_H
#define SUITE_VIEW_OFFSCREEN_H

#include "suite/core/status.h"

typedef struct Offscreen Offscreen; // opaque

/**
 * Make a context and make it current.
 *
 * @param[out] out release with offscreen_free()
 * @param      width, height of what OSMesa draws into, pixels
 * @errors STATUS_MISSING, saying what each of the two lacks and what to install; STATUS_NOMEM.
 */
MUST_CHECK Status offscreen_new(Offscreen **out, int width, int height, Error *err);

/** NULL is allowed. */
void offscreen_free(Offscreen *offscreen);

/** "EGL" or "OSMesa". */
const char *offscreen_name(const Offscreen *offscreen);

#endif
