/** @file
 * What a task family is: numbers, names and a few functions, all data.
 *
 * Layer: env. A family is a folder of models/ with an MJCF, a C file that ends with its
 * TaskFamily row, and a family.json that lists the members (suite/env/members.h). The row says
 * how the source it reproduces observes, rewards and ends; the members say with which physics.
 *
 * Shapes: D = obs_dim, F = feature_dim, K = coord_count, A = action_count, P = param_count.
 */
#ifndef SUITE_ENV_TASK_H
#define SUITE_ENV_TASK_H

#include <stdbool.h>

#include <mujoco/mujoco.h>

#include "suite/core/param.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

/** A number in which the members of a family differ. */
typedef struct TaskParam {
    const char *name;
    const char *unit; // SI; "" if none
    const char *help; // one line, lower case
    double base;      // the original's value, and a member's when it says nothing
    double lo, hi;    // inclusive range that loads and steps
} TaskParam;

/** An MJCF object that the task reads; loading a model without it fails by name. */
typedef struct TaskObject {
    int type; // mjtObj
    const char *name;
} TaskObject;

/** A coordinate that tables are built on: a function of the observation with its useful range.
 */
typedef struct TaskCoord {
    const char *name;
    double lo, hi; // values outside fall into the outermost cells
    double period; // of one that runs round a circle, in its own unit; 0: it does not
} TaskCoord;

/** All a task's function may look at; borrowed for the call. */
typedef struct TaskState {
    const mjModel *model;
    mjData *data;         // reset() and after_step() write it, the others only read
    const int *id;        // (object_count) MuJoCo ids, in the order of TaskFamily.object
    const double *param;  // (P) the member's parameters
    const void *settings; // the family's settings struct, laid out by TaskFamily.setting
    double memory[4];     // what a reward needs from before the step; written by before_step()
} TaskState;

typedef struct TaskFamily {
    const char *name;          // folder below models/, and what --task takes
    const char *summary;       // one line for `suite list`
    const char *source;        // what it reproduces, with its version
    const char *mjcf;          // path below models/
    int version;               // raised when its numbers change
    const char *actions;       // what the action indices mean, for `suite list`
    const char *feature_terms; // what the network sees, likewise

    int obs_dim;                 // D
    int feature_dim;             // F
    int action_count;            // A
    int frame_skip;              // mj_step calls per control step
    int time_limit;              // control steps until an episode is truncated
    double step_us;              // CPU time of a control step, physics alone, on one core: for
                                 // the order of runs and estimates of their time only
    bool synchronised;           // body and site positions are those of the state after the
                                 // step (dm_control), not of its last stage (Gymnasium)
    double reward_lo, reward_hi; // per control step, inclusive

    const TaskParam *param;
    int param_count; // P
    const TaskObject *object;
    int object_count;
    const TaskCoord *coord;
    int coord_count;         // K
    const ParamRow *setting; // the family's own settings, such as torque levels
    int setting_count;
    size_t settings_size;

    // required

    /** Put @p state->data at a start; it holds the model's defaults on entry. Draw only from
     *  @p rng, which belongs to this episode alone. */
    void (*reset)(TaskState *state, RngStream *rng);

    /** The controls (model->nu) of action index @p action in [0, A): asked once for each
     * action, when the model is loaded, so they depend on nothing that changes. */
    void (*control)(const TaskState *state, int action, double *ctrl);

    /** The source's observation to the letter: D doubles. */
    void (*observe)(const TaskState *state, double *obs);

    /** The network's input from an observation: F floats of order one. */
    void (*features)(const double *obs, float *features);

    /** The table coordinates of an observation: K floats. */
    void (*coordinates)(const double *obs, float *coords);

    /** The reward of the control step just made with @p ctrl. */
    double (*reward)(const TaskState *state, const double *ctrl);

    // optional: NULL means as said

    /** Write the member's parameters into a freshly loaded model, always from the model's own
     *  base values; derived constants are recomputed afterwards. NULL: they need no change of
     *  the model. */
    void (*apply)(mjModel *model, const double *param, const int *id);

    /** Remember in @p state->memory what reward() compares with. NULL: nothing. */
    void (*before_step)(TaskState *state);

    /** Correct the state that the physics left, such as a limit on speed that is no part of the
     *  physics; before observation and reward. NULL: nothing. */
    void (*after_step)(TaskState *state);

    /** Has the task itself ended? A time limit is not an end. NULL: never. */
    bool (*terminated)(const TaskState *state);
} TaskFamily;

#endif
