/** @file
 * Pendulum: a rod is swung up by a motor too weak to lift it, and held upright.
 *
 * @source Gymnasium Pendulum-v1: physics, observation, reward, reset, episode. Two differences:
 *         the torque is one of three levels, because the learner is a DQN, and a member can
 *         have another mass and length (README.md).
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { MASS, LENGTH, PARAM_COUNT };
enum { ROD, MOTOR, OBJECT_COUNT = 3 };
enum { OBS_COS, OBS_SIN, OBS_VELOCITY, OBS_DIM };
enum { OLD_ANGLE, OLD_VELOCITY }; // places in TaskState.memory

static const double max_speed = 8.0; // rad/s

static const ParamRow settings[] = {
    ACTION_SHARE("pendulum.torque", 1.0, "outer torque level, as a share of the motor's range"),
};

static const TaskParam params[PARAM_COUNT] = {
    [MASS] = {.name = "mass",
              .unit = "kg",
              .help = "mass of the rod",
              .base = 1.0,
              .lo = 0.2,
              .hi = 5.0},
    [LENGTH] = {.name = "length",
                .unit = "m",
                .help = "length of the rod",
                .base = 1.0,
                .lo = 0.4,
                .hi = 2.5},
};

// the joint is only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [ROD] = {mjOBJ_BODY, "rod"},
    [MOTOR] = {mjOBJ_ACTUATOR, "pivot"},
    {mjOBJ_JOINT, "pivot"},
};

static const TaskCoord coords[] = {
    {.name = "angle", .lo = -mjPI, .hi = mjPI, .period = 2.0 * mjPI},
    {.name = "velocity", .lo = -8.0, .hi = 8.0},
};

static void apply(mjModel *model, const double *param, const int *id)
{
    body_scale_mass(model, id[ROD], param[MASS] / params[MASS].base);
    body_stretch_rod(model, id[ROD], param[LENGTH] / params[LENGTH].base);
}

static void reset(TaskState *state, RngStream *rng)
{
    state->data->qpos[0] = rng_uniform(rng, -mjPI, mjPI);
    state->data->qvel[0] = rng_uniform(rng, -1.0, 1.0);
}

static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, 1, 3, ctrl);
    ctrl[0] *= state->model->actuator_ctrlrange[2 * state->id[MOTOR] + 1];
}

static void before_step(TaskState *state)
{
    state->memory[OLD_ANGLE] = state->data->qpos[0];
    state->memory[OLD_VELOCITY] = state->data->qvel[0];
}

// the source limits the speed between its update of the velocity and that of the angle
static void after_step(TaskState *state)
{
    mjData *d = state->data;
    if (fabs(d->qvel[0]) <= max_speed) return;
    d->qvel[0] = copysign(max_speed, d->qvel[0]);
    d->qpos[0] = state->memory[OLD_ANGLE] + d->qvel[0] * state->model->opt.timestep;
}

static void observe(const TaskState *state, double *obs)
{
    obs[OBS_COS] = cos(state->data->qpos[0]);
    obs[OBS_SIN] = sin(state->data->qpos[0]);
    obs[OBS_VELOCITY] = state->data->qvel[0];
}

static void features(const double *obs, float *f)
{
    f[0] = (float)obs[OBS_COS];
    f[1] = (float)obs[OBS_SIN];
    f[2] = (float)(obs[OBS_VELOCITY] / max_speed);
}

static void coordinates(const double *obs, float *c)
{
    c[0] = (float)atan2(obs[OBS_SIN], obs[OBS_COS]);
    c[1] = (float)obs[OBS_VELOCITY];
}

// into [-mjPI, mjPI)
static double wrap(double angle)
{
    double turned = fmod(angle + mjPI, 2.0 * mjPI);
    return (turned < 0.0 ? turned + 2.0 * mjPI : turned) - mjPI;
}

// -(th^2 + 0.1 thd^2 + 0.001 u^2), th and thd before the step
static double reward(const TaskState *state, const double *ctrl)
{
    double th = wrap(state->memory[OLD_ANGLE]), thd = state->memory[OLD_VELOCITY], u = ctrl[0];
    return -(th * th + 0.1 * thd * thd + 0.001 * u * u);
}

const TaskFamily task_pendulum = {
    .name = "pendulum",
    .summary = "rod swung up by a weak motor, 3 actions",
    .source = "Gymnasium Pendulum-v1; torque discretised to 3 levels",
    .mjcf = "pendulum/pendulum.xml",
    .version = 1,
    .actions = "-torque, 0, +torque (pendulum.torque of the motor's 2 N m)",
    .feature_terms = "cos and sin of the angle, 0 upright; velocity / 8",
    .obs_dim = OBS_DIM,
    .feature_dim = 3,
    .action_count = 3,
    .frame_skip = 1,
    .time_limit = 200,
    .step_us = 0.6,
    .reward_lo = -16.2736045, // pi^2 + 0.1 8^2 + 0.001 2^2, rounded up
    .reward_hi = 0.0,
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
    .before_step = before_step,
    .after_step = after_step,
};
