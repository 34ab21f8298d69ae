#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 3, ACTIONS = 3, TIME_LIMIT = 200 };
static const double tolerance = 1e-9; // per control step
static const double pi = 3.14159265358979323846;

// the source's constants, and its equation of motion for a rod of mass m and length l
static const double g = 10, dt = 0.05, max_speed = 8, max_torque = 2;

static double acceleration(const double *param, double th, double u)
{
    double m = param[0], l = param[1];
    return 3 * g / (2 * l) * sin(th) + 3 / (m * l * l) * u;
}

// -- the family as the program uses it

static Env *new_env(const Member *member, double torque)
{
    return family_env(&task_pendulum, member->param, torque);
}

static Env *base_env(double torque)
{
    MemberList list = family_members(&task_pendulum);
    const Member *base = members_find(&list, "base");
    cr_assert(base != NULL);
    Env *env = new_env(base, torque);
    members_release(&list);
    return env;
}

static RngStream choices(void)
{
    return rng_stream(11, RNG_EXPLORE, 0);
}

static void set_state(Env *env, double th, double thd)
{
    env_set_state(env, &th, &thd, NULL);
}

static double angle(const Env *env)
{
    return env_position(env)[0];
}

static double speed(const Env *env)
{
    return env_velocity(env)[0];
}

// -- reference one: the source's equations, worked out anew

typedef struct Swing {
    double th, thd, reward;
} Swing;

static Swing step_by_hand(const double *param, double th, double thd, double u)
{
    double near = remainder(th, 2 * pi), next = thd + acceleration(param, th, u) * dt;
    next = fmax(-max_speed, fmin(max_speed, next));
    return (Swing){
        .th = th + next * dt,
        .thd = next,
        .reward = -(near * near + 0.1 * thd * thd + 0.001 * u * u),
    };
}

static void check_step(const Env *env, double reward, Swing expected, const char *what, int t)
{
    const double obs[OBS_DIM] = {cos(expected.th), sin(expected.th), expected.thd};
    cr_assert(epsilon_eq(dbl, angle(env), expected.th, tolerance), "%s, step %d", what, t);
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(epsilon_eq(dbl, env_observation(env)[i], obs[i], tolerance),
                  "%s, step %d, observation %d", what, t, i);
    cr_assert(epsilon_eq(dbl, reward, expected.reward, tolerance), "%s, step %d, reward", what,
              t);
}

// from where the last step left the rod, because upright an error grows with exp(3.9 t/s); an
// action stays for some steps, so that the rod gathers speed
static int follow_an_episode(Env *env, const Member *member, RngStream *rng)
{
    int clipped = 0, action = 0;
    for (int t = 0; !env_is_over(env); t++) {
        if (t % 8 == 0) action = rng_below(rng, ACTIONS);
        Swing expected =
            step_by_hand(member->param, angle(env), speed(env), max_torque * (action - 1));
        EnvStep step = env_step(env, action);
        check_step(env, step.reward, expected, member->name, t);
        clipped += fabs(expected.thd) == max_speed;
    }
    return clipped;
}

Test(pendulum, agrees_with_the_equations_of_the_source)
{
    enum { EPISODES = 20 };
    MemberList list = family_members(&task_pendulum);
    for (int i = 0; i < list.count; i++) {
        const Member *member = &list.member[i];
        Env *env = new_env(member, 1.0);
        RngStream rng = choices();
        int clipped = 0;
        for (int episode = 0; episode < EPISODES; episode++) {
            set_state(env, rng_uniform(&rng, -9, 9), rng_uniform(&rng, -8, 8));
            clipped += follow_an_episode(env, member, &rng);
        }
        cr_assert(lt(int, 20, clipped), "%s: the speed limit never acted", member->name);
        env_free(env);
    }
    members_release(&list);
}

Test(pendulum, limits_the_speed_before_it_moves_the_rod)
{
    for (int side = -1; side <= 1; side += 2) {
        Env *env = base_env(1.0);
        set_state(env, side * pi / 2, side * 7.9);
        (void)env_step(env, 1 + side);
        // unlimited it would be 7.9 + (15 + 6) 0.05
        cr_assert(eq(dbl, speed(env), side * 8.0));
        cr_assert(epsilon_eq(dbl, angle(env), side * (pi / 2 + 0.4), 1e-14));
        env_free(env);
    }
}

// -- reference two: the continuous equation, integrated by Runge and Kutta's method in steps so
// small that its own error is below 1e-12

static Swing integrate_finely(const double *param, double th, double thd, double u,
                              double *fastest)
{
    enum { PARTS = 200 };
    const double h = dt / PARTS;
    *fastest = fabs(thd);
    for (int i = 0; i < PARTS; i++) {
        double v1 = thd, a1 = acceleration(param, th, u);
        double v2 = thd + h / 2 * a1, a2 = acceleration(param, th + h / 2 * v1, u);
        double v3 = thd + h / 2 * a2, a3 = acceleration(param, th + h / 2 * v2, u);
        double v4 = thd + h * a3, a4 = acceleration(param, th + h * v3, u);
        th += h / 6 * (v1 + 2 * v2 + 2 * v3 + v4);
        thd += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
        *fastest = fmax(*fastest, fabs(thd));
    }
    return (Swing){.th = th, .thd = thd};
}

/* By Taylor's theorem, with a the acceleration at the beginning and |a'| <= k |thd| its
 * greatest change, k = 3 g / (2 l), a step of the first-order integrator misses
 *
 *     thd by at most       dt^2/2 max|a'|
 *     th by dt^2/2 a, give or take dt^3/6 max|a'|
 */
static void check_against_continuous(const Member *member, RngStream *rng, double *worst)
{
    const double k = 3 * g / (2 * member->param[1]);
    double fastest, th = rng_uniform(rng, -pi, pi), thd = rng_uniform(rng, -6, 6);
    int action = rng_below(rng, ACTIONS);
    double u = max_torque * (action - 1);
    Swing exact = integrate_finely(member->param, th, thd, u, &fastest);
    if (fastest > 7.5) return; // the limit is no part of the equation

    Env *env = new_env(member, 1.0);
    set_state(env, th, thd);
    (void)env_step(env, action);
    double miss = angle(env) - exact.th, miss_speed = speed(env) - exact.thd;
    double a = acceleration(member->param, th, u), change = k * fastest;
    cr_assert(le(dbl, fabs(miss_speed), dt * dt / 2 * change + tolerance), "%s", member->name);
    cr_assert(le(dbl, fabs(miss - dt * dt / 2 * a), dt * dt * dt / 6 * change + tolerance),
              "%s", member->name);
    worst[0] = fmax(worst[0], fabs(miss));
    worst[1] = fmax(worst[1], fabs(miss_speed));
    env_free(env);
}

Test(pendulum, is_within_a_first_order_step_of_the_continuous_equation)
{
    MemberList list = family_members(&task_pendulum);
    for (int i = 0; i < list.count; i++) {
        RngStream rng = choices();
        double worst[2] = {0};
        for (int n = 0; n < 100; n++)
            check_against_continuous(&list.member[i], &rng, worst);
        // a hundredth of a radian and a tenth of a radian a second: that error is the source's
        // own and not rounding
        cr_assert(lt(dbl, 1e-2, worst[0]), "%s", list.member[i].name);
        cr_assert(lt(dbl, 5e-2, worst[1]), "%s", list.member[i].name);
    }
    members_release(&list);
}

// -- known answers: Gymnasium 1.4.0's own Pendulum-v1 under NumPy 2.4.6, in double, at the
// steps named

typedef struct Known {
    int step;
    Swing swing;
} Known;

static const Known swinging[] = {
    {1, {2.8489718498455243, -1.0205630030895132, -8.639000000000001}},
    {7, {2.799180266576401, -0.2196407561622199, -7.9036915418788825}},
    {20, {3.5333232212791423, 0.5014132947793941, -7.726368833218829}},
    {31, {3.039836066035439, -1.3575436321233656, -9.945113136350884}},
    {40, {2.7510923836983827, 0.4036949059545094, -7.465687678077326}},
    {60, {3.3232158768094706, -1.4153400242606886, -8.584984554906182}},
};

static const Known over_the_top[] = {
    {1, {-7.1751749991290525, 6.4965000174189464, -6.245637996663638}},
    {4, {-6.249678022509571, 6.196288930411845, -3.802434568795491}},
    {7, {-5.175521963560181, 7.876382341995309, -5.533755404135978}},
    {8, {-4.77552196356018, 8.0, -7.434657962527671}},
    {12, {-3.1755219635601803, 8.0, -13.735440782380222}},
};

static void replay(Env *env, const int *action, int period, const Known *known, int count)
{
    int row = 0;
    for (int t = 1; row < count; t++) {
        EnvStep step = env_step(env, action[(t - 1) % period]);
        if (t == known[row].step)
            check_step(env, step.reward, known[row++].swing, "known answer", t);
    }
}

Test(pendulum, gives_the_numbers_that_gymnasium_gives)
{
    static const int to_and_fro[10] = {2, 2, 2, 0, 0, 0, 0, 1, 2, 2}, ahead = 2;
    Env *env = base_env(1.0);
    set_state(env, 2.9, -1.5);
    replay(env, to_and_fro, 10, swinging, sizeof swinging / sizeof swinging[0]);
    set_state(env, -7.5, 6.9);
    replay(env, &ahead, 1, over_the_top, sizeof over_the_top / sizeof over_the_top[0]);
    env_free(env);
}

// -- reward

Test(pendulum, rewards_the_state_before_the_step)
{
    Env *env = base_env(1.0);
    set_state(env, 0, 0);
    cr_assert(eq(dbl, env_step(env, 2).reward, -0.004));
    cr_assert(lt(dbl, 0.1, fabs(speed(env))));
    env_free(env);
}

Test(pendulum, rewards_lie_within_their_bounds_and_reach_them)
{
    Env *env = base_env(1.0);
    for (int side = -1; side <= 1; side += 2) {
        set_state(env, side * pi, side * 8.0);
        double worst = env_step(env, 2).reward;
        cr_assert(ge(dbl, worst, task_pendulum.reward_lo));
        cr_assert(lt(dbl, worst, task_pendulum.reward_lo + 1e-6));
    }
    set_state(env, 0, 0);
    cr_assert(eq(dbl, env_step(env, 1).reward, task_pendulum.reward_hi));
    env_free(env);
}

Test(pendulum, does_not_mind_how_often_the_rod_went_round)
{
    Env *env = base_env(1.0);
    for (int turns = -3; turns <= 3; turns++) {
        for (int i = -6; i <= 6; i++) {
            double th = 0.5 * i;
            set_state(env, th + 2 * pi * turns, 0);
            cr_assert(epsilon_eq(dbl, env_step(env, 1).reward, -th * th, 1e-12));
        }
    }
    env_free(env);
}

// -- episodes

Test(pendulum, an_episode_is_two_hundred_steps_and_never_ends_by_itself)
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

Test(pendulum, draws_the_angle_and_then_the_velocity)
{
    Env *env = base_env(1.0);
    for (uint64_t episode = 0; episode < 50; episode++) {
        RngStream rng = start(episode);
        double th = rng_uniform(&rng, -pi, pi), thd = rng_uniform(&rng, -1, 1);
        env_reset(env, start(episode));
        cr_assert(eq(dbl, angle(env), th));
        cr_assert(eq(dbl, speed(env), thd));
    }
    env_free(env);
}

// of n draws from U(-1, 1) all miss a bound by more than 1 - x with probability x^n
Test(pendulum, starts_fill_their_ranges)
{
    enum { EPISODES = 2000 };
    double lo[2] = {0}, hi[2] = {0};
    Env *env = base_env(1.0);
    for (uint64_t episode = 0; episode < EPISODES; episode++) {
        env_reset(env, start(episode));
        const double x[2] = {angle(env) / pi, speed(env)};
        for (int i = 0; i < 2; i++) {
            lo[i] = fmin(lo[i], x[i]);
            hi[i] = fmax(hi[i], x[i]);
        }
    }
    for (int i = 0; i < 2; i++) {
        cr_assert(lo[i] >= -1 && hi[i] <= 1, "%d leaves its range", i);
        cr_assert(lo[i] < -0.98 && hi[i] > 0.98, "%d: only [%g, %g]", i, lo[i], hi[i]);
    }
    env_free(env);
}

// -- members

Test(pendulum, base_is_the_original)
{
    MemberList list = family_members(&task_pendulum);
    const Member *base = members_find(&list, "base");
    cr_assert(base != NULL);
    cr_assert(eq(dbl, base->param[0], 1.0));
    cr_assert(eq(dbl, base->param[1], 1.0));
    members_release(&list);
}

// the model of a member, with the constants that apply() writes and nothing derived from them
static mjModel *model_of(double mass, double length)
{
    int id[8];
    const double param[2] = {mass, length};
    mjModel *m = family_model(&task_pendulum);
    for (int i = 0; i < task_pendulum.object_count; i++)
        id[i] = mj_name2id(m, task_pendulum.object[i].type, task_pendulum.object[i].name);
    task_pendulum.apply(m, param, id);
    return m;
}

Test(pendulum, a_rod_is_uniform_and_looks_as_long_as_it_is)
{
    const double mass = 1.7, length = 1.3;
    mjModel *m = model_of(mass, length);
    int body = mj_name2id(m, mjOBJ_BODY, "rod"), geom = mj_name2id(m, mjOBJ_GEOM, "rod");
    cr_assert(epsilon_eq(dbl, m->body_mass[body], mass, 1e-15));
    cr_assert(epsilon_eq(dbl, m->body_ipos[3 * body + 2], length / 2, 1e-15));
    for (int i = 0; i < 2; i++)
        cr_assert(
            epsilon_eq(dbl, m->body_inertia[3 * body + i], mass * length * length / 12, 1e-15));
    // from the pivot to its end
    double middle = m->geom_pos[3 * geom + 2], half = m->geom_size[3 * geom + 1];
    cr_assert(epsilon_eq(dbl, middle - half, 0.0, 1e-15));
    cr_assert(epsilon_eq(dbl, middle + half, length, 1e-15));
    cr_assert(epsilon_eq(dbl, m->geom_rbound[geom], half + m->geom_size[3 * geom], 1e-15));
    mj_deleteModel(m);
}

// push the way the rod goes until it has the energy it has upright
static int pump(const double *param, const Env *env)
{
    double m = param[0], l = param[1], thd = speed(env);
    double energy = m * l * l / 6 * thd * thd + m * g * l / 2 * (cos(angle(env)) - 1);
    int way = thd < 0 ? -1 : 1;
    return 1 + (energy < 0 ? way : -way);
}

Test(pendulum, every_member_can_be_swung_up_but_not_lifted)
{
    MemberList list = family_members(&task_pendulum);
    for (int i = 0; i < list.count; i++) {
        const double *param = list.member[i].param;
        Env *env = new_env(&list.member[i], 1.0);
        set_state(env, pi, 0);
        while (!env_is_over(env) && cos(angle(env)) < 0.98)
            (void)env_step(env, pump(param, env));
        cr_assert(lt(int, env_elapsed(env), 3 * TIME_LIMIT / 4), "%s stays down",
                  list.member[i].name);
        cr_assert(lt(dbl, max_torque, param[0] * g * param[1] / 2), "%s", list.member[i].name);
        env_free(env);
    }
    members_release(&list);
}

// -- actions, features, coordinates

Test(pendulum, actions_are_three_torques)
{
    static const double share[ACTIONS] = {-1, 0, 1};
    cr_assert(eq(int, task_pendulum.action_count, ACTIONS));
    for (int action = 0; action < ACTIONS; action++) {
        Env *env = base_env(0.3);
        set_state(env, 0, 0);
        (void)env_step(env, action);
        double gained = 3 * 0.3 * max_torque * share[action] * dt;
        cr_assert(epsilon_eq(dbl, speed(env), gained, 1e-14), "action %d", action);
        env_free(env);
    }
}

Test(pendulum, torque_is_the_setting)
{
    double torque = 0;
    Error err = {0};
    const ParamRow *row =
        param_find(task_pendulum.setting, task_pendulum.setting_count, "pendulum.torque");
    cr_assert(row != NULL);
    param_defaults(task_pendulum.setting, task_pendulum.setting_count, &torque);
    cr_assert(eq(dbl, torque, 1.0));
    cr_assert(eq(int, param_set(row, &torque, "0.5", &err), STATUS_OK));
    cr_assert(eq(dbl, torque, 0.5));
    cr_assert(eq(int, param_set(row, &torque, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &torque, "1.01", &err), STATUS_USAGE));
}

Test(pendulum, features_are_the_observation_with_velocity_over_eight)
{
    const double obs[OBS_DIM] = {0.25, -0.5, -6};
    const float expected[3] = {0.25f, -0.5f, -0.75f};
    float features[3];
    cr_assert(eq(int, task_pendulum.feature_dim, 3));
    task_pendulum.features(obs, features);
    for (int i = 0; i < 3; i++)
        cr_assert(eq(flt, features[i], expected[i]), "feature %d", i);
}

Test(pendulum, coordinates_are_angle_and_velocity)
{
    float coords[2];
    cr_assert(eq(int, task_pendulum.coord_count, 2));
    for (int i = -31; i <= 31; i++) {
        const double th = 0.1 * i, obs[OBS_DIM] = {cos(th), sin(th), 2 * th};
        task_pendulum.coordinates(obs, coords);
        cr_assert(epsilon_eq(flt, coords[0], (float)th, 1e-6f));
        cr_assert(eq(flt, coords[1], (float)(2 * th)));
    }
}
