#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 5, ACTIONS = 3, TIME_LIMIT = 1000, PARAMS = 2 };
static const double tolerance = 1e-9;
static const double base_mass = 0.1, base_length = 1.0;

// -- the family as the program uses it

static Env *new_env(double mass, double length, double force)
{
    return family_env(&task_cartpole_swingup, (const double[PARAMS]){mass, length}, force);
}

static Env *base_env(void)
{
    return new_env(base_mass, base_length, 1.0);
}

static void check_step(const Env *env, const EnvStep *step, const double *obs, double reward,
                       int t)
{
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(epsilon_eq(dbl, env_observation(env)[i], obs[i], tolerance),
                  "step %d, observation %d", t, i);
    cr_assert(epsilon_eq(dbl, step->reward, reward, tolerance), "step %d, reward", t);
}

// -- reference one: no MuJoCo. A cart of 1 kg and a solid capsule on its hinge, from
// dm_control's numbers

static const double pi = 3.14159265358979323846;
static const double cart_mass = 1.0, radius = 0.045, gravity = 9.81, gear = 10.0, h = 0.01;
static const double rail_damping = 5e-4, hinge_damping = 2e-6;

typedef struct Pole {
    double mass, length;
} Pole;

// about the middle, across the axis: a cylinder, and two half balls whose centroids are 3/8 of
// the radius beyond its ends, by the theorem of parallel axes
static double inertia(Pole p)
{
    double r = radius, l = p.length;
    double cylinder = pi * r * r * l, ball = 4.0 / 3.0 * pi * r * r * r;
    double density = p.mass / (cylinder + ball), out = l / 2 + 3 * r / 8;
    double half_ball = ball / 2 * (0.4 * r * r - 9.0 / 64.0 * r * r + out * out);
    return density * (cylinder * (3 * r * r + l * l) / 12 + 2 * half_ball);
}

// s: position, angle from upright, and their velocities
static void derive(Pole p, const double s[4], double ctrl, double ds[4])
{
    double c = p.length / 2, moment = p.mass * c, cosine = cos(s[1]), sine = sin(s[1]);
    double m00 = cart_mass + p.mass, m01 = moment * cosine, m11 = inertia(p) + moment * c;
    double f0 = gear * ctrl - rail_damping * s[2] + moment * s[3] * s[3] * sine;
    double f1 = moment * gravity * sine - hinge_damping * s[3];
    double det = m00 * m11 - m01 * m01;
    ds[0] = s[2];
    ds[1] = s[3];
    ds[2] = (m11 * f0 - m01 * f1) / det;
    ds[3] = (m00 * f1 - m01 * f0) / det;
}

// the classic Runge-Kutta step, as MuJoCo makes it, so that only rounding may differ
static void runge_kutta(Pole p, double s[4], double ctrl)
{
    static const double ahead[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
    double ds[4] = {0}, sum[4] = {0};
    for (int stage = 0; stage < 4; stage++) {
        double at[4];
        for (int i = 0; i < 4; i++)
            at[i] = s[i] + h * ahead[stage] * ds[i];
        derive(p, at, ctrl, ds);
        for (int i = 0; i < 4; i++)
            sum[i] += weight[stage] * ds[i] / 6;
    }
    for (int i = 0; i < 4; i++)
        s[i] += h * sum[i];
}

static double reward_of(const double s[4], double ctrl)
{
    double near = pow(0.1, s[0] * s[0] / 4), calm = pow(0.1, s[3] * s[3] / 25);
    return (cos(s[1]) + 1) / 2 * (1 + near) / 2 * (5 - ctrl * ctrl) / 5 * (1 + calm) / 2;
}

static const Pole poles[] = {
    {0.1, 1.0}, {0.05, 0.7}, {0.25, 1.3}, {0.1, 0.5}, {0.4, 1.6}, {0.02, 0.4}, {0.5, 2.0},
};
enum { POLE_COUNT = sizeof poles / sizeof poles[0] };

ParameterizedTestParameters(cartpole_swingup, agrees_with_a_capsule_on_a_cart_without_mujoco)
{
    static int index[POLE_COUNT];
    for (int i = 0; i < POLE_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, POLE_COUNT);
}

ParameterizedTest(int *index, cartpole_swingup, agrees_with_a_capsule_on_a_cart_without_mujoco)
{
    static const double share[ACTIONS] = {-1, 0, 1}, force = 0.6;
    Pole p = poles[*index];
    Env *env = new_env(p.mass, p.length, force);
    double s[4] = {-0.2, 2.8, 0.4, -3.0};
    env_set_state(env, s, s + 2, NULL);
    for (int t = 1; t <= 60; t++) {
        int action = t / 7 * 2 % ACTIONS;
        double ctrl = force * share[action];
        runge_kutta(p, s, ctrl);
        EnvStep step = env_step(env, action);
        cr_assert(lt(dbl, fabs(s[0]), 1.79), "met the rail's end in step %d", t);
        const double obs[OBS_DIM] = {s[0], cos(s[1]), sin(s[1]), s[2], s[3]};
        check_step(env, &step, obs, reward_of(s, ctrl), t);
    }
    env_free(env);
}

// -- known answers: dm_control 1.0.14 under MuJoCo 2.3.7 (1.0.50 under 3.17.0: the same to
// 1e-14); observation and reward after the steps named

typedef struct Known {
    int step;
    double obs[OBS_DIM], reward;
} Known;

static void compare(Env *env, int action_of(int t), const Known *known, size_t count)
{
    size_t row = 0;
    for (int t = 1; row < count; t++) {
        EnvStep step = env_step(env, action_of(t));
        if (t != known[row].step) continue;
        check_step(env, &step, known[row].obs, known[row].reward, t);
        row++;
    }
}

// right, nothing, left, ten steps each
static int by_turns(int t)
{
    return 2 - (t - 1) / 10 % 3;
}

static int always_right(int t)
{
    (void)t;
    return 2;
}

// steps 11 and 21 are the first with another control, which is the one that is rewarded
Test(cartpole_swingup, gives_the_numbers_that_dm_control_gives)
{
    static const Known known[] = {
        {1,
         {0.10549120486140059, -0.98865363340115553, 0.15021315908632454, 0.59824510128215758,
          -0.8380542226742147},
         0.0043823635754813061},
        {11,
         {0.21397230278496718, -0.98829166585521389, 0.15257648311953623, 1.4839172268597161,
          0.66511364308593712},
         0.0056626848701853121},
        {21,
         {0.36233291169845339, -0.99699592508747581, 0.077454020934798598, 1.3948632340791263,
          0.70173008305046047},
         0.001132226310862038},
        {100,
         {1.2461190093505774, -0.99600327934727595, -0.08931666994168698, 1.4604923545078656,
          0.15291164148237046},
         0.0011251197434788917},
    };
    const double qpos[2] = {0.1, 3.0}, qvel[2] = {0.5, -1.0};
    Env *env = base_env();
    env_set_state(env, qpos, qvel, NULL);
    compare(env, by_turns, known, sizeof known / sizeof known[0]);
    env_free(env);
}

Test(cartpole_swingup, gives_the_numbers_that_dm_control_gives_at_the_end_of_the_rail)
{
    static const Known known[] = {
        {5,
         {1.831781672945046, 0.92246969241613597, 0.38606951002854339, 2.1120776132262415,
          2.756548474463159},
         0.32942705031453495},
        {20,
         {1.8645495047568912, 0.30688534962019282, 0.95174649050495208, -0.38386271770988112,
          7.2498698320438733},
         0.14952488169916348},
        {60,
         {1.8041654286994906, 0.087226424173997452, -0.99618851174153678, -0.021323139282602072,
          7.9870034810411692},
         0.125768987954478},
    };
    const double qpos[2] = {1.7, 0.3}, qvel[2] = {2.5, 2.0};
    Env *env = base_env();
    env_set_state(env, qpos, qvel, NULL);
    compare(env, always_right, known, sizeof known / sizeof known[0]);
    env_free(env);
}

// -- reference two: MuJoCo driven by hand, with the rail's ends

Test(cartpole_swingup, base_is_the_untouched_model_to_the_last_bit)
{
    mjModel *m = family_model(&task_cartpole_swingup);
    mjData *d = mj_makeData(m);
    Env *env = base_env();
    int limited = 0;
    env_reset(env, start(3));
    memcpy(d->qpos, env_position(env), 2 * sizeof *d->qpos);
    memcpy(d->qvel, env_velocity(env), 2 * sizeof *d->qvel);
    mj_forward(m, d);
    for (int t = 0; !env_is_over(env); t++) {
        int action = t / 90 * 2 % ACTIONS;
        d->ctrl[0] = action - 1;
        mj_step(m, d);
        (void)env_step(env, action);
        limited += d->nefc > 0;
        for (int i = 0; i < 2; i++) {
            cr_assert(eq(dbl, env_position(env)[i], d->qpos[i]), "step %d", t);
            cr_assert(eq(dbl, env_velocity(env)[i], d->qvel[i]), "step %d", t);
        }
    }
    cr_assert(lt(int, 10, limited));
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

Test(cartpole_swingup, an_episode_is_1000_steps_even_against_the_rails_end)
{
    Env *env = new_env(0.5, 2.0, 1.0);
    env_reset(env, start(0));
    for (int t = 1; t <= TIME_LIMIT; t++) {
        EnvStep step = env_step(env, 2);
        cr_assert(not(step.terminated || step.diverged), "step %d", t);
        cr_assert(eq(int, step.truncated, t == TIME_LIMIT));
    }
    cr_assert(lt(dbl, 1.8, env_observation(env)[0]));
    env_free(env);
}

// -- reward, term by term where its value is plain

static double reward_at(double x, double angle, double velocity, double ctrl)
{
    mjModel *m = family_model(&task_cartpole_swingup);
    mjData *d = mj_makeData(m);
    TaskState state = {.model = m, .data = d};
    d->qpos[0] = x;
    d->qpos[1] = angle;
    d->qvel[1] = velocity;
    double reward = task_cartpole_swingup.reward(&state, &ctrl);
    mj_deleteData(d);
    mj_deleteModel(m);
    return reward;
}

Test(cartpole_swingup, reward_terms_have_dm_controls_values_at_their_edges)
{
    const struct {
        double x, angle, velocity, ctrl, reward;
    } edges[] = {
        {0, 0, 0, 0, 1.0},                 // all good
        {0, pi, 0, 0, 0.0},                // hanging
        {0, pi / 2, 0, 0, 0.5},            // level
        {2, 0, 0, 0, 0.55},                // the margin of the position
        {-2, 0, 0, 0, 0.55},               // on either side
        {1e3, 0, 0, 0, 0.5},               // far beyond
        {0, 0, 5, 0, 0.55},                // the margin of the velocity
        {0, 0, -5, 0, 0.55},               // either way round
        {0, 0, 1e3, 0, 0.5},               // far beyond
        {0, 0, 0, 1, 0.8},                 // the margin of the control
        {0, 0, 0, -1, 0.8},                // either way
        {0, 0, 0, 0.5, 0.95},              // a quadratic between
        {2, pi / 2, -5, 1, 0.121},         // all four at once
        {1, 0, 0, 0, 0.78117066259517454}, // half the margin: (1 + 0.1^(1/4)) / 2
    };
    for (size_t n = 0; n < sizeof edges / sizeof edges[0]; n++) {
        double seen = reward_at(edges[n].x, edges[n].angle, edges[n].velocity, edges[n].ctrl);
        cr_assert(epsilon_eq(dbl, seen, edges[n].reward, 1e-12), "row %zu: %.15g", n, seen);
        cr_assert(seen >= task_cartpole_swingup.reward_lo &&
                      seen <= task_cartpole_swingup.reward_hi,
                  "row %zu", n);
    }
}

// -- resets

Test(cartpole_swingup, draws_its_start_in_the_order_of_the_source)
{
    Env *env = base_env();
    for (uint64_t episode = 0; episode < 50; episode++) {
        RngStream rng = start(episode);
        double expected[4];
        for (int i = 0; i < 4; i++)
            expected[i] = 0.01 * rng_normal(&rng);
        expected[1] = pi + expected[1];
        env_reset(env, start(episode));
        for (int i = 0; i < 2; i++) {
            cr_assert(eq(dbl, env_position(env)[i], expected[i]), "qpos %d", i);
            cr_assert(eq(dbl, env_velocity(env)[i], expected[2 + i]), "qvel %d", i);
        }
    }
    env_free(env);
}

// five standard deviations of a mean and of a variance over so many draws
Test(cartpole_swingup, starts_hanging_with_a_spread_of_a_hundredth)
{
    enum { EPISODES = 4000 };
    Env *env = base_env();
    double sum[4] = {0}, squares[4] = {0};
    for (uint64_t episode = 0; episode < EPISODES; episode++) {
        env_reset(env, start(episode));
        const double *q = env_position(env), *w = env_velocity(env);
        const double off[4] = {q[0], q[1] - pi, w[0], w[1]};
        for (int i = 0; i < 4; i++) {
            sum[i] += off[i] / 0.01;
            squares[i] += off[i] * off[i] / 1e-4;
        }
    }
    for (int i = 0; i < 4; i++) {
        cr_assert(lt(dbl, fabs(sum[i] / EPISODES), 5 / sqrt(EPISODES)), "%d", i);
        cr_assert(lt(dbl, fabs(squares[i] / EPISODES - 1), 5 * sqrt(2.0 / EPISODES)), "%d", i);
    }
    env_free(env);
}

// -- actions, features, coordinates

Test(cartpole_swingup, force_is_the_setting_of_three_even_levels)
{
    double force = 0, ctrl = 7;
    Error err = {0};
    const ParamRow *row =
        param_find(task_cartpole_swingup.setting, task_cartpole_swingup.setting_count,
                   "cartpole_swingup.force");
    cr_assert(row != NULL);
    param_defaults(task_cartpole_swingup.setting, task_cartpole_swingup.setting_count, &force);
    cr_assert(eq(dbl, force, 1.0));
    cr_assert(eq(int, param_set(row, &force, "0.5", &err), STATUS_OK));
    cr_assert(eq(int, param_set(row, &force, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &force, "1.01", &err), STATUS_USAGE));

    TaskState state = {.settings = &force};
    const double levels[ACTIONS] = {-0.5, 0, 0.5};
    cr_assert(eq(int, task_cartpole_swingup.action_count, ACTIONS));
    for (int action = 0; action < ACTIONS; action++) {
        task_cartpole_swingup.control(&state, action, &ctrl);
        cr_assert(eq(dbl, ctrl, levels[action]), "action %d", action);
    }
}

Test(cartpole_swingup, features_are_the_observation_scaled)
{
    const double obs[OBS_DIM] = {0.7, 0.6, -0.8, 3.0, -4.0};
    const float expected[5] = {0.7f, 0.6f, -0.8f, 1.5f, -0.8f};
    float features[5];
    cr_assert(eq(int, task_cartpole_swingup.feature_dim, 5));
    task_cartpole_swingup.features(obs, features);
    for (int i = 0; i < 5; i++)
        cr_assert(ieee_ulp_eq(flt, features[i], expected[i], 4), "feature %d", i);
}

// sinh is the way back
Test(cartpole_swingup, coordinates_are_the_state_stretched_near_upright)
{
    static const double angles[] = {-3.1, -1.0, 0.0, 0.02, 2.0, 3.1};
    cr_assert(eq(int, task_cartpole_swingup.coord_count, 4));
    for (size_t n = 0; n < sizeof angles / sizeof angles[0]; n++) {
        const double obs[OBS_DIM] = {0.7, cos(angles[n]), sin(angles[n]), 1.5, -4.0};
        float coords[4];
        task_cartpole_swingup.coordinates(obs, coords);
        cr_assert(epsilon_eq(flt, coords[0], 0.7f, 1e-6f));
        cr_assert(epsilon_eq(flt, sinhf(coords[1]) / 3, (float)angles[n], 1e-5f), "row %zu", n);
        cr_assert(epsilon_eq(flt, sinhf(coords[2]) / 2, 1.5f, 1e-5f));
        cr_assert(epsilon_eq(flt, sinhf(coords[3]), -4.0f, 1e-5f));
    }
}
