/** @file
 * Cartpole: a cart, pushed left or right, keeps a pole upright.
 *
 * @source Gymnasium CartPole-v1: constants, observation, reward, reset, ends. One difference:
 *         MuJoCo integrates the equations of motion by Runge-Kutta, CartPole-v1 by explicit
 *         Euler (README.md).
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { POLE_MASS, POLE_HALF_LENGTH, PARAM_COUNT };
enum { POLE, OBJECT_COUNT = 4 };
enum { OBS_X, OBS_VELOCITY, OBS_ANGLE, OBS_TURNING, OBS_DIM };

static const ParamRow settings[] = {
    ACTION_SHARE("cartpole.force", 1.0,
                 "force of both actions, as a share of the motor's 10 N"),
};

static const TaskParam params[PARAM_COUNT] = {
    [POLE_MASS] = {.name = "pole_mass",
                   .unit = "kg",
                   .help = "mass of the pole",
                   .base = 0.1,
                   .lo = 0.01,
                   .hi = 1.0},
    [POLE_HALF_LENGTH] = {.name = "pole_half_length",
                          .unit = "m",
                          .help = "from the hinge to the middle of the pole",
                          .base = 0.5,
                          .lo = 0.1,
                          .hi = 2.0},
};

// cart, joint and motor are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [POLE] = {mjOBJ_BODY, "pole"},
    {mjOBJ_JOINT, "slider"},
    {mjOBJ_JOINT, "hinge"},
    {mjOBJ_ACTUATOR, "push"},
};

static const TaskCoord coords[] = {
    {.name = "cart_position", .lo = -1.2, .hi = 1.2},
    {.name = "cart_velocity", .lo = -1.5, .hi = 1.5},
    {.name = "pole_angle", .lo = -0.15, .hi = 0.15},
    {.name = "pole_velocity", .lo = -2.0, .hi = 2.0},
};

static void apply(mjModel *model, const double *param, const int *id)
{
    body_scale_mass(model, id[POLE], param[POLE_MASS] / params[POLE_MASS].base);
    body_stretch_rod(model, id[POLE], param[POLE_HALF_LENGTH] / params[POLE_HALF_LENGTH].base);
}

static void reset(TaskState *state, RngStream *rng)
{
    mjData *d = state->data;
    for (int i = 0; i < 2; i++) {
        d->qpos[i] = rng_uniform(rng, -0.05, 0.05);
        d->qvel[i] = rng_uniform(rng, -0.05, 0.05);
    }
}

static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, 1, 2, ctrl);
}

static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    obs[OBS_X] = d->qpos[0];
    obs[OBS_VELOCITY] = d->qvel[0];
    obs[OBS_ANGLE] = d->qpos[1];
    obs[OBS_TURNING] = d->qvel[1];
}

static void features(const double *obs, float *f)
{
    f[0] = (float)obs[OBS_X];
    f[1] = (float)(obs[OBS_VELOCITY] / 2.0);
    f[2] = (float)(obs[OBS_ANGLE] * 5.0);
    f[3] = (float)(obs[OBS_TURNING] / 2.0);
}

static void coordinates(const double *obs, float *c)
{
    for (int i = 0; i < OBS_DIM; i++)
        c[i] = (float)obs[i];
}

// the step that ends the episode is rewarded too
static double reward(const TaskState *state, const double *ctrl)
{
    (void)state;
    (void)ctrl;
    return 1.0;
}

static bool terminated(const TaskState *state)
{
    static const double far = 2.4, tilted = 12.0 * 2.0 * mjPI / 360.0; // m, rad
    return fabs(state->data->qpos[0]) > far || fabs(state->data->qpos[1]) > tilted;
}

const TaskFamily task_cartpole = {
    .name = "cartpole",
    .summary = "cart balances a pole, 2 actions",
    .source = "Gymnasium CartPole-v1; integrated by Runge-Kutta instead of Euler",
    .mjcf = "cartpole/cartpole.xml",
    .version = 1,
    .actions = "push left, push right (cartpole.force of 10 N)",
    .feature_terms = "position, velocity / 2, 5 angle, angular velocity / 2",
    .obs_dim = OBS_DIM,
    .feature_dim = 4,
    .action_count = 2,
    .frame_skip = 1,
    .time_limit = 500,
    .step_us = 3.6,
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
    .terminated = terminated,
};
