#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { X, Z, PITCH, THIGH, LEG, FOOT, NQ };
enum { OBS_DIM = 11, ACTIONS = 27, TIME_LIMIT = 1000, BASE_PARAMS = 3 };
static const double pi = 3.14159265358979323846;
static const double base_param[BASE_PARAMS] = {1, 1, 2};

static Env *new_env(const double param[BASE_PARAMS])
{
    return family_env(&task_hopper, param, 1.0);
}

// the torques that an action index stands for, worked out anew
static void levels(int action, double ctrl[3])
{
    static const double level[3] = {-1.0, 0.0, 1.0};
    ctrl[0] = level[action % 3];
    ctrl[1] = level[action / 3 % 3];
    ctrl[2] = level[action / 9];
}

// -- MuJoCo driven by hand, as Hopper-v5 does it

typedef struct Start {
    const char *what;
    double qpos[NQ], qvel[NQ];
} Start;

static const Start starts[] = {
    {"standing", {0, 1.25, 0, 0, 0, 0}, {0}},
    {"landing", {1, 1.3, -0.1, -0.4, -0.6, 0.3}, {2, -2, 0.5, 1, -1, 2}},
    {"folded at the limits", {0, 1.0, 0.1, -2.6, -2.6, 0.8}, {1, 0, 0, -3, -4, 2}},
    {"fast", {-3, 1.4, 0.05, -0.2, -0.2, 0.1}, {12, 1, -2, 11, -13, 20}},
    {"fallen", {0, 0.2, 1.4, -0.5, -1.0, 0.2}, {0, -1, 1, 0, 0, 0}},
};
enum { START_COUNT = sizeof starts / sizeof starts[0] };

ParameterizedTestParameters(hopper, agrees_with_mujoco_driven_by_hand)
{
    static int index[START_COUNT];
    for (int i = 0; i < START_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, START_COUNT);
}

static bool is_healthy_by_hand(const mjData *d)
{
    bool healthy = d->qpos[Z] > 0.7 && d->qpos[PITCH] > -0.2 && d->qpos[PITCH] < 0.2;
    for (int i = 2; i < 2 * NQ; i++) {
        double s = i < NQ ? d->qpos[i] : d->qvel[i - NQ];
        healthy = healthy && s > -100 && s < 100;
    }
    return healthy;
}

ParameterizedTest(int *index, hopper, agrees_with_mujoco_driven_by_hand)
{
    const Start *s = &starts[*index];
    mjModel *m = family_model(&task_hopper);
    mjData *d = mj_makeData(m);
    Env *env = new_env(base_param);
    memcpy(d->qpos, s->qpos, sizeof s->qpos);
    memcpy(d->qvel, s->qvel, sizeof s->qvel);
    env_set_state(env, s->qpos, s->qvel, NULL);

    for (int t = 0; t < 40 && !env_is_over(env); t++) {
        int action = (7 * t + 5) % ACTIONS;
        double before = d->qpos[X];
        levels(action, d->ctrl);
        for (int i = 0; i < 4; i++)
            mj_step(m, d);
        double squares = 0;
        for (int j = 0; j < 3; j++)
            squares += d->ctrl[j] * d->ctrl[j];
        bool healthy = is_healthy_by_hand(d);
        double reward = (d->qpos[X] - before) / 0.008 + (healthy ? 1 : 0) - 0.001 * squares;

        EnvStep step = env_step(env, action);
        cr_assert(epsilon_eq(dbl, step.reward, reward, 1e-12), "%s, step %d", s->what, t);
        cr_assert(eq(int, step.terminated, !healthy), "%s, step %d", s->what, t);
        for (int i = 0; i < NQ; i++) {
            cr_assert(eq(dbl, env_position(env)[i], d->qpos[i]), "%s, step %d", s->what, t);
            cr_assert(eq(dbl, env_velocity(env)[i], d->qvel[i]), "%s, step %d", s->what, t);
            double seen = fmax(-10, fmin(10, d->qvel[i]));
            cr_assert(eq(dbl, env_observation(env)[5 + i], seen), "%s, step %d", s->what, t);
            if (i != X) cr_assert(eq(dbl, env_observation(env)[i - 1], d->qpos[i]));
        }
    }
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

// -- the body, worked out without MuJoCo

// a capsule of water: a cylinder and a ball
static double capsule_mass(double radius, double length)
{
    return 1000 * pi * radius * radius * (length + 4.0 / 3.0 * radius);
}

typedef struct Body {
    double mass, x, z;
} Body;

// masses and middles of the four links in a pose; angles of joints turn against the pitch
static void place(const double *q, Body body[4])
{
    double torso = q[PITCH], thigh = torso - q[THIGH], leg = thigh - q[LEG];
    double foot = leg - q[FOOT];
    double hip_x = q[X] - 0.2 * sin(torso), hip_z = q[Z] - 0.2 * cos(torso);
    double knee_x = hip_x - 0.45 * sin(thigh), knee_z = hip_z - 0.45 * cos(thigh);
    double ankle_x = knee_x - 0.5 * sin(leg), ankle_z = knee_z - 0.5 * cos(leg);

    body[0] = (Body){capsule_mass(0.05, 0.4), q[X], q[Z]};
    body[1] = (Body){capsule_mass(0.05, 0.45), hip_x - 0.225 * sin(thigh),
                     hip_z - 0.225 * cos(thigh)};
    body[2] =
        (Body){capsule_mass(0.04, 0.5), knee_x - 0.25 * sin(leg), knee_z - 0.25 * cos(leg)};
    // the foot reaches from 0.13 behind the ankle to 0.26 before it
    body[3] = (Body){capsule_mass(0.06, 0.39), ankle_x + 0.065 * cos(foot),
                     ankle_z - 0.065 * sin(foot)};
}

static void centre(const double *q, double at[2])
{
    Body body[4];
    double mass = 0, x = 0, z = 0;
    place(q, body);
    for (int i = 0; i < 4; i++) {
        mass += body[i].mass;
        x += body[i].mass * body[i].x;
        z += body[i].mass * body[i].z;
    }
    at[0] = x / mass;
    at[1] = z / mass;
}

Test(hopper, masses_are_those_of_the_shapes)
{
    const double q[NQ] = {0, 1.25, 0.1, -0.3, -0.5, 0.4};
    Body body[4];
    mjModel *m = family_model(&task_hopper);
    mjData *d = mj_makeData(m);
    memcpy(d->qpos, q, sizeof q);
    mj_forward(m, d);
    place(q, body);
    for (int i = 0; i < 4; i++) {
        cr_assert(epsilon_eq(dbl, m->body_mass[1 + i], body[i].mass, 1e-12), "link %d", i);
        cr_assert(epsilon_eq(dbl, d->xipos[3 * (1 + i)], body[i].x, 1e-12), "link %d", i);
        cr_assert(epsilon_eq(dbl, d->xipos[3 * (1 + i) + 2], body[i].z, 1e-12), "link %d", i);
    }
    mj_deleteData(d);
    mj_deleteModel(m);
}

// whatever the motors do in the air, the middle of the body falls as a stone
Test(hopper, flies_along_a_parabola)
{
    const double q[NQ] = {0, 3, 0, -0.5, -0.8, 0.1}, w[NQ] = {1, 0.5, 0.1, -1, 1, -2};
    const double dt = 0.008;
    double at[3][2];
    Env *env = new_env(base_param);
    env_set_state(env, q, w, NULL);
    centre(env_position(env), at[0]);
    (void)env_step(env, 11);
    centre(env_position(env), at[1]);
    for (int t = 2; t < 20; t++) {
        EnvStep step = env_step(env, (t / 4 * 7) % ACTIONS);
        cr_assert(not(step.terminated), "step %d", t);
        centre(env_position(env), at[2]);
        double ax = (at[2][0] - 2 * at[1][0] + at[0][0]) / (dt * dt);
        double az = (at[2][1] - 2 * at[1][1] + at[0][1]) / (dt * dt);
        // the integrator leaves 2e-8 of position, divided by dt squared
        cr_assert(lt(dbl, fabs(ax), 1e-3), "step %d: %g", t, ax);
        cr_assert(lt(dbl, fabs(az + 9.81), 1e-3), "step %d: %g", t, az);
        memmove(at[0], at[1], 2 * sizeof at[0]);
    }
    env_free(env);
}

// -- the end, and the bonus for not having come to it

static bool ends(const double *q, const double *w)
{
    double qpos[NQ], qvel[NQ];
    memcpy(qpos, q, sizeof qpos);
    memcpy(qvel, w, sizeof qvel);
    mjData d = {.qpos = qpos, .qvel = qvel};
    TaskState state = {.data = &d};
    return task_hopper.terminated(&state);
}

static bool ends_with(int place, double value)
{
    double q[NQ] = {0, 1.25}, w[NQ] = {0};
    cr_assert(not(ends(q, w)));
    if (place < NQ)
        q[place] = value;
    else
        w[place - NQ] = value;
    return ends(q, w);
}

Test(hopper, ends_exactly_at_the_limits_of_health)
{
    cr_assert(ends_with(Z, 0.7));
    cr_assert(not(ends_with(Z, nextafter(0.7, 1))));
    cr_assert(not(ends_with(Z, 1e6)), "no height is too much");
    for (int sign = -1; sign <= 1; sign += 2) {
        cr_assert(ends_with(PITCH, sign * 0.2));
        cr_assert(not(ends_with(PITCH, sign * nextafter(0.2, 0))));
        cr_assert(not(ends_with(X, sign * 1e6)), "no place is too far");
        for (int i = THIGH; i < 2 * NQ; i++) {
            cr_assert(ends_with(i, sign * 100.0), "state %d", i);
            cr_assert(not(ends_with(i, sign * nextafter(100, 0))), "state %d", i);
        }
    }
    for (int i = Z; i < 2 * NQ; i++)
        cr_assert(ends_with(i, NAN), "state %d", i);
}

Test(hopper, pays_the_bonus_only_where_it_is_healthy_after_the_step)
{
    double q[NQ] = {0.5, 1.25}, w[NQ] = {0};
    const double ctrl[3] = {1, -1, 0.5};
    mjModel *m = family_model(&task_hopper);
    mjData d = {.qpos = q, .qvel = w};
    TaskState state = {.model = m, .data = &d};
    task_hopper.before_step(&state);
    q[X] = 0.516;
    cr_assert(epsilon_eq(dbl, task_hopper.reward(&state, ctrl), 2 + 1 - 0.00225, 1e-12));
    q[Z] = 0.7;
    cr_assert(epsilon_eq(dbl, task_hopper.reward(&state, ctrl), 2 - 0.00225, 1e-12));
    mj_deleteModel(m);
}

// -- resets, members, model

Test(hopper, draws_its_start_in_the_order_of_the_source)
{
    Env *env = new_env(base_param);
    double lo = 1, hi = -1;
    for (uint64_t episode = 0; episode < 200; episode++) {
        RngStream rng = start(episode);
        env_reset(env, start(episode));
        for (int i = 0; i < 2 * NQ; i++) {
            double noise = rng_uniform(&rng, -0.005, 0.005);
            double now = i < NQ ? env_position(env)[i] : env_velocity(env)[i - NQ];
            cr_assert(eq(dbl, now, i == Z ? 1.25 + noise : noise), "state %d", i);
            lo = fmin(lo, noise);
            hi = fmax(hi, noise);
        }
    }
    cr_assert(lo < -0.0049 && hi > 0.0049);
    env_free(env);
}

static double friction(const mjModel *m, const char *shape)
{
    return m->geom_friction[3 * mj_name2id(m, mjOBJ_GEOM, shape)];
}

static void object_ids(const mjModel *m, int *id)
{
    for (int i = 0; i < task_hopper.object_count; i++)
        id[i] = mj_name2id(m, task_hopper.object[i].type, task_hopper.object[i].name);
}

Test(hopper, a_foot_smoother_than_the_floor_smooths_the_floor)
{
    static const double foot[] = {0.4, 1.0, 2.0, 3.0}, floor[] = {0.4, 1.0, 1.0, 1.0};
    for (int i = 0; i < 4; i++) {
        int id[32];
        const double param[BASE_PARAMS] = {1, 1, foot[i]};
        mjModel *m = family_model(&task_hopper);
        object_ids(m, id);
        task_hopper.apply(m, param, id);
        cr_assert(eq(dbl, friction(m, "foot"), foot[i]));
        cr_assert(eq(dbl, friction(m, "floor"), floor[i]));
        cr_assert(eq(dbl, friction(m, "torso"), 0.9));
        mj_deleteModel(m);
    }
}

// how far the middle of the body slides in a twentieth of a second on the floor
static double slide(double foot_friction)
{
    const double q[NQ] = {0, 1.208}, w[NQ] = {2};
    const double param[BASE_PARAMS] = {1, 1, foot_friction};
    Env *env = new_env(param);
    env_set_state(env, q, w, NULL);
    double at[2];
    for (int t = 0; t < 6; t++)
        (void)env_step(env, 13);
    centre(env_position(env), at);
    env_free(env);
    return at[0];
}

Test(hopper, slides_farther_on_a_smoother_foot)
{
    cr_assert(lt(dbl, slide(0.6) + 1e-3, slide(0.2)));
    cr_assert(lt(dbl, slide(2.0) + 1e-3, slide(0.6)));
}

Test(hopper, mass_factors_reach_the_links_they_name)
{
    static const double factor[4] = {1.5, 0.8, 0.8, 0.8};
    const double param[BASE_PARAMS] = {1.5, 0.8, 2};
    int id[32];
    mjModel *m = family_model(&task_hopper), *base = family_model(&task_hopper);
    object_ids(m, id);
    task_hopper.apply(m, param, id);
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(dbl, m->body_mass[1 + i], base->body_mass[1 + i] * factor[i]));
        for (int k = 3 * (1 + i); k < 3 * (2 + i); k++)
            cr_assert(eq(dbl, m->body_inertia[k], base->body_inertia[k] * factor[i]));
    }
    mj_deleteModel(m);
    mj_deleteModel(base);
}

Test(hopper, the_model_has_room_for_a_body_folded_on_the_floor)
{
    Env *env = new_env(base_param);
    RngStream rng = start(0);
    for (int throw = 0; throw < 200; throw ++) {
        double q[NQ], w[NQ];
        for (int i = 0; i < NQ; i++) {
            q[i] = rng_uniform(&rng, -2.7, i < FOOT && i > PITCH ? 0.1 : 2.7);
            w[i] = rng_uniform(&rng, -15, 15);
        }
        q[Z] = rng_uniform(&rng, 0, 1);
        env_set_state(env, q, w, NULL);
        EnvStep step = env_step(env, throw % ACTIONS);
        cr_assert(not(step.diverged), "throw %d", throw);
    }
    env_free(env);
}

// -- actions and features

Test(hopper, actions_are_every_triple_of_levels_with_the_thigh_fastest)
{
    const double torque = 0.3;
    TaskState state = {.settings = &torque};
    for (int action = 0; action < ACTIONS; action++) {
        double ctrl[3], expected[3];
        levels(action, expected);
        task_hopper.control(&state, action, ctrl);
        for (int j = 0; j < 3; j++)
            cr_assert(eq(dbl, ctrl[j], torque * expected[j]), "action %d, joint %d", action, j);
    }
}

Test(hopper, features_are_the_observation_scaled)
{
    const double obs[OBS_DIM] = {1.35, 0.1, -0.3, -0.4, 0.5, 5, -10, 1, 2, 3, 4};
    const float expected[OBS_DIM] = {0.2f, 0.5f, -0.3f, -0.4f, 0.5f, 1,
                                     -2,   0.2f, 0.4f,  0.6f,  0.8f};
    float f[OBS_DIM], c[OBS_DIM];
    task_hopper.features(obs, f);
    task_hopper.coordinates(obs, c);
    for (int i = 0; i < OBS_DIM; i++) {
        cr_assert(epsilon_eq(flt, f[i], expected[i], 1e-6f), "feature %d", i);
        cr_assert(eq(flt, c[i], (float)obs[i]), "coordinate %d", i);
    }
}

Test(hopper, an_episode_is_at_most_a_thousand_steps)
{
    cr_assert(eq(int, task_hopper.time_limit, TIME_LIMIT));
    cr_assert(eq(int, task_hopper.frame_skip, 4));
    cr_assert(eq(int, task_hopper.action_count, ACTIONS));
}
