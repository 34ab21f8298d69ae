/** @file
 * Acrobot: two links swing up by a motor in their elbow only, tip to target.
 *
 * @source dm_control suite acrobot, task swingup: physics, observation, reward, reset. Two
 *         differences: the torque is one of three levels, because the learner is a DQN, and
 *         the target moves with the lower link's length, in which members differ (README.md).
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { LOWER_MASS, LOWER_LENGTH, PARAM_COUNT };
enum { UPPER_LINK, LOWER_LINK, TARGET, TIP, OBJECT_COUNT = 7 };
enum { LINKS = 2, LEVELS = 3 };

// places in the observation; upper link before lower, shoulder before elbow
enum { OBS_SIN, OBS_COS = 2, OBS_VELOCITY = 4, OBS_DIM = 6 };

static const ParamRow settings[] = {
    ACTION_SHARE("acrobot.torque", 1.0,
                 "outer torque level of the elbow, as a share of its motor's range"),
};

static const TaskParam params[PARAM_COUNT] = {
    [LOWER_MASS] = {.name = "lower_mass",
                    .unit = "kg",
                    .help = "mass of the lower link; its inertia keeps in proportion",
                    .base = 1.0,
                    .lo = 0.2,
                    .hi = 3.0},
    [LOWER_LENGTH] = {.name = "lower_length",
                      .unit = "m",
                      .help = "from elbow to tip; the mass stays and the target moves along",
                      .base = 1.0,
                      .lo = 0.3,
                      .hi = 2.0},
};

// joints and motor are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [UPPER_LINK] = {mjOBJ_BODY, "upper_link"},
    [LOWER_LINK] = {mjOBJ_BODY, "lower_link"},
    [TARGET] = {mjOBJ_SITE, "target"},
    [TIP] = {mjOBJ_SITE, "tip"},
    {mjOBJ_JOINT, "shoulder"},
    {mjOBJ_JOINT, "elbow"},
    {mjOBJ_ACTUATOR, "elbow"},
};

static const TaskCoord coords[] = {
    {.name = "upper_angle", .lo = -3.1416, .hi = 3.1416, .period = 2.0 * mjPI},
    {.name = "lower_angle", .lo = -3.1416, .hi = 3.1416, .period = 2.0 * mjPI},
    {.name = "shoulder_velocity", .lo = -8.0, .hi = 8.0},
    {.name = "elbow_velocity", .lo = -18.0, .hi = 18.0},
};

// differs: the target is where the tip of the member's own upright arm is
static void apply(mjModel *model, const double *param, const int *id)
{
    double length = params[LOWER_LENGTH].base;
    double longer = param[LOWER_LENGTH] / length;
    body_scale_mass(model, id[LOWER_LINK], param[LOWER_MASS] / params[LOWER_MASS].base);
    body_stretch_capsule(model, id[LOWER_LINK], longer);
    for (int i = 0; i < 3; i++)
        model->site_pos[3 * id[TIP] + i] *= longer;
    model->site_pos[3 * id[TARGET] + 2] += param[LOWER_LENGTH] - length;
}

static void reset(TaskState *state, RngStream *rng)
{
    for (int i = 0; i < LINKS; i++)
        state->data->qpos[i] = rng_uniform(rng, -mjPI, mjPI);
}

static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, 1, LEVELS, ctrl);
}

// sine and cosine of a link's own angle to the vertical: how its axis leans along x and z
static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    for (int i = 0; i < LINKS; i++) {
        const mjtNum *axes = d->xmat + 9 * state->id[UPPER_LINK + i];
        obs[OBS_SIN + i] = axes[2];
        obs[OBS_COS + i] = axes[8];
        obs[OBS_VELOCITY + i] = d->qvel[i];
    }
}

static void features(const double *obs, float *f)
{
    for (int i = 0; i < LINKS; i++) {
        f[i] = (float)obs[OBS_SIN + i];
        f[2 + i] = (float)obs[OBS_COS + i];
    }
    f[4] = (float)(obs[OBS_VELOCITY] / 4.0);
    f[5] = (float)(obs[OBS_VELOCITY + 1] / 8.0);
}

// angles are 0 upright, so that the cut of the circle is where the arm hangs
static void coordinates(const double *obs, float *c)
{
    for (int i = 0; i < LINKS; i++) {
        c[i] = (float)atan2(obs[OBS_SIN + i], obs[OBS_COS + i]);
        c[2 + i] = (float)obs[OBS_VELOCITY + i];
    }
}

// 1 within the target, and outside it a bell that is 0.1 at 1 m from its edge:
// exp(-(d s)^2 / 2) with s = sqrt(-2 ln 0.1)
static double reward(const TaskState *state, const double *ctrl)
{
    (void)ctrl;
    const double margin = 1.0, scale = sqrt(-2.0 * log(0.1));
    int target = state->id[TARGET];
    double radius = state->model->site_size[3 * target];
    double distance = mju_dist3(state->data->site_xpos + 3 * target,
                                state->data->site_xpos + 3 * state->id[TIP]);

    if (distance <= radius) return 1.0;
    double d = (distance - radius) / margin;
    return exp(-0.5 * (d * scale) * (d * scale));
}

const TaskFamily task_acrobot = {
    .name = "acrobot",
    .summary = "two links with a motor in the elbow, swing up, 3 actions",
    .source = "dm_control acrobot swingup; torque discretised to 3 levels",
    .mjcf = "acrobot/acrobot.xml",
    .version = 1,
    .actions = "torque of the elbow -1, 0, 1 times acrobot.torque of the control range",
    .feature_terms = "sin and cos of both links' angles, velocities / 4 and / 8",
    .obs_dim = OBS_DIM,
    .feature_dim = 6,
    .action_count = LEVELS,
    .frame_skip = 1,
    .time_limit = 1000,
    .step_us = 2.7,
    .synchronised = true,
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
    .reset = reset,
    .control = control,
    .observe = observe,
    .features = features,
    .coordinates = coordinates,
    .reward = reward,
    .apply = apply,
};
