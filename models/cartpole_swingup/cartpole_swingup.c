/** @file
 * Cartpole swing-up: a cart on a rail swings a hanging pole up and keeps it there.
 *
 * @source dm_control suite, cartpole swingup with its dense reward: physics, observation,
 *         reward, reset. One difference: the force is one of three levels, because the learner
 *         is a DQN (README.md).
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { POLE_MASS, POLE_LENGTH, PARAM_COUNT };
enum { POLE, OBJECT_COUNT = 4 };
enum { LEVELS = 3 };
enum { OBS_X, OBS_COS, OBS_SIN, OBS_VELOCITY, OBS_TURNING, OBS_DIM };

static const ParamRow settings[] = {
    ACTION_SHARE("cartpole_swingup.force", 1.0,
                 "outer force level, as a share of the motor's 10 N"),
};

static const TaskParam params[PARAM_COUNT] = {
    [POLE_MASS] = {.name = "pole_mass",
                   .unit = "kg",
                   .help = "mass of the pole",
                   .base = 0.1,
                   .lo = 0.02,
                   .hi = 0.5},
    [POLE_LENGTH] = {.name = "pole_length",
                     .unit = "m",
                     .help = "length of the pole without its rounded ends",
                     .base = 1.0,
                     .lo = 0.4,
                     .hi = 2.0},
};

// joints and motor are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [POLE] = {mjOBJ_BODY, "pole"},
    {mjOBJ_JOINT, "slider"},
    {mjOBJ_JOINT, "hinge"},
    {mjOBJ_ACTUATOR, "push"},
};

// the bounds are those of 3.14 rad, 4 m/s and 8 rad/s
static const TaskCoord coords[] = {
    {.name = "cart_position", .lo = -1.8, .hi = 1.8},
    {.name = "asinh_3_pole_angle", .lo = -2.95, .hi = 2.95, .period = 5.8767}, // 2 asinh(3 pi)
    {.name = "asinh_2_cart_velocity", .lo = -2.8, .hi = 2.8},
    {.name = "asinh_pole_velocity", .lo = -2.8, .hi = 2.8},
};

static void apply(mjModel *model, const double *param, const int *id)
{
    body_scale_mass(model, id[POLE], param[POLE_MASS] / params[POLE_MASS].base);
    body_stretch_capsule(model, id[POLE], param[POLE_LENGTH] / params[POLE_LENGTH].base);
}

// hanging, or nearly
static void reset(TaskState *state, RngStream *rng)
{
    mjData *d = state->data;
    d->qpos[0] = 0.01 * rng_normal(rng);
    d->qpos[1] = mjPI + 0.01 * rng_normal(rng);
    for (int i = 0; i < 2; i++)
        d->qvel[i] = 0.01 * rng_normal(rng);
}

static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, 1, LEVELS, ctrl);
}

static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    obs[OBS_X] = d->qpos[0];
    obs[OBS_COS] = cos(d->qpos[1]);
    obs[OBS_SIN] = sin(d->qpos[1]);
    obs[OBS_VELOCITY] = d->qvel[0];
    obs[OBS_TURNING] = d->qvel[1];
}

static void features(const double *obs, float *f)
{
    f[0] = (float)obs[OBS_X];
    f[1] = (float)obs[OBS_COS];
    f[2] = (float)obs[OBS_SIN];
    f[3] = (float)(obs[OBS_VELOCITY] / 2.0);
    f[4] = (float)(obs[OBS_TURNING] / 5.0);
}

// balancing needs finer cells than swinging up: asinh is even near 0 and like a logarithm
// beyond
static void coordinates(const double *obs, float *c)
{
    c[0] = (float)obs[OBS_X];
    c[1] = (float)asinh(3.0 * atan2(obs[OBS_SIN], obs[OBS_COS]));
    c[2] = (float)asinh(2.0 * obs[OBS_VELOCITY]);
    c[3] = (float)asinh(obs[OBS_TURNING]);
}

// 1 at zero, falling along a bell to 0.1 at the margin
static double bell(double x, double margin)
{
    double share = x / margin;
    return exp(log(0.1) * share * share);
}

// each term but the first keeps the larger part of its weight however bad its quantity is
static double reward(const TaskState *state, const double *ctrl)
{
    const mjData *d = state->data;
    double upright = (cos(d->qpos[1]) + 1.0) / 2.0;
    double centred = (1.0 + bell(d->qpos[0], 2.0)) / 2.0;
    double small_control = (4.0 + fmax(0.0, 1.0 - ctrl[0] * ctrl[0])) / 5.0;
    double small_velocity = (1.0 + bell(d->qvel[1], 5.0)) / 2.0;
    return upright * small_control * small_velocity * centred;
}

const TaskFamily task_cartpole_swingup = {
    .name = "cartpole_swingup",
    .summary = "cart on a rail swings a pole up, 3 actions",
    .source = "dm_control cartpole swingup; force discretised to 3 levels",
    .mjcf = "cartpole_swingup/cartpole_swingup.xml",
    .version = 1,
    .actions = "-force, 0, +force (cartpole_swingup.force of 10 N)",
    .feature_terms = "position, cos and sin of the angle, velocity / 2, angular velocity / 5",
    .obs_dim = OBS_DIM,
    .feature_dim = 5,
    .action_count = LEVELS,
    .frame_skip = 1,
    .time_limit = 1000,
    .step_us = 3.7,
    .reward_lo = 0.0,
    .reward_hi = 1.0,
    .param = params,
    .param_count = PARAM_COUNT,
    .object = objects,
    .object_count = OBJECT_COUNT,
    .coord = coords,
    .coord_count = sizeof coords / sizeof coords[0],
    .setting = settings,
    .setting_count = sizeof settings / sizeof settings[0],
    .settings_size = sizeof(ActionGrid),
    .apply = apply,
    .reset = reset,
    .control = control,
    .observe = observe,
    .features = features,
    .coordinates = coordinates,
    .reward = reward,
};
