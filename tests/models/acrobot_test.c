#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 6, ACTIONS = 3, LINKS = 2, PARAMS = 2, TIME_LIMIT = 1000 };
static const double tolerance = 1e-9; // over the steps that a reference is followed

// -- the family as the program uses it

static Env *new_env(const Member *member, double torque)
{
    return family_env(&task_acrobot, member->param, torque);
}

static Env *env_of(double mass, double length, double torque)
{
    const Member member = {.name = "made", .param = {mass, length}};
    return new_env(&member, torque);
}

static Env *base_env(double torque)
{
    return env_of(1, 1, torque);
}

// -- states and actions to compare in

typedef struct Start {
    const char *what;
    double q[LINKS], w[LINKS];
    double torque;
    int hold; // control steps for which an action stays
} Start;

static const Start starts[] = {
    {"upright", {0, 0}, {0, 0}, 1.0, 5},
    {"near the target", {0.1, -0.15}, {0.3, -0.2}, 1.0, 3},
    {"hanging", {3.1, 0.1}, {0, 0}, 1.0, 20},
    {"folded", {-2.0, 2.8}, {1, -2}, 0.5, 7},
    {"whirling", {0.5, -1.0}, {5, -12}, 1.0, 2},
};
enum { START_COUNT = sizeof starts / sizeof starts[0], STEPS = 40 };

static int action_at(const Start *s, int t)
{
    return (t / s->hold * 2 + 2) % ACTIONS;
}

static double level(int action, double torque)
{
    static const double share[ACTIONS] = {-1.0, 0.0, 1.0};
    return torque * share[action];
}

static void set_start(Env *env, const Start *s)
{
    env_set_state(env, s->q, s->w, NULL);
}

static struct criterion_test_params every_start(void)
{
    static int index[START_COUNT];
    for (int i = 0; i < START_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, START_COUNT);
}

// dm_control's tolerance with its default bell: 0.1 one margin outside the bounds
static double bell(double distance)
{
    double outside = fmax(0, distance - 0.2);
    return pow(0.1, outside * outside);
}

// -- reference one: the file's own model, to which no member was applied, driven by hand and
// then brought up to date, as dm_control does it. The same library makes the same steps, so
// base is the same bits.

static void observe_by_hand(const mjModel *m, const mjData *d, double *obs)
{
    const double *upper = d->xmat + 9 * mj_name2id(m, mjOBJ_BODY, "upper_link");
    const double *lower = d->xmat + 9 * mj_name2id(m, mjOBJ_BODY, "lower_link");
    const double now[OBS_DIM] = {upper[2], lower[2],   upper[8],
                                 lower[8], d->qvel[0], d->qvel[1]};
    memcpy(obs, now, sizeof now);
}

static double distance_by_hand(const mjModel *m, const mjData *d)
{
    const double *tip = d->site_xpos + 3 * mj_name2id(m, mjOBJ_SITE, "tip");
    const double *target = d->site_xpos + 3 * mj_name2id(m, mjOBJ_SITE, "target");
    return hypot(hypot(tip[0] - target[0], tip[1] - target[1]), tip[2] - target[2]);
}

ParameterizedTestParameters(acrobot, base_is_the_untouched_model_driven_by_hand)
{
    return every_start();
}

ParameterizedTest(int *index, acrobot, base_is_the_untouched_model_driven_by_hand)
{
    const Start *s = &starts[*index];
    mjModel *m = family_model(&task_acrobot);
    mjData *d = mj_makeData(m);
    memcpy(d->qpos, s->q, sizeof s->q);
    memcpy(d->qvel, s->w, sizeof s->w);
    mj_forward(m, d);

    double obs[OBS_DIM];
    Env *env = base_env(s->torque);
    set_start(env, s);
    for (int t = 1; t <= 200; t++) {
        d->ctrl[0] = level(action_at(s, t), s->torque);
        mj_step(m, d);
        mj_step1(m, d);
        EnvStep step = env_step(env, action_at(s, t));
        observe_by_hand(m, d, obs);
        cr_assert(memcmp(env_observation(env), obs, sizeof obs) == 0, "%s, step %d", s->what,
                  t);
        cr_assert(epsilon_eq(dbl, step.reward, bell(distance_by_hand(m, d)), 1e-13),
                  "%s, step %d", s->what, t);
    }
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

// -- reference two: no MuJoCo at all. Two links from dm_control's geometry, by Lagrange's
// equations in the links' own angles to the vertical, a1 and a2.

static const double upper_mass = 1.0, upper_length = 1.0, upper_r = 0.05, lower_r = 0.049;
static const double shoulder_z = 2.0, gear = 2.0, damping = 0.05, g = 9.81, h = 0.01;

// across its axis, about its middle, of a capsule of mass m; the caps' middles are 3r/8 out
// from the cylinder's ends
static double capsule_inertia(double m, double r, double length)
{
    double ball = m * 4 * r / (3 * length + 4 * r), cylinder = m - ball, half = length / 2;
    return cylinder * (3 * r * r + length * length) / 12 +
           ball * (0.4 * r * r + half * half + 0.75 * half * r);
}

typedef struct Arm {
    double mass, length;       // of the lower link
    double a[LINKS], w[LINKS]; // angles and how fast they change
} Arm;

static void accelerate(const Arm *arm, const double a[LINKS], const double w[LINKS],
                       double ctrl, double out[LINKS])
{
    double m = arm->mass, l = upper_length, c1 = l / 2, c2 = arm->length / 2;
    double m11 = capsule_inertia(upper_mass, upper_r, l) + upper_mass * c1 * c1 + m * l * l;
    double m22 = capsule_inertia(m, lower_r, arm->length) + m * c2 * c2;
    double coupling = m * l * c2, m12 = coupling * cos(a[0] - a[1]);
    double elbow = gear * ctrl - damping * (w[1] - w[0]);

    double f0 = (upper_mass * c1 + m * l) * g * sin(a[0]) -
                coupling * sin(a[0] - a[1]) * w[1] * w[1] - damping * w[0] - elbow;
    double f1 = m * c2 * g * sin(a[1]) + coupling * sin(a[0] - a[1]) * w[0] * w[0] + elbow;
    double det = m11 * m22 - m12 * m12;
    out[0] = (m22 * f0 - m12 * f1) / det;
    out[1] = (m11 * f1 - m12 * f0) / det;
}

// the classic Runge-Kutta step
static void runge_kutta(Arm *arm, double ctrl)
{
    static const double ahead[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
    double v[LINKS] = {0}, b[LINKS] = {0}, sum_v[LINKS] = {0}, sum_b[LINKS] = {0};

    for (int stage = 0; stage < 4; stage++) {
        double a[LINKS], w[LINKS];
        for (int i = 0; i < LINKS; i++) {
            a[i] = arm->a[i] + h * ahead[stage] * v[i];
            w[i] = arm->w[i] + h * ahead[stage] * b[i];
        }
        accelerate(arm, a, w, ctrl, b);
        for (int i = 0; i < LINKS; i++) {
            v[i] = w[i];
            sum_v[i] += weight[stage] * v[i] / 6;
            sum_b[i] += weight[stage] * b[i] / 6;
        }
    }
    for (int i = 0; i < LINKS; i++) {
        arm->a[i] += h * sum_v[i];
        arm->w[i] += h * sum_b[i];
    }
}

static void check_arm(const Env *env, const Arm *arm, const EnvStep *step, const char *what)
{
    const double obs[OBS_DIM] = {sin(arm->a[0]), sin(arm->a[1]), cos(arm->a[0]),
                                 cos(arm->a[1]), arm->w[0],      arm->w[1] - arm->w[0]};
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(epsilon_eq(dbl, env_observation(env)[i], obs[i], tolerance),
                  "%s, step %d, observation %d", what, env_elapsed(env), i);

    double x = upper_length * obs[0] + arm->length * obs[1];
    double z = shoulder_z + upper_length * obs[2] + arm->length * obs[3];
    double target = shoulder_z + upper_length + arm->length;
    cr_assert(epsilon_eq(dbl, step->reward, bell(hypot(x, z - target)), tolerance),
              "%s, step %d, reward", what, env_elapsed(env));
}

static void follow_arm(const Start *s, const Member *member)
{
    Env *env = new_env(member, s->torque);
    Arm arm = {.mass = member->param[0],
               .length = member->param[1],
               .a = {s->q[0], s->q[0] + s->q[1]},
               .w = {s->w[0], s->w[0] + s->w[1]}};
    set_start(env, s);
    for (int t = 1; t <= STEPS; t++) {
        runge_kutta(&arm, level(action_at(s, t), s->torque));
        EnvStep step = env_step(env, action_at(s, t));
        check_arm(env, &arm, &step, member->name);
    }
    env_free(env);
}

ParameterizedTestParameters(acrobot, members_agree_with_lagrange_without_mujoco)
{
    return every_start();
}

ParameterizedTest(int *index, acrobot, members_agree_with_lagrange_without_mujoco)
{
    const Member ends[] = {{.name = "all at lo", .param = {0.2, 0.3}},
                           {.name = "all at hi", .param = {3, 2}}};
    MemberList list = family_members(&task_acrobot);
    for (int i = 0; i < list.count; i++)
        follow_arm(&starts[*index], &list.member[i]);
    for (int i = 0; i < 2; i++)
        follow_arm(&starts[*index], &ends[i]);
    members_release(&list);
}

// -- known answers: dm_control 1.0.50's own acrobot swingup under MuJoCo 3.17.0, leaving the
// target; observation and reward after the steps named

static const int known_actions[] = {2, 1, 0, 0, 1, 2, 2, 2, 1, 0}; // and again
static const struct {
    int step;
    double obs[OBS_DIM], reward;
} known[] = {
    {1,
     {0.10257827471665683, -0.048379792761798664, 0.9947249356260021, 0.9988290122199721,
      0.2519449935657744, -0.03189666788133175},
     1.0},
    {10,
     {0.14022015753679115, -0.055097585532312456, 0.9901203499677993, 0.9984809743147384,
      0.5354420683126397, -0.774329206821859},
     1.0},
    {50,
     {0.631970877688487, -0.5607211754980361, 0.7749921352850256, 0.8280046879988668,
      2.295208388788126, -4.622016560701133},
     0.9091810616807714},
};

Test(acrobot, gives_the_numbers_that_dm_control_gives)
{
    Env *env = base_env(1.0);
    set_start(env, &starts[1]);
    size_t row = 0;
    for (int t = 1; t <= 50; t++) {
        EnvStep step = env_step(env, known_actions[(t - 1) % 10]);
        if (t != known[row].step) continue;
        for (int i = 0; i < OBS_DIM; i++)
            cr_assert(epsilon_eq(dbl, env_observation(env)[i], known[row].obs[i], tolerance),
                      "step %d, observation %d", t, i);
        cr_assert(epsilon_eq(dbl, step.reward, known[row].reward, tolerance), "step %d", t);
        row++;
    }
    cr_assert(eq(sz, row, sizeof known / sizeof known[0]));
    env_free(env);
}

// -- reward and ends

// the reward of the upright arm with its tip moved away from the target
static double reward_at(double x, double z)
{
    mjModel *m = family_model(&task_acrobot);
    mjData *d = mj_makeData(m);
    int id[7];
    for (int i = 0; i < task_acrobot.object_count; i++)
        id[i] = mj_name2id(m, task_acrobot.object[i].type, task_acrobot.object[i].name);
    mj_forward(m, d);
    TaskState state = {.model = m, .data = d, .id = id};
    double *tip = d->site_xpos + 3 * mj_name2id(m, mjOBJ_SITE, "tip");
    tip[0] += x;
    tip[2] += z;
    double reward = task_acrobot.reward(&state, NULL);
    mj_deleteData(d);
    mj_deleteModel(m);
    return reward;
}

Test(acrobot, pays_one_in_the_target_and_a_tenth_one_metre_from_its_edge)
{
    cr_assert(eq(dbl, reward_at(0, 0), 1.0));
    cr_assert(eq(dbl, reward_at(0.2, 0), 1.0));
    cr_assert(lt(dbl, reward_at(0.2001, 0), 1.0));
    cr_assert(epsilon_eq(dbl, reward_at(0, -1.2), 0.1, 1e-15));
    cr_assert(epsilon_eq(dbl, reward_at(0.72, -0.96), 0.1, 1e-15));
    cr_assert(epsilon_eq(dbl, reward_at(0, -2.2), 1e-4, 1e-18));
}

Test(acrobot, an_episode_is_a_thousand_steps_and_never_ends_by_itself)
{
    Env *env = base_env(1.0);
    env_reset(env, start(0));
    for (int t = 1; t <= TIME_LIMIT; t++) {
        EnvStep step = env_step(env, 2);
        cr_assert(not(step.terminated));
        cr_assert(eq(int, step.truncated, t == TIME_LIMIT));
    }
    env_free(env);
}

// -- resets

Test(acrobot, draws_both_angles_from_the_whole_circle_and_starts_at_rest)
{
    const double pi = acos(-1.0);
    double lo[LINKS] = {0}, hi[LINKS] = {0};
    Env *env = base_env(1.0);
    for (uint64_t episode = 0; episode < 200; episode++) {
        RngStream rng = start(episode);
        env_reset(env, start(episode));
        for (int i = 0; i < LINKS; i++) {
            double q = env_position(env)[i];
            cr_assert(eq(dbl, q, rng_uniform(&rng, -pi, pi)), "angle %d", i);
            cr_assert(eq(dbl, env_velocity(env)[i], 0.0), "velocity %d", i);
            lo[i] = fmin(lo[i], q);
            hi[i] = fmax(hi[i], q);
        }
    }
    // the chance that 200 draws miss a twentieth of the circle at an end is 4e-5
    for (int i = 0; i < LINKS; i++)
        cr_assert(lo[i] < -0.9 * pi && hi[i] > 0.9 * pi, "angle %d", i);
    env_free(env);
}

// -- members

Test(acrobot, each_parameter_changes_the_motion)
{
    const double made[PARAMS][PARAMS] = {{1.2, 1}, {1, 1.2}};
    Env *base = base_env(1.0);
    set_start(base, &starts[3]);
    (void)env_step(base, 2);
    for (int p = 0; p < PARAMS; p++) {
        Env *env = env_of(made[p][0], made[p][1], 1.0);
        set_start(env, &starts[3]);
        (void)env_step(env, 2);
        cr_assert(lt(dbl, 1e-3, fabs(env_velocity(env)[1] - env_velocity(base)[1])),
                  "parameter %d", p);
        env_free(env);
    }
    env_free(base);
}

Test(acrobot, base_is_the_original)
{
    // dm_control prints them: mass 1 of both links, and the inertia across them
    mjModel *m = family_model(&task_acrobot);
    const double inertia[LINKS] = {0.0955703125, 0.09530365719649561};
    for (int i = 0; i < LINKS; i++) {
        cr_assert(eq(dbl, m->body_mass[1 + i], 1.0));
        cr_assert(ieee_ulp_eq(dbl, m->body_inertia[3 * (1 + i)], inertia[i], 4));
    }
    mj_deleteModel(m);
    for (int p = 0; p < PARAMS; p++)
        cr_assert(eq(dbl, task_acrobot.param[p].base, 1.0));
}

// -- actions, features, coordinates

Test(acrobot, actions_are_torque_one_way_none_and_the_other_way)
{
    const double torque = 0.3;
    TaskState state = {.settings = &torque};
    cr_assert(eq(int, task_acrobot.action_count, ACTIONS));
    for (int action = 0; action < ACTIONS; action++) {
        double ctrl;
        task_acrobot.control(&state, action, &ctrl);
        cr_assert(eq(dbl, ctrl, level(action, torque)), "action %d", action);
    }
}

Test(acrobot, torque_is_the_setting)
{
    double torque = 0;
    Error err = {0};
    const ParamRow *row = param_find(task_acrobot.setting, 1, "acrobot.torque");
    cr_assert(row != NULL);
    cr_assert(row->knowledge);
    param_defaults(task_acrobot.setting, 1, &torque);
    cr_assert(eq(dbl, torque, 1.0));
    cr_assert(eq(int, param_set(row, &torque, "0.5", &err), STATUS_OK));
    cr_assert(eq(dbl, torque, 0.5));
    cr_assert(eq(int, param_set(row, &torque, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &torque, "1.01", &err), STATUS_USAGE));
}

Test(acrobot, features_are_the_observation_scaled)
{
    const double obs[OBS_DIM] = {0.1, 0.2, 0.3, 0.4, 6, -6};
    const float expected[6] = {0.1f, 0.2f, 0.3f, 0.4f, 1.5f, -0.75f};
    float features[6];
    cr_assert(eq(int, task_acrobot.feature_dim, 6));
    task_acrobot.features(obs, features);
    for (int i = 0; i < 6; i++)
        cr_assert(ieee_ulp_eq(flt, features[i], expected[i], 4), "feature %d", i);
}

Test(acrobot, coordinates_are_angles_from_upright_and_velocities)
{
    float coords[4];
    const double obs[OBS_DIM] = {sin(0.3), sin(-2.8), cos(0.3), cos(-2.8), 2, -3};
    const float expected[4] = {0.3f, -2.8f, 2, -3};
    cr_assert(eq(int, task_acrobot.coord_count, 4));
    task_acrobot.coordinates(obs, coords);
    for (int i = 0; i < 4; i++)
        cr_assert(epsilon_eq(flt, coords[i], expected[i], 1e-6f), "coordinate %d", i);
}
