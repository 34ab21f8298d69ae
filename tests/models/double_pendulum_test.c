#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 9, ACTIONS = 5, NQ = 3, PARAMS = 2, TIME_LIMIT = 1000, SUBSTEPS = 5 };
static const double tolerance = 1e-9; // per control step
static const double base_mass = 4.19874, base_length = 0.6;

// -- the family as the program uses it

static Env *new_env(const Member *member, double force)
{
    return family_env(&task_double_pendulum, member->param, force);
}

static Env *env_of(double mass, double length, double force)
{
    const Member member = {.name = "made", .param = {mass, length}};
    return new_env(&member, force);
}

static Env *base_env(double force)
{
    return env_of(base_mass, base_length, force);
}

// the control that an action index stands for, worked out anew
static double level(int action, double force)
{
    static const double share[ACTIONS] = {-1.0, -0.5, 0.0, 0.5, 1.0};
    return force * share[action];
}

static double clipped(double x)
{
    return fmax(-10.0, fmin(10.0, x));
}

// -- states and actions to compare in

typedef struct Start {
    const char *what;
    double q[NQ], w[NQ];
    double force;
    int hold; // control steps for which an action stays
} Start;

static const Start starts[] = {
    {"upright", {0, 0, 0}, {0, 0, 0}, 0.4, 1},
    {"leaning", {-0.3, 0.3, -0.5}, {0.5, -1, 2}, 0.4, 2},
    {"hanging", {0.2, 3.0, 0.3}, {0, 0.5, -0.5}, 0.2, 1},
    {"folded and fast", {0.1, 1.5, -2.5}, {-0.5, 6, -9}, 0.3, 1},
    {"at the right end", {0.985, 0.05, -0.1}, {0.5, 0.2, -0.3}, 0.4, 3},
    {"into the left end", {-0.95, -0.1, 0.1}, {-4, 0, 0}, 1.0, 4},
    {"beyond the end", {1.02, 0, 0}, {0, 0, 0}, 0.4, 1},
};
enum { START_COUNT = sizeof starts / sizeof starts[0] };
enum { FREE_COUNT = 4, FREE_STEPS = 8 }; // the first ones stay away from the rail's ends

static int action_at(const Start *s, int t)
{
    return (t / s->hold * 3 + 3) % ACTIONS;
}

static void set_start(Env *env, const Start *s)
{
    env_set_state(env, s->q, s->w, NULL);
}

static struct criterion_test_params indices(int count)
{
    static int index[64];
    for (int i = 0; i < count; i++)
        index[i] = i;
    return cr_make_param_array(int, index, (size_t)count);
}

// -- reference one: the file's own model, to which no member was applied, driven by hand as
// InvertedDoublePendulum-v5 does it. The same library makes the same steps, so base is the same
// bits.

static void observe_by_hand(const mjData *d, double *obs)
{
    const double now[OBS_DIM] = {
        d->qpos[0],          sin(d->qpos[1]),     sin(d->qpos[2]),
        cos(d->qpos[1]),     cos(d->qpos[2]),     clipped(d->qvel[0]),
        clipped(d->qvel[1]), clipped(d->qvel[2]), clipped(d->qfrc_constraint[0]),
    };
    memcpy(obs, now, sizeof now);
}

static double reward_by_hand(const double tip[2], double w1, double w2)
{
    double alive = tip[1] <= 1 ? 0 : 10;
    return alive - (0.01 * tip[0] * tip[0] + pow(tip[1] - 2, 2)) -
           (1e-3 * w1 * w1 + 5e-3 * w2 * w2);
}

ParameterizedTestParameters(double_pendulum, base_is_the_untouched_model_driven_by_hand)
{
    return indices(START_COUNT);
}

ParameterizedTest(int *index, double_pendulum, base_is_the_untouched_model_driven_by_hand)
{
    const Start *s = &starts[*index];
    mjModel *m = family_model(&task_double_pendulum);
    mjData *d = mj_makeData(m);
    memcpy(d->qpos, s->q, sizeof s->q);
    memcpy(d->qvel, s->w, sizeof s->w);
    mj_forward(m, d);
    // a given state, unlike a drawn one, starts its solver from nothing
    memset(d->qacc_warmstart, 0, NQ * sizeof *d->qacc_warmstart);

    int limited = 0;
    double obs[OBS_DIM];
    Env *env = base_env(s->force);
    set_start(env, s);
    for (int t = 1; !env_is_over(env) && t <= 40; t++) {
        d->ctrl[0] = level(action_at(s, t), s->force);
        for (int i = 0; i < SUBSTEPS; i++)
            mj_step(m, d);
        limited += d->nefc > 0;
        EnvStep step = env_step(env, action_at(s, t));
        observe_by_hand(d, obs);
        cr_assert(memcmp(env_observation(env), obs, sizeof obs) == 0, "%s, step %d", s->what,
                  t);
        const double tip[2] = {d->site_xpos[0], d->site_xpos[2]};
        cr_assert(
            epsilon_eq(dbl, step.reward, reward_by_hand(tip, d->qvel[1], d->qvel[2]), 1e-13),
            "%s, step %d", s->what, t);
        cr_assert(eq(int, step.terminated, tip[1] <= 1), "%s, step %d", s->what, t);
    }
    cr_assert(limited > 0 || *index < FREE_COUNT, "%s: the limit never acted", s->what);
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

// -- reference two: no MuJoCo at all. Cart and two poles from Gymnasium's geometry in metres,
// by Lagrange's equations in cart position x and the poles' own angles to the vertical a1, a2.

static const double pi = 3.14159265358979323846;
static const double density = 1000.0, cart_r = 0.1, cart_length = 0.2, pole_r = 0.045;
static const double gear = 500.0, damping = 0.05, g = 9.81, g_x = 1e-5, h = 0.01;

static double capsule_mass(double r, double length)
{
    return density * pi * r * r * (length + 4.0 / 3.0 * r);
}

// across its axis, about its middle, of a capsule of mass m; the caps' middles are 3r/8 out
// from the cylinder's ends
static double capsule_inertia(double m, double r, double length)
{
    double ball = m * 4 * r / (3 * length + 4 * r), cylinder = m - ball, half = length / 2;
    return cylinder * (3 * r * r + length * length) / 12 +
           ball * (0.4 * r * r + half * half + 0.75 * half * r);
}

typedef struct Chain {
    double mass, length; // of each pole
    double q[NQ], w[NQ]; // x, a1, a2 and how fast they change
    double tip[2];       // x and z at the last evaluation of the dynamics
} Chain;

static void solve3(double m[3][4], double a[3])
{
    for (int i = 0; i < 3; i++)
        for (int k = i + 1; k < 3; k++) {
            double factor = m[k][i] / m[i][i];
            for (int j = i; j < 4; j++)
                m[k][j] -= factor * m[i][j];
        }
    for (int i = 2; i >= 0; i--) {
        a[i] = m[i][3];
        for (int j = i + 1; j < 3; j++)
            a[i] -= m[i][j] * a[j];
        a[i] /= m[i][i];
    }
}

// the equations of motion; also notes where the tip is
static void accelerate(Chain *chain, const double q[NQ], const double w[NQ], double ctrl,
                       double a[NQ])
{
    double m = chain->mass, l = chain->length, c = l / 2, whole = c + l;
    double own = capsule_inertia(m, pole_r, l) + m * c * c;
    double all = capsule_mass(cart_r, cart_length) + 2 * m;
    double s1 = sin(q[1]), c1 = cos(q[1]), s2 = sin(q[2]), c2 = cos(q[2]);
    double s12 = sin(q[1] - q[2]), c12 = cos(q[1] - q[2]);
    double hinge2 = -damping * (w[2] - w[1]); // what the upper hinge's damping does to a2

    double rows[3][4] = {
        {all, m * whole * c1, m * c * c2,
         gear * ctrl - damping * w[0] + g_x * all + m * whole * s1 * w[1] * w[1] +
             m * c * s2 * w[2] * w[2]},
        {m * whole * c1, own + m * l * l, m * l * c * c12,
         m * whole * (g * s1 + g_x * c1) - m * l * c * s12 * w[2] * w[2] - damping * w[1] -
             hinge2},
        {m * c * c2, m * l * c * c12, own,
         m * c * (g * s2 + g_x * c2) + m * l * c * s12 * w[1] * w[1] + hinge2},
    };
    solve3(rows, a);
    chain->tip[0] = q[0] + l * (s1 + s2);
    chain->tip[1] = l * (c1 + c2);
}

// the classic Runge-Kutta step; the tip stays that of its fourth stage
static void runge_kutta(Chain *chain, double ctrl)
{
    static const double ahead[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
    double v[NQ] = {0}, a[NQ] = {0}, sum_v[NQ] = {0}, sum_a[NQ] = {0};

    for (int stage = 0; stage < 4; stage++) {
        double q[NQ], w[NQ];
        for (int i = 0; i < NQ; i++) {
            q[i] = chain->q[i] + h * ahead[stage] * v[i];
            w[i] = chain->w[i] + h * ahead[stage] * a[i];
        }
        accelerate(chain, q, w, ctrl, a);
        for (int i = 0; i < NQ; i++) {
            v[i] = w[i];
            sum_v[i] += weight[stage] * v[i] / 6;
            sum_a[i] += weight[stage] * a[i] / 6;
        }
    }
    for (int i = 0; i < NQ; i++) {
        chain->q[i] += h * sum_v[i];
        chain->w[i] += h * sum_a[i];
    }
}

static Chain chain_at(const Start *s, double mass, double length)
{
    return (Chain){
        .mass = capsule_mass(pole_r, base_length) * mass / base_mass,
        .length = length,
        .q = {s->q[0], s->q[1], s->q[1] + s->q[2]},
        .w = {s->w[0], s->w[1], s->w[1] + s->w[2]},
    };
}

static void check_chain(const Env *env, const Chain *chain, const EnvStep *step,
                        const char *what)
{
    double upper = chain->q[2] - chain->q[1], upper_w = chain->w[2] - chain->w[1];
    const double obs[OBS_DIM] = {
        chain->q[0],          sin(chain->q[1]), sin(upper),
        cos(chain->q[1]),     cos(upper),       clipped(chain->w[0]),
        clipped(chain->w[1]), clipped(upper_w), 0,
    };
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(epsilon_eq(dbl, env_observation(env)[i], obs[i], tolerance),
                  "%s, step %d, observation %d", what, env_elapsed(env), i);

    // the original's height for the same pose
    const double tip[2] = {chain->tip[0], chain->tip[1] * base_length / chain->length};
    double reward = reward_by_hand(tip, chain->w[1], upper_w);
    cr_assert(epsilon_eq(dbl, step->reward, reward, tolerance), "%s, step %d, reward", what,
              env_elapsed(env));
    cr_assert(eq(int, step->terminated, tip[1] <= 1), "%s, step %d", what, env_elapsed(env));
}

static void follow_chain(const Start *s, const Member *member)
{
    Env *env = new_env(member, s->force);
    Chain chain = chain_at(s, member->param[0], member->param[1]);
    set_start(env, s);
    for (int t = 1; !env_is_over(env) && t <= FREE_STEPS; t++) {
        for (int i = 0; i < SUBSTEPS; i++)
            runge_kutta(&chain, level(action_at(s, t), s->force));
        EnvStep step = env_step(env, action_at(s, t));
        cr_assert(lt(dbl, fabs(chain.q[0]), 0.98), "%s met the rail's end", s->what);
        check_chain(env, &chain, &step, member->name);
    }
    env_free(env);
}

ParameterizedTestParameters(double_pendulum, members_agree_with_lagrange_without_mujoco)
{
    return indices(FREE_COUNT);
}

ParameterizedTest(int *index, double_pendulum, members_agree_with_lagrange_without_mujoco)
{
    const Member ends[] = {{.name = "all at lo", .param = {1, 0.3}},
                           {.name = "all at hi", .param = {16, 1.2}}};
    MemberList list = family_members(&task_double_pendulum);
    for (int i = 0; i < list.count; i++)
        follow_chain(&starts[*index], &list.member[i]);
    for (int i = 0; i < 2; i++)
        follow_chain(&starts[*index], &ends[i]);
    members_release(&list);
}

// the two differ by far more than the tolerance, so the agreement above says which it is
Test(double_pendulum, tip_is_seen_where_the_last_stage_left_it)
{
    Env *env = base_env(1.0);
    set_start(env, &starts[1]);
    EnvStep step = env_step(env, 4);
    const double *q = env_position(env), *w = env_velocity(env);
    const double tip[2] = {q[0] + base_length * (sin(q[1]) + sin(q[1] + q[2])),
                           base_length * (cos(q[1]) + cos(q[1] + q[2]))};
    double synchronised = reward_by_hand(tip, w[1], w[2]);
    cr_assert(lt(dbl, 1e3 * tolerance, fabs(step.reward - synchronised)));
    env_free(env);
}

// -- known answers: Gymnasium 1.4.0's own InvertedDoublePendulum-v5 under MuJoCo 2.3.7 (4.0.0:
// the same to 1e-13), from the rail's right end until it has fallen; observation and reward
// after the steps named

static const int known_actions[] = {4, 3, 1, 4, 0, 0};
static const struct {
    int step;
    double obs[OBS_DIM], reward;
    bool terminated;
} known[] = {
    {1,
     {0.9933713944013296, 0.0971689201047692, -0.16619753276540344, 0.9952679041171141,
      0.9860924805020534, -0.0774037855954893, 1.5243935394323782, -2.1757174377745896, -10.0},
     9.316930297547147,
     false},
    {2,
     {0.990761549143998, 0.1762433075115984, -0.2845963754186073, 0.9843466343506093,
      0.9586474342001814, -0.02336934801556221, 1.6843696370690682, -2.7343278777194895, -10.0},
     9.28802190511341,
     false},
    {5,
     {0.9672435253199586, 0.5278642170074122, -0.8083671274665167, 0.849328775212021,
      0.5886786791039169, -0.5191060731563, 3.6318504183692597, -5.645006303255524, 0.0},
     8.943213063496149,
     false},
    {6,
     {0.9231410543063998, 0.6970665977812914, -0.9416730950451948, 0.7170063864831437,
      0.336529021137856, -1.227835480543066, 4.9471176956048515, -5.585635652206996, 0.0},
     -1.255367078872265,
     true},
};

Test(double_pendulum, gives_the_numbers_that_gymnasium_gives)
{
    enum { STEPS = sizeof known_actions / sizeof known_actions[0] };
    Env *env = base_env(0.4);
    set_start(env, &starts[4]);
    size_t row = 0;
    for (int t = 1; t <= STEPS; t++) {
        EnvStep step = env_step(env, known_actions[t - 1]);
        if (t != known[row].step) continue;
        for (int i = 0; i < OBS_DIM; i++)
            cr_assert(epsilon_eq(dbl, env_observation(env)[i], known[row].obs[i], tolerance),
                      "step %d, observation %d", t, i);
        cr_assert(epsilon_eq(dbl, step.reward, known[row].reward, tolerance), "step %d", t);
        cr_assert(eq(int, step.terminated, known[row].terminated), "step %d", t);
        row++;
    }
    cr_assert(eq(sz, row, sizeof known / sizeof known[0]));
    env_free(env);
}

// -- ends

// a state of the untouched model whose tip is put where it is wanted
typedef struct Pose {
    mjModel *model;
    mjData *data;
    int id[7];
    double param[PARAMS];
    TaskState state;
} Pose;

static void pose_init(Pose *pose, double length)
{
    pose->model = family_model(&task_double_pendulum);
    pose->data = mj_makeData(pose->model);
    for (int i = 0; i < task_double_pendulum.object_count; i++)
        pose->id[i] = mj_name2id(pose->model, task_double_pendulum.object[i].type,
                                 task_double_pendulum.object[i].name);
    pose->param[0] = base_mass;
    pose->param[1] = length;
    pose->state = (TaskState){
        .model = pose->model, .data = pose->data, .id = pose->id, .param = pose->param};
}

static void pose_release(Pose *pose)
{
    mj_deleteData(pose->data);
    mj_deleteModel(pose->model);
}

static bool has_fallen(const Pose *pose, double height)
{
    pose->data->site_xpos[2] = height;
    return task_double_pendulum.terminated(&pose->state);
}

Test(double_pendulum, ends_where_the_tip_is_one_metre_high_or_lower)
{
    Pose pose;
    pose_init(&pose, base_length);
    cr_assert(has_fallen(&pose, 1.0));
    cr_assert(has_fallen(&pose, -1.2));
    cr_assert(not(has_fallen(&pose, nextafter(1.0, 2.0))));
    pose_release(&pose);
}

Test(double_pendulum, longer_poles_end_in_the_same_pose)
{
    const double length = 0.9, fallen = 1.5; // 5/6 of the reach
    Pose pose;
    pose_init(&pose, length);
    cr_assert(has_fallen(&pose, fallen - 1e-12));
    cr_assert(not(has_fallen(&pose, fallen + 1e-12)));
    pose_release(&pose);
}

Test(double_pendulum, falling_costs_the_bonus_of_its_step)
{
    Pose pose;
    pose_init(&pose, base_length);
    pose.data->site_xpos[0] = 0.5;
    pose.data->qvel[1] = 3.0;
    pose.data->qvel[2] = -2.0;
    pose.data->site_xpos[2] = 1.0;
    // 0.01 * 0.5^2 + 1 + 0.001 * 9 + 0.005 * 4
    double fallen = task_double_pendulum.reward(&pose.state, NULL);
    cr_assert(epsilon_eq(dbl, fallen, -1.0315, 1e-15));
    pose.data->site_xpos[2] = nextafter(1.0, 2.0);
    double standing = task_double_pendulum.reward(&pose.state, NULL);
    cr_assert(epsilon_eq(dbl, standing, fallen + 10.0, 1e-14));
    pose_release(&pose);
}

// a linear controller for base, its gains from a discrete Riccati equation; the nearest level
// of force is taken
static int balance(const Env *env, double force)
{
    static const double gain_q[NQ] = {0.229, 1.551, 4.935}, gain_w[NQ] = {0.308, 0.798, 0.759};
    const double *q = env_position(env), *w = env_velocity(env);
    double ctrl = 0;
    for (int i = 0; i < NQ; i++)
        ctrl -= gain_q[i] * q[i] + gain_w[i] * w[i];
    return (int)fmax(0, fmin(ACTIONS - 1, round(ctrl / (force / 2)) + 2));
}

Test(double_pendulum, can_be_balanced_by_default_until_a_thousand_steps_end_it)
{
    double force, sum = 0;
    param_defaults(task_double_pendulum.setting, 1, &force);
    Env *env = base_env(force);
    env_reset(env, start(0));
    for (int t = 1; t <= TIME_LIMIT; t++) {
        EnvStep step = env_step(env, balance(env, force));
        cr_assert(not(step.terminated), "fallen in step %d", t);
        cr_assert(eq(int, step.truncated, t == TIME_LIMIT));
        sum += step.reward;
    }
    cr_assert(lt(dbl, 9100.0, sum)); // Gymnasium's threshold for solved
    env_free(env);
}

Test(double_pendulum, the_model_has_room_for_the_limit_at_full_force)
{
    for (int side = -1; side <= 1; side += 2) {
        const double q[NQ] = {1.1 * side, 0, 0}, w[NQ] = {20.0 * side, 0, 0};
        Env *env = base_env(1.0);
        env_set_state(env, q, w, NULL);
        while (!env_is_over(env))
            cr_assert(not(env_step(env, side > 0 ? ACTIONS - 1 : 0).diverged));
        env_free(env);
    }
}

// -- resets

Test(double_pendulum, draws_its_start_in_the_order_of_the_source)
{
    Env *env = base_env(0.4);
    for (uint64_t episode = 0; episode < 50; episode++) {
        RngStream rng = start(episode);
        double q[NQ], w[NQ];
        for (int i = 0; i < NQ; i++)
            q[i] = rng_uniform(&rng, -0.1, 0.1);
        for (int i = 0; i < NQ; i++)
            w[i] = 0.1 * rng_normal(&rng);

        env_reset(env, start(episode));
        for (int i = 0; i < NQ; i++) {
            cr_assert(eq(dbl, env_position(env)[i], q[i]), "qpos %d", i);
            cr_assert(eq(dbl, env_velocity(env)[i], w[i]), "qvel %d", i);
        }
    }
    env_free(env);
}

// -- members

Test(double_pendulum, base_has_the_masses_that_gymnasium_prints)
{
    mjModel *m = family_model(&task_double_pendulum);
    // cart, lower and upper pole: mass, and inertia across the capsule
    const double mass[3] = {10.471975511965981, 4.1987385815227585, 4.1987385815227585};
    const double inertia[3] = {0.12671090369478838, 0.15497066975016235, 0.15497066975016235};
    for (int i = 0; i < 3; i++) {
        cr_assert(ieee_ulp_eq(dbl, m->body_mass[1 + i], mass[i], 4));
        cr_assert(ieee_ulp_eq(dbl, m->body_inertia[3 * (1 + i)], inertia[i], 4));
    }
    // the parameter's base is that mass, rounded
    cr_assert(epsilon_eq(dbl, m->body_mass[2], base_mass, 5e-6));
    mj_deleteModel(m);
}

Test(double_pendulum, each_parameter_changes_the_motion)
{
    const double made[PARAMS][PARAMS] = {{5, base_length}, {base_mass, 0.7}};
    Env *base = base_env(0.4);
    set_start(base, &starts[1]);
    (void)env_step(base, 4);
    for (int p = 0; p < PARAMS; p++) {
        Env *env = env_of(made[p][0], made[p][1], 0.4);
        set_start(env, &starts[1]);
        (void)env_step(env, 4);
        cr_assert(lt(dbl, 1e-3, fabs(env_velocity(env)[1] - env_velocity(base)[1])),
                  "parameter %d", p);
        env_free(env);
    }
    env_free(base);
}

Test(double_pendulum, upright_at_rest_pays_every_member_the_same)
{
    MemberList list = family_members(&task_double_pendulum);
    for (int i = 0; i < list.count; i++) {
        Env *env = new_env(&list.member[i], 0.4);
        set_start(env, &starts[0]);
        EnvStep step = env_step(env, 2);
        // falls by the sideways gravity of 1e-5 only
        cr_assert(epsilon_eq(dbl, step.reward, 10 - 0.8 * 0.8, tolerance), "%s",
                  list.member[i].name);
        env_free(env);
    }
    members_release(&list);
}

// -- actions, features, coordinates

Test(double_pendulum, actions_are_five_equal_levels_of_force)
{
    const double force = 0.3;
    TaskState state = {.settings = &force};
    cr_assert(eq(int, task_double_pendulum.action_count, ACTIONS));
    for (int action = 0; action < ACTIONS; action++) {
        double ctrl;
        task_double_pendulum.control(&state, action, &ctrl);
        cr_assert(ieee_ulp_eq(dbl, ctrl, level(action, force), 1), "action %d", action);
    }
}

Test(double_pendulum, force_is_the_setting)
{
    double force = 0;
    Error err = {0};
    const ParamRow *row = param_find(task_double_pendulum.setting, 1, "double_pendulum.force");
    cr_assert(row != NULL);
    cr_assert(row->knowledge);
    param_defaults(task_double_pendulum.setting, 1, &force);
    cr_assert(eq(dbl, force, 0.4));
    cr_assert(eq(int, param_set(row, &force, "0.5", &err), STATUS_OK));
    cr_assert(eq(dbl, force, 0.5));
    cr_assert(eq(int, param_set(row, &force, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &force, "1.01", &err), STATUS_USAGE));
}

static const double seen[OBS_DIM] = {0.1, 0.2, -0.3, 0.4, 0.5, 0.6, 0.9, -2, 8};

Test(double_pendulum, features_are_the_state_scaled)
{
    const float expected[6] = {0.1f, 0.4f, -0.6f, 0.3f, 0.3f, -0.4f};
    float features[6];
    cr_assert(eq(int, task_double_pendulum.feature_dim, 6));
    task_double_pendulum.features(seen, features);
    for (int i = 0; i < 6; i++)
        cr_assert(ieee_ulp_eq(flt, features[i], expected[i], 4), "feature %d", i);
}

Test(double_pendulum, coordinates_are_position_angles_and_velocities)
{
    float coords[6];
    const double q1 = 0.3, q2 = -2.4;
    const double obs[OBS_DIM] = {0.7, sin(q1), sin(q2), cos(q1), cos(q2), 1, -2, 3, 9};
    const float expected[6] = {0.7f, 0.3f, -2.4f, 1, -2, 3};
    cr_assert(eq(int, task_double_pendulum.coord_count, 6));
    task_double_pendulum.coordinates(obs, coords);
    for (int i = 0; i < 6; i++)
        cr_assert(epsilon_eq(flt, coords[i], expected[i], 1e-6f), "coordinate %d", i);
}
