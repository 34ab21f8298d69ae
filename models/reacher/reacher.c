/** @file
 * Reacher: a two-link arm in the plane moves its fingertip to a goal.
 *
 * @source Gymnasium Reacher-v5: physics, observation, reward, reset, frame skip. Two
 *         differences: each torque is one of three levels, because the learner is a DQN, and a
 *         member can fix the goal (README.md).
 */
#include <math.h>

#include "models/actions.h"
#include "models/tasks.h"

enum { GOAL_X, GOAL_Y, GOAL_SPREAD, PARAM_COUNT };
enum { FINGERTIP, GOAL, SLIDE_X, SLIDE_Y, OBJECT_COUNT = 8 };
enum { JOINTS = 2, AXES = 2, LEVELS = 3 };

// places in the observation; the pairs are shoulder and elbow, or x and y
enum { OBS_COS, OBS_SIN = 2, OBS_GOAL = 4, OBS_VELOCITY = 6, OBS_MISS = 8, OBS_DIM = 10 };

static const ParamRow settings[] = {
    ACTION_SHARE("reacher.torque", 0.2,
                 "outer torque level of each joint, as a share of its motor's range"),
};

static const TaskParam params[PARAM_COUNT] = {
    [GOAL_X] = {.name = "goal_x",
                .unit = "m",
                .help = "middle of the disc that goals are drawn from",
                .base = 0.0,
                .lo = -0.2,
                .hi = 0.2},
    [GOAL_Y] = {.name = "goal_y",
                .unit = "m",
                .help = "middle of the disc that goals are drawn from",
                .base = 0.0,
                .lo = -0.2,
                .hi = 0.2},
    [GOAL_SPREAD] = {.name = "goal_spread",
                     .unit = "m",
                     .help = "radius of the disc that goals are drawn from, 0 for one goal",
                     .base = 0.2,
                     .lo = 0.0,
                     .hi = 0.2},
};

// the arm's joints and motors are only asked to exist
static const TaskObject objects[OBJECT_COUNT] = {
    [FINGERTIP] = {mjOBJ_BODY, "fingertip"},
    [GOAL] = {mjOBJ_BODY, "goal"},
    [SLIDE_X] = {mjOBJ_JOINT, "goal_x"},
    [SLIDE_Y] = {mjOBJ_JOINT, "goal_y"},
    {mjOBJ_JOINT, "shoulder"},
    {mjOBJ_JOINT, "elbow"},
    {mjOBJ_ACTUATOR, "shoulder"},
    {mjOBJ_ACTUATOR, "elbow"},
};

static const TaskCoord coords[] = {
    {.name = "goal_along_arm", .lo = -0.22, .hi = 0.22},
    {.name = "goal_across_arm", .lo = -0.22, .hi = 0.22},
    {.name = "elbow_angle", .lo = -3.0, .hi = 3.0},
    {.name = "shoulder_velocity", .lo = -9.0, .hi = 9.0},
    {.name = "elbow_velocity", .lo = -9.0, .hi = 9.0},
};

// a goal outside would be driven back in by the slides' limits
static bool fits_slides(const TaskState *state, const double *goal)
{
    for (int i = 0; i < AXES; i++) {
        const mjtNum *range = state->model->jnt_range + 2 * state->id[SLIDE_X + i];
        if (goal[i] < range[0] || goal[i] > range[1]) return false;
    }
    return true;
}

// uniform in a disc, from the square around it
static void draw_goal(const TaskState *state, RngStream *rng, double *goal)
{
    double radius = state->param[GOAL_SPREAD], x, y;
    do {
        x = rng_uniform(rng, -radius, radius);
        y = rng_uniform(rng, -radius, radius);
        goal[0] = state->param[GOAL_X] + x;
        goal[1] = state->param[GOAL_Y] + y;
    } while (radius > 0.0 && (sqrt(x * x + y * y) >= radius || !fits_slides(state, goal)));
}

// the source draws for the goal's slides too and then overwrites them
static void reset(TaskState *state, RngStream *rng)
{
    mjData *d = state->data;
    for (int i = 0; i < JOINTS + AXES; i++)
        d->qpos[i] += rng_uniform(rng, -0.1, 0.1);
    draw_goal(state, rng, d->qpos + JOINTS);
    for (int i = 0; i < JOINTS + AXES; i++)
        d->qvel[i] = rng_uniform(rng, -0.005, 0.005);
    for (int i = 0; i < AXES; i++)
        d->qvel[JOINTS + i] = 0.0;
}

// the shoulder is the first motor
static void control(const TaskState *state, int action, double *ctrl)
{
    action_levels(state, action, JOINTS, LEVELS, ctrl);
}

static void observe(const TaskState *state, double *obs)
{
    const mjData *d = state->data;
    const mjtNum *tip = d->xpos + 3 * state->id[FINGERTIP];
    const mjtNum *goal = d->xpos + 3 * state->id[GOAL];

    for (int i = 0; i < 2; i++) {
        obs[OBS_COS + i] = cos(d->qpos[i]);
        obs[OBS_SIN + i] = sin(d->qpos[i]);
        obs[OBS_GOAL + i] = d->qpos[JOINTS + i];
        obs[OBS_VELOCITY + i] = d->qvel[i];
        obs[OBS_MISS + i] = tip[i] - goal[i];
    }
}

// the goal's place is left out: what is missing to it says as much
static void features(const double *obs, float *f)
{
    for (int i = 0; i < 2; i++) {
        f[i] = (float)obs[OBS_COS + i];
        f[2 + i] = (float)obs[OBS_SIN + i];
        f[4 + i] = (float)(obs[OBS_VELOCITY + i] / 10.0);
        f[6 + i] = (float)(5.0 * obs[OBS_MISS + i]);
    }
}

// turned into the frame of the first link, goals all around the shoulder look alike
static void coordinates(const double *obs, float *c)
{
    double cos0 = obs[OBS_COS], sin0 = obs[OBS_SIN];
    double x = obs[OBS_GOAL], y = obs[OBS_GOAL + 1];

    c[0] = (float)(cos0 * x + sin0 * y);
    c[1] = (float)(cos0 * y - sin0 * x);
    c[2] = (float)atan2(obs[OBS_SIN + 1], obs[OBS_COS + 1]);
    c[3] = (float)obs[OBS_VELOCITY];
    c[4] = (float)obs[OBS_VELOCITY + 1];
}

// minus the distance from fingertip to goal (m), minus the squared controls
static double reward(const TaskState *state, const double *ctrl)
{
    const mjtNum *tip = state->data->xpos + 3 * state->id[FINGERTIP];
    const mjtNum *goal = state->data->xpos + 3 * state->id[GOAL];
    double squares = 0.0, effort = 0.0;

    for (int i = 0; i < 3; i++)
        squares += (tip[i] - goal[i]) * (tip[i] - goal[i]);
    for (int j = 0; j < JOINTS; j++)
        effort += ctrl[j] * ctrl[j];
    return -sqrt(squares) - effort;
}

const TaskFamily task_reacher = {
    .name = "reacher",
    .summary = "two-link arm, fingertip to goal, 9 actions",
    .source = "Gymnasium Reacher-v5; torque discretised to 3 levels per joint",
    .mjcf = "reacher/reacher.xml",
    .version = 1,
    .actions =
        "per joint -torque, 0, +torque (reacher.torque of the control range); joint 0 is "
        "the fastest digit",
    .feature_terms = "cos and sin of both angles, velocities / 10, 5 (fingertip - goal)",
    .obs_dim = OBS_DIM,
    .feature_dim = 8,
    .action_count = LEVELS * LEVELS,
    .frame_skip = 2,
    .time_limit = 50,
    .step_us = 10.0,
    .reward_lo = -2.8, // both controls at 1 and the goal 0.8 m away, more than it can be
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
};
