/** @file
 * The action grid that every family has: each motor takes one of a few levels, evenly spaced
 * over a share of its control range.
 *
 * Layer: models. The share is the family's one setting. An action index counts in digits to the
 * base of the number of levels, the first motor's the fastest, so that A = levels ^ motors.
 */
#ifndef MODELS_ACTIONS_H
#define MODELS_ACTIONS_H

#include <stddef.h>

#include "suite/env/task.h"

/** The settings struct of a family. */
typedef struct ActionGrid {
    double share; // of the control range that the outer levels use, in (0, 1]
} ActionGrid;

/** The row of the setting: its name, such as "hopper.torque", its default, one line of help. */
// clang-format off
#define ACTION_SHARE(key, normal, words)                                                       \
    {.name = (key), .kind = PARAM_DOUBLE, .offset = offsetof(ActionGrid, share),               \
     .def = (normal), .lo = 0.001, .hi = 1.0, .help = (words), .knowledge = true}
// clang-format on

/**
 * The levels of an action, as shares of each motor's range.
 *
 * @param      state  its settings are an ActionGrid
 * @param      motors M
 * @param      levels of each, > 1
 * @param[out] ctrl   (M) in [-share, share]
 */
void action_levels(const TaskState *state, int action, int motors, int levels, double *ctrl);

#endif
