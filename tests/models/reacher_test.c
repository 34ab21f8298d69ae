#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 10, ACTIONS = 9, NQ = 4, TIME_LIMIT = 50 };
static const double tolerance = 1e-9; // per control step

// -- the family as the program uses it

static Env *new_env(const Member *member, double torque)
{
    return family_env(&task_reacher, member->param, torque);
}

static Env *base_env(double torque)
{
    MemberList list = family_members(&task_reacher);
    const Member *base = members_find(&list, "base");
    cr_assert(base != NULL);
    Env *env = new_env(base, torque);
    members_release(&list);
    return env;
}

// the controls that an action index stands for, worked out anew
static void levels(int action, double torque, double ctrl[2])
{
    static const double share[3] = {-1.0, 0.0, 1.0};
    ctrl[0] = torque * share[action % 3];
    ctrl[1] = torque * share[action / 3];
}

static void check_step(const Env *env, double reward, const double *obs, double expected,
                       const char *what, int t)
{
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(epsilon_eq(dbl, env_observation(env)[i], obs[i], tolerance),
                  "%s, step %d, observation %d", what, t, i);
    cr_assert(epsilon_eq(dbl, reward, expected, tolerance), "%s, step %d, reward", what, t);
}

// -- states and actions to compare in

typedef struct Start {
    const char *what;
    double qpos[NQ], qvel[2];
    double torque;
    int hold; // control steps for which an action stays
} Start;

static const Start starts[] = {
    {"at rest", {0, 0, 0.1, -0.1}, {0, 0}, 0.2, 1},
    {"bent and turning", {1.2, -2.1, -0.15, 0.05}, {-3, 2}, 0.2, 3},
    {"full torque", {-2.5, 0.7, 0.02, 0.19}, {4, -6}, 1.0, 1},
    {"fast", {3.0, -1.5, -0.1, -0.1}, {-15, 12}, 0.5, 2},
    {"folded", {0.4, 2.6, 0.0, 0.0}, {1, -1}, 0.2, 4},
    {"at the limit", {0.5, 3.0, 0.1, 0.1}, {0, 0}, 0.2, 7},
    {"into the limit", {0.3, 2.9, 0.1, -0.15}, {-1, 9}, 1.0, 5},
    {"into the other limit", {-1.0, -2.95, -0.1, 0.15}, {2, -4}, 0.3, 6},
};
enum { START_COUNT = sizeof starts / sizeof starts[0] };
enum { FREE_COUNT = 5 }; // the first ones stay away from the limit for ten steps

static int action_at(const Start *s, int t)
{
    return (int)((t / s->hold * 5 + 8) % ACTIONS);
}

static void set_start(Env *env, const Start *s)
{
    const double qvel[NQ] = {s->qvel[0], s->qvel[1]};
    env_set_state(env, s->qpos, qvel, NULL);
}

ParameterizedTestParameters(reacher, agrees_with_mujoco_driven_by_hand)
{
    static int index[START_COUNT];
    for (int i = 0; i < START_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, START_COUNT);
}

ParameterizedTestParameters(reacher, agrees_with_a_two_link_arm_without_mujoco)
{
    static int index[FREE_COUNT];
    for (int i = 0; i < FREE_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, FREE_COUNT);
}

// -- reference one: MuJoCo driven by hand, as Reacher-v5 does it

static void observe_by_hand(const mjModel *m, const mjData *d, double *obs)
{
    const double *tip = d->xpos + 3 * mj_name2id(m, mjOBJ_BODY, "fingertip");
    const double *goal = d->xpos + 3 * mj_name2id(m, mjOBJ_BODY, "goal");
    const double now[OBS_DIM] = {
        cos(d->qpos[0]), cos(d->qpos[1]), sin(d->qpos[0]), sin(d->qpos[1]),  d->qpos[2],
        d->qpos[3],      d->qvel[0],      d->qvel[1],      tip[0] - goal[0], tip[1] - goal[1],
    };
    memcpy(obs, now, sizeof now);
}

static double reward_by_hand(const mjModel *m, const mjData *d)
{
    const double *tip = d->xpos + 3 * mj_name2id(m, mjOBJ_BODY, "fingertip");
    const double *goal = d->xpos + 3 * mj_name2id(m, mjOBJ_BODY, "goal");
    double distance = hypot(hypot(tip[0] - goal[0], tip[1] - goal[1]), tip[2] - goal[2]);
    return -distance - (d->ctrl[0] * d->ctrl[0] + d->ctrl[1] * d->ctrl[1]);
}

ParameterizedTest(int *index, reacher, agrees_with_mujoco_driven_by_hand)
{
    const Start *s = &starts[*index];
    mjModel *m = family_model(&task_reacher);
    mjData *d = mj_makeData(m);
    memcpy(d->qpos, s->qpos, sizeof s->qpos);
    memcpy(d->qvel, s->qvel, sizeof s->qvel);
    mj_forward(m, d);

    int limited = 0;
    double obs[OBS_DIM];
    Env *env = base_env(s->torque);
    set_start(env, s);
    observe_by_hand(m, d, obs);
    check_step(env, 0, obs, 0, s->what, 0);
    for (int t = 1; t <= TIME_LIMIT; t++) {
        levels(action_at(s, t), s->torque, d->ctrl);
        mj_step(m, d);
        mj_step(m, d);
        limited += d->nefc > 0;
        EnvStep step = env_step(env, action_at(s, t));
        observe_by_hand(m, d, obs);
        check_step(env, step.reward, obs, reward_by_hand(m, d), s->what, t);
    }
    cr_assert(limited > 0 || *index < FREE_COUNT, "%s: the limit never acted", s->what);
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

// -- reference two: no MuJoCo at all. Two links in a plane, from Gymnasium's geometry in
// metres: capsules of radius r around cylinders, a sphere at `reach` from the elbow, one
// density.

static const double pi = 3.14159265358979323846;
static const double r = 0.01, length = 0.1, reach = 0.11, density = 1000.0;
static const double armature = 1.0, damping = 1.0, gear = 200.0, h = 0.01;

typedef struct Arm {
    double q[2], w[2];
    double tip[2]; // fingertip at the last evaluation of the dynamics
} Arm;

// masses and inertias about the axis through each part's own middle
typedef struct Parts {
    double link, link_inertia, ball, ball_inertia;
} Parts;

static Parts parts(void)
{
    double cylinder = density * pi * r * r * length,
           ball = density * 4.0 / 3.0 * pi * r * r * r;
    // the two caps make a ball; their middles are 3r/8 out from the cylinder's ends
    double caps = ball * (0.4 * r * r + length * length / 4 + 3 * length * r / 8);
    return (Parts){
        .link = cylinder + ball,
        .link_inertia = cylinder * (3 * r * r + length * length) / 12 + caps,
        .ball = ball,
        .ball_inertia = 0.4 * ball * r * r,
    };
}

// the equations of motion; also notes where the fingertip is
static void accelerate(Arm *arm, const double q[2], const double w[2], const double ctrl[2],
                       double a[2])
{
    Parts p = parts();
    double c = length / 2, cos1 = cos(q[1]), sin1 = sin(q[1]);
    double lower = p.link_inertia + p.link * c * c + p.ball_inertia + p.ball * reach * reach;
    double coupling = (p.link * c + p.ball * reach) * length;
    double m11 = p.link_inertia + p.link * c * c + (p.link + p.ball) * length * length + lower +
                 2 * coupling * cos1 + armature;
    double m12 = lower + coupling * cos1, m22 = lower + armature;

    double f0 =
        gear * ctrl[0] - damping * w[0] + coupling * sin1 * (2 * w[0] * w[1] + w[1] * w[1]);
    double f1 = gear * ctrl[1] - damping * w[1] - coupling * sin1 * w[0] * w[0];
    double det = m11 * m22 - m12 * m12;
    a[0] = (m22 * f0 - m12 * f1) / det;
    a[1] = (m11 * f1 - m12 * f0) / det;
    arm->tip[0] = length * cos(q[0]) + reach * cos(q[0] + q[1]);
    arm->tip[1] = length * sin(q[0]) + reach * sin(q[0] + q[1]);
}

// the classic Runge-Kutta step; the fingertip stays that of its fourth stage
static void runge_kutta(Arm *arm, const double ctrl[2])
{
    static const double ahead[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
    double v[2] = {0}, a[2] = {0}, sum_v[2] = {0}, sum_a[2] = {0};

    for (int stage = 0; stage < 4; stage++) {
        double q[2], w[2];
        for (int i = 0; i < 2; i++) {
            q[i] = arm->q[i] + h * ahead[stage] * v[i];
            w[i] = arm->w[i] + h * ahead[stage] * a[i];
        }
        accelerate(arm, q, w, ctrl, a);
        for (int i = 0; i < 2; i++) {
            v[i] = w[i];
            sum_v[i] += weight[stage] * v[i] / 6;
            sum_a[i] += weight[stage] * a[i] / 6;
        }
    }
    for (int i = 0; i < 2; i++) {
        arm->q[i] += h * sum_v[i];
        arm->w[i] += h * sum_a[i];
    }
}

ParameterizedTest(int *index, reacher, agrees_with_a_two_link_arm_without_mujoco)
{
    const Start *s = &starts[*index];
    const double *goal = s->qpos + 2;
    Env *env = base_env(s->torque);
    Arm arm = {.q = {s->qpos[0], s->qpos[1]}, .w = {s->qvel[0], s->qvel[1]}};
    set_start(env, s);

    for (int t = 1; t <= 10; t++) {
        double ctrl[2];
        levels(action_at(s, t), s->torque, ctrl);
        runge_kutta(&arm, ctrl);
        runge_kutta(&arm, ctrl);
        EnvStep step = env_step(env, action_at(s, t));
        cr_assert(lt(dbl, fabs(arm.q[1]), 2.99), "%s met the limit in step %d", s->what, t);

        double miss[2] = {arm.tip[0] - goal[0], arm.tip[1] - goal[1]};
        const double obs[OBS_DIM] = {cos(arm.q[0]), cos(arm.q[1]), sin(arm.q[0]), sin(arm.q[1]),
                                     goal[0],       goal[1],       arm.w[0],      arm.w[1],
                                     miss[0],       miss[1]};
        double reward = -hypot(miss[0], miss[1]) - ctrl[0] * ctrl[0] - ctrl[1] * ctrl[1];
        check_step(env, step.reward, obs, reward, s->what, t);
    }
    env_free(env);
}

// the two differ by far more than the tolerance, so the agreement above says which it is
Test(reacher, fingertip_is_seen_where_the_last_stage_left_it)
{
    Env *env = base_env(1.0);
    set_start(env, &starts[3]);
    (void)env_step(env, 8);
    const double *obs = env_observation(env), *q = env_position(env);
    double synchronised = length * cos(q[0]) + reach * cos(q[0] + q[1]) - q[2];
    cr_assert(lt(dbl, 1e3 * tolerance, fabs(obs[8] - synchronised)));
    env_free(env);
}

// -- known answers: Gymnasium 1.4.0's own Reacher-v5 under MuJoCo 2.3.7 (3.17.0: the same to
// 1e-13), elbow driven into its limit; observation and reward after the steps named

static const struct {
    int step;
    double obs[OBS_DIM], reward;
} known[] = {
    {1,
     {0.9517658680665565, -0.99504366358006868, 0.306825247304576, 0.099438964039027675, 0.1,
      -0.15, 0.18817738182519489, 1.4129190288767459, -0.11224634511897993,
      0.15701142083649189},
     -0.27300732697403773},
    {5,
     {0.97972843122309594, -0.99090880552868321, 0.20033023000319111, 0.13453527093561091, 0.1,
      -0.15, -2.9009278603976525, -0.22821328310934119, -0.11178240414035796,
      0.16269851686230774},
     -0.27739836185893985},
    {20,
     {-0.57429643894182569, -0.99011115767851365, -0.81864742118859568, 0.14028505066653882,
      0.1, -0.15, -12.514168397382621, -3.1386237897092266e-07, -0.082248896480661277,
      0.14843384062310361},
     -0.24969822042205234},
};

Test(reacher, gives_the_numbers_that_gymnasium_gives)
{
    const double qpos[NQ] = {0.3, 2.95, 0.1, -0.15}, qvel[NQ] = {1, 6};
    enum { BACK_AND_OUT = 6 }; // shoulder -torque, elbow +torque
    Env *env = base_env(0.2);
    env_set_state(env, qpos, qvel, NULL);
    size_t row = 0;
    for (int t = 1; t <= 20; t++) {
        EnvStep step = env_step(env, BACK_AND_OUT);
        if (t != known[row].step) continue;
        check_step(env, step.reward, known[row].obs, known[row].reward, "known answer", t);
        row++;
    }
    cr_assert(eq(sz, row, sizeof known / sizeof known[0]));
    env_free(env);
}

Test(reacher, an_episode_is_fifty_steps_and_never_ends_by_itself)
{
    Env *env = base_env(1.0);
    EnvStep step = {0};
    env_reset(env, start(0));
    for (int t = 1; t <= TIME_LIMIT; t++) {
        step = env_step(env, 8);
        cr_assert(not(step.terminated));
        cr_assert(eq(int, step.truncated, t == TIME_LIMIT));
    }
    env_free(env);
}

Test(reacher, the_model_has_room_for_every_limit_at_once)
{
    const double qpos[NQ] = {0, 3.2, 0.28, -0.28}, qvel[NQ] = {0, 5, 1, -1};
    Env *env = base_env(1.0);
    env_set_state(env, qpos, qvel, NULL);
    while (!env_is_over(env))
        cr_assert(not(env_step(env, 8).diverged));
    env_free(env);
}

// -- resets

Test(reacher, draws_its_start_in_the_order_of_the_source)
{
    Env *env = base_env(0.2);
    for (uint64_t episode = 0; episode < 50; episode++) {
        RngStream rng = start(episode);
        double q[NQ] = {0, 0, 0.1, -0.1}, w[NQ];
        for (int i = 0; i < NQ; i++)
            q[i] += rng_uniform(&rng, -0.1, 0.1);
        do {
            q[2] = rng_uniform(&rng, -0.2, 0.2);
            q[3] = rng_uniform(&rng, -0.2, 0.2);
        } while (!(hypot(q[2], q[3]) < 0.2));
        for (int i = 0; i < NQ; i++)
            w[i] = rng_uniform(&rng, -0.005, 0.005);
        w[2] = w[3] = 0;

        env_reset(env, start(episode));
        for (int i = 0; i < NQ; i++) {
            cr_assert(eq(dbl, env_position(env)[i], q[i]), "qpos %d", i);
            cr_assert(eq(dbl, env_velocity(env)[i], w[i]), "qvel %d", i);
        }
    }
    env_free(env);
}

typedef struct Range {
    double lo, hi;
} Range;

static void widen(Range *range, double x)
{
    range->lo = fmin(range->lo, x);
    range->hi = fmax(range->hi, x);
}

static void fills(Range range, double bound, const char *what)
{
    cr_assert(range.lo >= -bound && range.hi <= bound, "%s leaves its range", what);
    cr_assert(range.lo < -0.95 * bound && range.hi > 0.95 * bound, "%s: only [%g, %g]", what,
              range.lo, range.hi);
}

Test(reacher, starts_and_goals_fill_their_ranges)
{
    enum { EPISODES = 2000 };
    Env *env = base_env(0.2);
    Range angle = {0}, velocity = {0}, goal = {0};
    int inner = 0;
    for (uint64_t episode = 0; episode < EPISODES; episode++) {
        env_reset(env, start(episode));
        const double *q = env_position(env), *w = env_velocity(env);
        double radius = hypot(q[2], q[3]);
        for (int i = 0; i < 2; i++) {
            widen(&angle, q[i]);
            widen(&velocity, w[i]);
            widen(&goal, q[2 + i]);
            cr_assert(eq(dbl, w[2 + i], 0.0));
        }
        cr_assert(lt(dbl, radius, 0.2));
        inner += radius < 0.1;
    }
    fills(angle, 0.1, "an angle");
    fills(velocity, 0.005, "a velocity");
    fills(goal, 0.2, "a goal");
    // a quarter of the disc's area; five standard deviations either way
    cr_assert(lt(dbl, fabs(inner / (double)EPISODES - 0.25), 0.05));
    env_free(env);
}

Test(reacher, goals_beyond_the_slides_are_not_drawn)
{
    const Member member = {.name = "edge", .param = {0.2, -0.2, 0.2}};
    Env *env = new_env(&member, 0.2);
    for (uint64_t episode = 0; episode < 500; episode++) {
        env_reset(env, start(episode));
        const double *q = env_position(env);
        cr_assert(le(dbl, fmax(q[2], -q[3]), 0.27));
        cr_assert(lt(dbl, hypot(q[2] - 0.2, q[3] + 0.2), 0.2));
    }
    env_free(env);
}

// -- members

Test(reacher, base_is_the_original)
{
    MemberList list = family_members(&task_reacher);
    const Member *base = members_find(&list, "base");
    cr_assert(base != NULL);
    cr_assert(eq(int, base->role, ROLE_TUNE));
    const double original[3] = {0, 0, 0.2};
    for (int i = 0; i < 3; i++)
        cr_assert(eq(dbl, base->param[i], original[i]));
    members_release(&list);
}

static void goal_stays(const Member *member)
{
    Env *env = new_env(member, 0.2);
    for (uint64_t episode = 0; episode < 20; episode++) {
        env_reset(env, start(episode));
        for (int t = 0; !env_is_over(env); t++) {
            for (int i = 0; i < 2; i++) {
                cr_assert(eq(dbl, env_observation(env)[4 + i], member->param[i]), "%s",
                          member->name);
                cr_assert(eq(dbl, env_velocity(env)[2 + i], 0.0), "%s", member->name);
            }
            (void)env_step(env, t % ACTIONS);
        }
    }
    env_free(env);
}

Test(reacher, every_other_member_has_one_goal_within_reach)
{
    MemberList list = family_members(&task_reacher);
    for (int i = 0; i < list.count; i++) {
        const Member *member = &list.member[i];
        if (strcmp(member->name, "base") == 0) continue;
        double radius = hypot(member->param[0], member->param[1]);
        cr_assert(eq(dbl, member->param[2], 0.0), "%s", member->name);
        cr_assert(lt(dbl, reach - length, radius), "%s", member->name);
        cr_assert(lt(dbl, radius, reach + length), "%s", member->name);
        goal_stays(member);
    }
    members_release(&list);
}

// -- actions, features, coordinates

Test(reacher, actions_are_every_pair_of_levels_with_the_shoulder_fastest)
{
    const double torque = 0.3;
    TaskState state = {.settings = &torque};
    for (int action = 0; action < ACTIONS; action++) {
        double ctrl[2], expected[2];
        levels(action, torque, expected);
        task_reacher.control(&state, action, ctrl);
        for (int j = 0; j < 2; j++)
            cr_assert(eq(dbl, ctrl[j], expected[j]), "action %d, joint %d", action, j);
    }
}

Test(reacher, torque_is_the_setting)
{
    double torque = 0;
    Error err = {0};
    const ParamRow *row =
        param_find(task_reacher.setting, task_reacher.setting_count, "reacher.torque");
    cr_assert(row != NULL);
    param_defaults(task_reacher.setting, task_reacher.setting_count, &torque);
    cr_assert(eq(dbl, torque, 0.2));
    cr_assert(eq(int, param_set(row, &torque, "0.5", &err), STATUS_OK));
    cr_assert(eq(dbl, torque, 0.5));
    cr_assert(eq(int, param_set(row, &torque, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &torque, "1.01", &err), STATUS_USAGE));
}

Test(reacher, features_are_the_observation_scaled_without_the_goal)
{
    const double obs[OBS_DIM] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 7, 8, 0.09, 0.11};
    const float expected[8] = {0.1f, 0.2f, 0.3f, 0.4f, 0.7f, 0.8f, 0.45f, 0.55f};
    float features[8];
    cr_assert(eq(int, task_reacher.feature_dim, 8));
    task_reacher.features(obs, features);
    for (int i = 0; i < 8; i++)
        cr_assert(ieee_ulp_eq(flt, features[i], expected[i], 4), "feature %d", i);
}

static void coordinates_of(double q0, double q1, double goal_angle, float *coords)
{
    const double obs[OBS_DIM] = {
        cos(q0), cos(q1), sin(q0), sin(q1), 0.15 * cos(goal_angle), 0.15 * sin(goal_angle),
        2,       -3};
    task_reacher.coordinates(obs, coords);
}

Test(reacher, coordinates_see_the_goal_from_the_arm)
{
    float coords[5], turned[5];
    cr_assert(eq(int, task_reacher.coord_count, 5));

    // a goal a quarter turn ahead of the arm lies across it
    coordinates_of(0.7, -2.2, 0.7 + pi / 2, coords);
    const float expected[5] = {0, 0.15f, -2.2f, 2, -3};
    for (int i = 0; i < 5; i++)
        cr_assert(epsilon_eq(flt, coords[i], expected[i], 1e-6f), "coordinate %d", i);

    // arm and goal turned together look the same
    coordinates_of(0.7 - 2, -2.2, 0.7 + pi / 2 - 2, turned);
    for (int i = 0; i < 5; i++)
        cr_assert(epsilon_eq(flt, turned[i], coords[i], 1e-6f), "coordinate %d", i);
}
