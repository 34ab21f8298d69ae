/** @file
 * Double pendulum: a cart balances two poles, one on top of the other.
 *
 * @source Gymnasium InvertedDoublePendulum-v5: physics, observation, reward, end, reset, frame
 *         skip. Two differences: the force is one of five levels, because the learner is a DQN,
 *         and heights count in shares of the poles' reach, because members differ in it
 *         (README.md).
 */
#include <math.h>
#include <stdbool.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { POLE_MASS, POLE_LENGTH, PARAM_COUNT };
enum { LOWER_POLE, UPPER_POLE, TIP, OBJECT_COUNT = 7 };
enum { CART, LOWER, UPPER, JOINTS, LEVELS = 5 };

// places in the observation; sines and cosines are lower and upper pole's
enum { OBS_X, OBS_SIN, OBS_COS = 3, OBS_VELOCITY = 5, OBS_FORCE = 8, OBS_DIM = 9 };

static const double observed_limit = 10.0; // of velocities and of the limit's force
static const double noise = 0.1;
static const double healthy = 10.0, height_aim = 2.0, height_fallen = 1.0;

static const ParamRow settings[] = {
    ACTION_SHARE("double_pendulum.force", 0.4,
                 "outer force level of the cart, as a share of its motor's range"),
};

static const TaskParam params[PARAM_COUNT] = {
    [POLE_MASS] = {.name = "pole_mass",
                   .unit = "kg",
                   .help = "mass of each pole; its inertia keeps in proportion",
                   .base = 4.19874,
                   .lo = 1.0,
                   .hi = 16.0},
    [POLE_LENGTH] = {.name = "pole_length",
                     .unit = "m",
                     .help = "from hinge to hinge, and from there to the tip; mass stays",
                     .base = 0.6,
                     .lo = 0.3,
                     .hi = 1.2},
};

// joints and motor are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [LOWER_POLE] = {mjOBJ_BODY, "lower_pole"},
    [UPPER_POLE] = {mjOBJ_BODY, "upper_pole"},
    [TIP] = {mjOBJ_SITE, "tip"},
    {mjOBJ_JOINT, "slider"},
    {mjOBJ_JOINT, "lower_hinge"},
    {mjOBJ_JOINT, "upper_hinge"},
    {mjOBJ_ACTUATOR, "slider"},
};

static const TaskCoord coords[] = {
    {.name = "cart_position", .lo = -0.8, .hi = 0.8},
    {.name = "lower_angle", .lo = -0.25, .hi = 0.25},
    {.name = "upper_angle", .lo = -0.2, .hi = 0.2},
    {.name = "cart_velocity", .lo = -1.8, .hi = 1.8},
    {.name = "lower_velocity", .lo = -2.0, .hi = 2.0},
    {.name = "upper_velocity", .lo = -2.5, .hi = 2.5},
};

// how much longer the poles are than the original's
static double stretch(const double *param)
{
    return param[POLE_LENGTH] / params[POLE_LENGTH].base;
}

static void apply(mjModel *model, const double *param, const int *id)
{
    double heavier = param[POLE_MASS] / params[POLE_MASS].base, longer = stretch(param);
    for (int pole = LOWER_POLE; pole <= UPPER_POLE; pole++) {
        body_scale_mass(model, id[pole], heavier);
        body_stretch_capsule(model, id[pole], longer);
    }
    for (int i = 0; i < 3; i++) {
        model->body_pos[3 * id[UPPER_POLE] + i] *= longer;
        model->site_pos[3 * id[TIP] + i] *= longer;
    }
}

static void reset(TaskState *state, RngStream *rng)
{
    for (int i = 0; i < JOINTS; i++)
        state->data->qpos[i] += rng_uniform(rng, -noise, noise);
    for (int i = 0; i < JOINTS; i++)
        state->data->qvel[i] += noise * rng_normal(rng);
}

static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, 1, LEVELS, ctrl);
}

static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    obs[OBS_X] = d->qpos[CART];
    for (int i = 0; i < 2; i++) {
        obs[OBS_SIN + i] = sin(d->qpos[LOWER + i]);
        obs[OBS_COS + i] = cos(d->qpos[LOWER + i]);
    }
    for (int i = 0; i < JOINTS; i++)
        obs[OBS_VELOCITY + i] = mju_clip(d->qvel[i], -observed_limit, observed_limit);
    obs[OBS_FORCE] = mju_clip(d->qfrc_constraint[CART], -observed_limit, observed_limit);
}

// the cosines are left out, because balanced poles never turn far, and the limit's force,
// because the cart's position says when it acts
static void features(const double *obs, float *f)
{
    f[0] = (float)obs[OBS_X];
    for (int i = 0; i < 2; i++)
        f[1 + i] = (float)(2.0 * obs[OBS_SIN + i]);
    f[3] = (float)(obs[OBS_VELOCITY + CART] / 2.0);
    f[4] = (float)(obs[OBS_VELOCITY + LOWER] / 3.0);
    f[5] = (float)(obs[OBS_VELOCITY + UPPER] / 5.0);
}

static void coordinates(const double *obs, float *c)
{
    c[0] = (float)obs[OBS_X];
    for (int i = 0; i < 2; i++)
        c[1 + i] = (float)atan2(obs[OBS_SIN + i], obs[OBS_COS + i]);
    for (int i = 0; i < JOINTS; i++)
        c[3 + i] = (float)obs[OBS_VELOCITY + i];
}

// differs: the original's heights are absolute; as shares of the reach they mean the same pose
// for poles of every length, and they are the same numbers for the original's
static double tip_height(const TaskState *state)
{
    return state->data->site_xpos[3 * state->id[TIP] + 2] / stretch(state->param);
}

static bool terminated(const TaskState *state)
{
    return tip_height(state) <= height_fallen;
}

static double reward(const TaskState *state, const double *ctrl)
{
    (void)ctrl;
    const mjData *d = state->data;
    double x = d->site_xpos[3 * state->id[TIP]], missing = tip_height(state) - height_aim;
    double lower = d->qvel[LOWER], upper = d->qvel[UPPER];

    double distance = 0.01 * x * x + missing * missing;
    double turning = 1e-3 * lower * lower + 5e-3 * upper * upper;
    return (terminated(state) ? 0.0 : healthy) - distance - turning;
}

const TaskFamily task_double_pendulum = {
    .name = "double_pendulum",
    .summary = "cart under two poles in a chain, balance, 5 actions",
    .source = "Gymnasium InvertedDoublePendulum-v5; force discretised to 5 levels",
    .mjcf = "double_pendulum/double_pendulum.xml",
    .version = 1,
    .actions = "force on the cart -1, -1/2, 0, 1/2, 1 times double_pendulum.force of the "
               "control range",
    .feature_terms = "cart position, 2 sin of both angles, velocities / 2, / 3, / 5",
    .obs_dim = OBS_DIM,
    .feature_dim = 6,
    .action_count = LEVELS,
    .frame_skip = 5,
    .time_limit = 1000,
    .step_us = 23.0,
    .reward_lo = -50.0, // fallen with both hinges at 80 rad/s; the lowest met is in README.md
    .reward_hi = 9.361, // upright and at rest: 10 - 0.8 * 0.8, and room for rounding
    .param = params,
    .param_count = PARAM_COUNT,
    .object = objects,
    .object_count = OBJECT_COUNT,
    .coord = coords,
    .coord_count = sizeof coords / sizeof coords[0],
    .setting = settings,
    .setting_count = sizeof settings / sizeof settings[0],
    .settings_size = sizeof(ActionGrid),
    .reset = reset,
    .control = control,
    .observe = observe,
    .features = features,
    .coordinates = coordinates,
    .reward = reward,
    .apply = apply,
    .terminated = terminated,
};
