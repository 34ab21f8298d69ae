/** @file
 * Hopper: a torso on one leg of three links hops forward without falling.
 *
 * @source Gymnasium Hopper-v5: physics, observation, reward, health rule, reset, frame skip.
 * One difference: each torque is one of three levels, because the learner is a DQN.
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"
#include "suite/env/inertia.h"

enum { TORSO_MASS, LEG_MASS, FOOT_FRICTION, PARAM_COUNT };
enum { TORSO, THIGH, LEG, FOOT, FOOT_SHAPE, FLOOR, OBJECT_COUNT = 12 };
enum { JOINTS = 6, MOTORS = 3, LEVELS = 3, FRAME_SKIP = 4 };

// places in the state and, one earlier, in the observation, which leaves out x
enum { X, Z, PITCH, STATE_DIM = 2 * JOINTS };
enum { OBS_Z, OBS_PITCH, OBS_THIGH, OBS_VELOCITY = 5, OBS_DIM = STATE_DIM - 1 };

static const double healthy_z = 0.7, healthy_pitch = 0.2, healthy_state = 100.0;
static const double speed_limit = 10.0; // of what is observed, not of the body
static const double noise = 0.005;

static const ParamRow settings[] = {
    ACTION_SHARE("hopper.torque", 1.0,
                 "outer torque level of each joint, as a share of its motor's range"),
};

static const TaskParam params[PARAM_COUNT] = {
    [TORSO_MASS] = {.name = "torso_mass",
                    .unit = "",
                    .help = "factor on the torso's mass and inertia",
                    .base = 1.0,
                    .lo = 0.3,
                    .hi = 3.0},
    [LEG_MASS] = {.name = "leg_mass",
                  .unit = "",
                  .help = "factor on mass and inertia of thigh, leg and foot",
                  .base = 1.0,
                  .lo = 0.3,
                  .hi = 3.0},
    [FOOT_FRICTION] = {.name = "foot_friction",
                       .unit = "",
                       .help = "coefficient of sliding friction between foot and floor",
                       .base = 2.0,
                       .lo = 0.2,
                       .hi = 4.0},
};

// joints and motors are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [TORSO] = {mjOBJ_BODY, "torso"},
    [THIGH] = {mjOBJ_BODY, "thigh"},
    [LEG] = {mjOBJ_BODY, "leg"},
    [FOOT] = {mjOBJ_BODY, "foot"},
    [FOOT_SHAPE] = {mjOBJ_GEOM, "foot"},
    [FLOOR] = {mjOBJ_GEOM, "floor"},
    {mjOBJ_JOINT, "thigh"},
    {mjOBJ_JOINT, "leg"},
    {mjOBJ_JOINT, "foot"},
    {mjOBJ_ACTUATOR, "thigh"},
    {mjOBJ_ACTUATOR, "leg"},
    {mjOBJ_ACTUATOR, "foot"},
};

static const TaskCoord coords[] = {
    {.name = "height", .lo = 0.7, .hi = 1.6},
    {.name = "pitch", .lo = -0.2, .hi = 0.2},
    {.name = "thigh_angle", .lo = -1.2, .hi = 0.1},
    {.name = "leg_angle", .lo = -1.8, .hi = 0.1},
    {.name = "foot_angle", .lo = -0.85, .hi = 0.85},
    {.name = "velocity_x", .lo = -1.0, .hi = 4.5},
    {.name = "velocity_z", .lo = -3.0, .hi = 3.0},
    {.name = "pitch_velocity", .lo = -4.0, .hi = 4.0},
    {.name = "thigh_velocity", .lo = -6.0, .hi = 6.0},
    {.name = "leg_velocity", .lo = -8.0, .hi = 8.0},
    {.name = "foot_velocity", .lo = -10.0, .hi = 10.0},
};

// of two shapes that touch, the rougher one counts: a foot smoother than the floor needs a
// floor as smooth
static void apply(mjModel *model, const double *param, const int *id)
{
    body_scale_mass(model, id[TORSO], param[TORSO_MASS]);
    for (int part = THIGH; part <= FOOT; part++)
        body_scale_mass(model, id[part], param[LEG_MASS]);

    model->geom_friction[3 * id[FOOT_SHAPE]] = param[FOOT_FRICTION];
    mjtNum *floor = &model->geom_friction[3 * id[FLOOR]];
    if (*floor > param[FOOT_FRICTION]) *floor = param[FOOT_FRICTION];
}

static void reset(TaskState *state, RngStream *rng)
{
    mjData *d = state->data;
    for (int i = 0; i < JOINTS; i++)
        d->qpos[i] += rng_uniform(rng, -noise, noise);
    for (int i = 0; i < JOINTS; i++)
        d->qvel[i] += rng_uniform(rng, -noise, noise);
}

// the thigh is the first motor
static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, MOTORS, LEVELS, ctrl);
}

static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    for (int i = Z; i < JOINTS; i++)
        obs[i - 1] = d->qpos[i];
    for (int i = 0; i < JOINTS; i++)
        obs[OBS_VELOCITY + i] = mju_clip(d->qvel[i], -speed_limit, speed_limit);
}

static void features(const double *obs, float *f)
{
    f[OBS_Z] = (float)(2.0 * (obs[OBS_Z] - 1.25));
    f[OBS_PITCH] = (float)(5.0 * obs[OBS_PITCH]);
    for (int i = OBS_THIGH; i < OBS_VELOCITY; i++)
        f[i] = (float)obs[i];
    for (int i = OBS_VELOCITY; i < OBS_DIM; i++)
        f[i] = (float)(obs[i] / 5.0);
}

static void coordinates(const double *obs, float *c)
{
    for (int i = 0; i < OBS_DIM; i++)
        c[i] = (float)obs[i];
}

static void before_step(TaskState *state)
{
    state->memory[0] = state->data->qpos[X];
}

// the true state is judged, not the clipped one that is observed; a NaN is not healthy
static bool is_healthy(const mjData *d)
{
    if (!(d->qpos[Z] > healthy_z && fabs(d->qpos[PITCH]) < healthy_pitch)) return false;
    for (int i = PITCH; i < JOINTS; i++)
        if (!(fabs(d->qpos[i]) < healthy_state)) return false;
    for (int i = 0; i < JOINTS; i++)
        if (!(fabs(d->qvel[i]) < healthy_state)) return false;
    return true;
}

// forward speed (m/s), 1 for being healthy after the step, minus the squared controls / 1000
static double reward(const TaskState *state, const double *ctrl)
{
    const mjData *d = state->data;
    double dt = state->model->opt.timestep * FRAME_SKIP, effort = 0.0;
    for (int j = 0; j < MOTORS; j++)
        effort += ctrl[j] * ctrl[j];
    double speed = (d->qpos[X] - state->memory[0]) / dt;
    return speed + (is_healthy(d) ? 1.0 : 0.0) - 1e-3 * effort;
}

static bool terminated(const TaskState *state)
{
    return !is_healthy(state->data);
}

const TaskFamily task_hopper = {
    .name = "hopper",
    .summary = "one-legged body hops forward, 27 actions",
    .source = "Gymnasium Hopper-v5; torque discretised to 3 levels per joint",
    .mjcf = "hopper/hopper.xml",
    .version = 1,
    .actions = "per joint -torque, 0, +torque (hopper.torque of the control range); the thigh "
               "is the fastest digit, then leg, then foot",
    .feature_terms = "2 (height - 1.25), 5 pitch, three joint angles, six velocities / 5",
    .obs_dim = OBS_DIM,
    .feature_dim = OBS_DIM,
    .action_count = LEVELS * LEVELS * LEVELS,
    .frame_skip = FRAME_SKIP,
    .time_limit = 1000,
    .step_us = 42.0,
    .reward_lo = -30.0, // several times the speed that the motors can give the body
    .reward_hi = 30.0,
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
    .before_step = before_step,
    .reward = reward,
    .terminated = terminated,
};
