#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <mujoco/mujoco.h>

#include "models/tasks.h"
#include "suite/env/env.h"
#include "tests/models/family.h"

enum { OBS_DIM = 4, TIME_LIMIT = 500, PARAMS = 2 };
static const double base_mass = 0.1, base_half_length = 0.5;

// -- the family as the program uses it

static Env *new_env(double mass, double half_length, double force)
{
    return family_env(&task_cartpole, (const double[PARAMS]){mass, half_length}, force);
}

static Env *base_env(void)
{
    return new_env(base_mass, base_half_length, 1.0);
}

// a state is written as CartPole-v1 writes it: x, x', theta, theta'
static void set_state(Env *env, const double s[OBS_DIM])
{
    const double qpos[2] = {s[0], s[2]}, qvel[2] = {s[1], s[3]};
    env_set_state(env, qpos, qvel, NULL);
}

// -- reference: the cart-pole of the textbooks, without MuJoCo. Florian 2007, "Correct
// equations for the dynamics of the cart-pole system", without friction, with CartPole-v1's
// constants

static const double gravity = 9.8, cart_mass = 1.0, push = 10.0, tau = 0.02;

typedef struct Pole {
    double mass, half_length;
} Pole;

// the angle's acceleration is (g sin - cos ...) / lever
static double lever(Pole p)
{
    return p.half_length * (4.0 / 3.0 - p.mass / (p.mass + cart_mass));
}

// rate of the fall from upright, 1/s
static double rate(Pole p)
{
    return sqrt(gravity / lever(p));
}

static void derive(Pole p, const double s[OBS_DIM], double force, double ds[OBS_DIM])
{
    double c = cos(s[2]), sine = sin(s[2]), total = p.mass + cart_mass;
    double moment = p.mass * p.half_length;
    double pushed = (force + moment * s[3] * s[3] * sine) / total;
    double turning =
        (gravity * sine - c * pushed) / (p.half_length * (4.0 / 3.0 - p.mass * c * c / total));
    ds[0] = s[1];
    ds[1] = pushed - moment * turning * c / total;
    ds[2] = s[3];
    ds[3] = turning;
}

// one control step in `count` steps of Runge-Kutta
static void integrate(Pole p, double s[OBS_DIM], double force, int count)
{
    static const double ahead[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
    double h = tau / count;
    for (int n = 0; n < count; n++) {
        double ds[OBS_DIM] = {0}, sum[OBS_DIM] = {0};
        for (int stage = 0; stage < 4; stage++) {
            double at[OBS_DIM];
            for (int i = 0; i < OBS_DIM; i++)
                at[i] = s[i] + h * ahead[stage] * ds[i];
            derive(p, at, force, ds);
            for (int i = 0; i < OBS_DIM; i++)
                sum[i] += weight[stage] * ds[i] / 6;
        }
        for (int i = 0; i < OBS_DIM; i++)
            s[i] += h * sum[i];
    }
}

// What one Runge-Kutta step of the equations may be wrong by. About its balance under the push,
// and the swinging pole's own pull, the angle is a sum of exponentials of +-rate, whose series
// Runge-Kutta follows up to the fourth power: the fifth term, times the distance from balance,
// is missing. A turning pole's sine and cosine change as fast as it turns, which adds to the
// rate. A velocity is one rate more. Times three, as this is the error of the linear part: what
// is seen reaches 0.8 of it at the cart's velocity, 0.6 at the pole's.
static double truncation(Pole p, const double s[OBS_DIM], int i)
{
    double r = rate(p), pull = push + p.mass * p.half_length * s[3] * s[3];
    double balance = pull / (p.mass + cart_mass) / gravity;
    double distance = balance + fabs(s[2]) + fabs(s[3]) / r, fastest = r + fabs(s[3]);
    double missing = pow(fastest * tau, 5) / 120 * distance;
    return 3 * missing * (i % 2 == 0 ? 1 : fastest);
}

static const Pole poles[] = {
    {0.1, 0.5}, {0.05, 0.3}, {0.5, 1.0}, {0.1, 0.2}, {0.8, 1.5}, {0.01, 0.1}, {1.0, 2.0},
};
enum { POLE_COUNT = sizeof poles / sizeof poles[0] };

// a state of an episode that goes on
static void draw_state(RngStream *rng, double s[OBS_DIM])
{
    static const double bound[OBS_DIM] = {2.3, 2.0, 0.2, 2.0};
    for (int i = 0; i < OBS_DIM; i++)
        s[i] = rng_uniform(rng, -bound[i], bound[i]);
}

ParameterizedTestParameters(cartpole, follows_the_classic_equations_for_every_pole)
{
    static int index[POLE_COUNT];
    for (int i = 0; i < POLE_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, POLE_COUNT);
}

ParameterizedTest(int *index, cartpole, follows_the_classic_equations_for_every_pole)
{
    Pole p = poles[*index];
    Env *env = new_env(p.mass, p.half_length, 1.0);
    RngStream rng = start(0);
    for (int n = 0; n < 400; n++) {
        double s[OBS_DIM], coarse[OBS_DIM], fine[OBS_DIM];
        draw_state(&rng, s);
        memcpy(coarse, s, sizeof s);
        memcpy(fine, s, sizeof s);
        integrate(p, coarse, n % 2 == 0 ? -push : push, 1);
        integrate(p, fine, n % 2 == 0 ? -push : push, 50);
        set_state(env, s);
        (void)env_step(env, n % 2);

        // the first differs by rounding only, so it would show an error in the equations; the
        // second shows that the step is short enough
        for (int i = 0; i < OBS_DIM; i++) {
            double seen = env_observation(env)[i];
            cr_assert(epsilon_eq(dbl, seen, coarse[i], 1e-12), "m %g, l %g: %d", p.mass,
                      p.half_length, i);
            cr_assert(epsilon_eq(dbl, seen, fine[i], truncation(p, s, i)), "m %g, l %g: %d",
                      p.mass, p.half_length, i);
        }
    }
    env_free(env);
}

// a difference grows by e in a quarter of a second, so rounding of 1e-15 a step stays below
// 1e-11
Test(cartpole, follows_the_classic_equations_for_two_seconds)
{
    Pole p = {base_mass, base_half_length};
    Env *env = base_env();
    double s[OBS_DIM] = {0.02, -0.03, 0.04, 0.01};
    set_state(env, s);
    for (int t = 1; t <= 100; t++) {
        int action = s[2] + 0.3 * s[3] > 0;
        integrate(p, s, action ? push : -push, 1);
        EnvStep step = env_step(env, action);
        cr_assert(not(step.terminated), "step %d", t);
        for (int i = 0; i < OBS_DIM; i++)
            cr_assert(epsilon_eq(dbl, env_observation(env)[i], s[i], 1e-10), "step %d: %d", t,
                      i);
    }
    env_free(env);
}

Test(cartpole, force_is_a_share_of_ten_newtons)
{
    Pole p = {base_mass, base_half_length};
    Env *env = new_env(base_mass, base_half_length, 0.3);
    for (int action = 0; action < 2; action++) {
        double s[OBS_DIM] = {0.1, 0.2, -0.1, 0.3};
        set_state(env, s);
        (void)env_step(env, action);
        integrate(p, s, action == 0 ? -3.0 : 3.0, 1);
        for (int i = 0; i < OBS_DIM; i++)
            cr_assert(epsilon_eq(dbl, env_observation(env)[i], s[i], 1e-12), "%d", i);
    }
    env_free(env);
}

// -- known answers: one step of Gymnasium 1.4.0's own CartPole-v1 (its state, in double)

static const struct {
    double before[OBS_DIM];
    int action;
    double after[OBS_DIM];
    bool terminated;
} known[] = {
    {{0.01, -0.02, 0.03, 0.04},
     1,
     {0.0096000000000000009, 0.17467919574755525, 0.030799999999999998, -0.24306871796000809},
     false},
    {{-1.5, 1.2, 0.15, -1.1},
     0,
     {-1.476, 1.0032568469460275, 0.128, -0.76426427977019351},
     false},
    {{2.39, 0.3, -0.05, 0.2},
     1,
     {2.3959999999999999, 0.49580009220669552, -0.045999999999999999, -0.10802696538077283},
     false},
    {{0.2, 0.1, 0.2, 0.9},
     0,
     {0.20200000000000001, -0.097187887380104809, 0.21800000000000003, 1.2482946702182933},
     true},
    {{0.5, -2, -0.2, -2.5},
     1,
     {0.46000000000000002, -1.8038634773966118, -0.25, -2.8467490590001239},
     true},
    {{0.3, 1, 0.1, 2},
     0,
     {0.32000000000000001, 0.80398598557457568, 0.14000000000000001, 2.3219031657034139},
     false},
};

// Explicit Euler leaves out h^2/2 times the second derivative of a number, and for a position
// that is known: half of h times the change of its velocity. With that given back a position
// misses h^3/6 times the jerk, a velocity h^2/2 times the jerk, where h times the jerk is the
// change of the acceleration over the step. Allowed is twice that.
Test(cartpole, differs_from_cartpole_v1_by_the_error_of_eulers_step)
{
    Pole p = {base_mass, base_half_length};
    Env *env = base_env();
    for (size_t n = 0; n < sizeof known / sizeof known[0]; n++) {
        const double *from = known[n].before, *to = known[n].after;
        double force = known[n].action ? push : -push, d0[OBS_DIM], d1[OBS_DIM];
        derive(p, from, force, d0);
        derive(p, to, force, d1);
        set_state(env, from);
        EnvStep step = env_step(env, known[n].action);
        const double *seen = env_observation(env);
        for (int i = 0; i < OBS_DIM; i += 2) {
            double change = fabs(d1[i + 1] - d0[i + 1]);
            double position = to[i] + tau / 2 * (to[i + 1] - from[i + 1]);
            cr_assert(epsilon_eq(dbl, seen[i], position, tau * tau / 3 * change), "%zu: %d", n,
                      i);
            cr_assert(epsilon_eq(dbl, seen[i + 1], to[i + 1], tau * change), "%zu: %d", n,
                      i + 1);
        }
        cr_assert(eq(int, step.terminated, known[n].terminated), "%zu", n);
        cr_assert(eq(dbl, step.reward, 1.0), "%zu", n);
    }
    env_free(env);
}

// -- MuJoCo driven by hand

Test(cartpole, base_is_the_untouched_model_to_the_last_bit)
{
    mjModel *m = family_model(&task_cartpole);
    mjData *d = mj_makeData(m);
    Env *env = base_env();
    env_reset(env, start(3));
    memcpy(d->qpos, env_position(env), 2 * sizeof *d->qpos);
    memcpy(d->qvel, env_velocity(env), 2 * sizeof *d->qvel);
    for (int t = 0; !env_is_over(env); t++) {
        d->ctrl[0] = t % 3 == 0 ? -1 : 1;
        mj_step(m, d);
        (void)env_step(env, t % 3 != 0);
        for (int i = 0; i < 2; i++) {
            cr_assert(eq(dbl, env_position(env)[i], d->qpos[i]), "step %d", t);
            cr_assert(eq(dbl, env_velocity(env)[i], d->qvel[i]), "step %d", t);
        }
    }
    env_free(env);
    mj_deleteData(d);
    mj_deleteModel(m);
}

// what is seen of the pole is as long as what moves
Test(cartpole, pole_is_drawn_as_long_as_it_is)
{
    mjModel *m = family_model(&task_cartpole);
    const double param[PARAMS] = {0.3, 1.25};
    int id[8] = {0}, pole = mj_name2id(m, mjOBJ_GEOM, "pole");
    cr_assert(le(int, task_cartpole.object_count, 8));
    for (int i = 0; i < task_cartpole.object_count; i++)
        id[i] = mj_name2id(m, task_cartpole.object[i].type, task_cartpole.object[i].name);
    task_cartpole.apply(m, param, id);
    double radius = m->geom_size[3 * pole], half = m->geom_size[3 * pole + 1];
    cr_assert(epsilon_eq(dbl, half, 1.25, 1e-12));
    cr_assert(epsilon_eq(dbl, m->geom_pos[3 * pole + 2], 1.25, 1e-12));
    cr_assert(epsilon_eq(dbl, (double)m->geom_rbound[pole], radius + 1.25, 1e-6));
    cr_assert(epsilon_eq(dbl, m->body_ipos[3 * m->geom_bodyid[pole] + 2], 1.25, 1e-12));
    mj_deleteModel(m);
}

// -- ends

Test(cartpole, ends_beyond_its_limits_and_not_on_them)
{
    const double far = 2.4, tilted = 0.20943951023931953; // printed by CartPole-v1
    mjModel *m = family_model(&task_cartpole);
    mjData *d = mj_makeData(m);
    TaskState state = {.model = m, .data = d};
    for (int i = 0; i < 2; i++) {
        double limit = i == 0 ? far : tilted;
        for (int sign = -1; sign <= 1; sign += 2) {
            d->qpos[0] = d->qpos[1] = 0;
            d->qpos[i] = sign * limit;
            cr_assert(not(task_cartpole.terminated(&state)), "%d: %d", i, sign);
            d->qpos[i] = sign * nextafter(limit, 3);
            cr_assert(task_cartpole.terminated(&state), "%d: %d", i, sign);
        }
    }
    mj_deleteData(d);
    mj_deleteModel(m);
}

Test(cartpole, the_step_that_ends_it_is_rewarded_and_not_truncated)
{
    const double out[OBS_DIM] = {2.39, 1.0, 0, 0}, down[OBS_DIM] = {0, 0, -0.2, -1.0};
    Env *env = base_env();
    set_state(env, out);
    EnvStep step = env_step(env, 1);
    cr_assert(step.terminated && !step.truncated && env_is_over(env));
    cr_assert(eq(dbl, step.reward, 1.0));
    set_state(env, down);
    step = env_step(env, 1);
    cr_assert(step.terminated && !step.truncated && env_is_over(env));
    cr_assert(eq(dbl, step.reward, 1.0));
    env_free(env);
}

// pushes towards where the pole falls; the weights are those of a linear regulator for base
Test(cartpole, a_balanced_pole_is_truncated_after_500_steps)
{
    Env *env = base_env();
    for (uint64_t episode = 0; episode < 5; episode++) {
        double sum = 0;
        EnvStep step = {0};
        env_reset(env, start(episode));
        while (!env_is_over(env)) {
            const double *o = env_observation(env);
            step = env_step(env, 8.6 * o[0] + 10.5 * o[1] + 69.5 * o[2] + 16.7 * o[3] > 0);
            sum += step.reward;
        }
        cr_assert(step.truncated && !step.terminated);
        cr_assert(eq(int, env_elapsed(env), TIME_LIMIT));
        cr_assert(eq(dbl, sum, 500.0));
    }
    env_free(env);
}

// -- resets

Test(cartpole, draws_its_start_in_the_order_of_the_source)
{
    Env *env = base_env();
    double lo[OBS_DIM] = {0}, hi[OBS_DIM] = {0};
    for (uint64_t episode = 0; episode < 500; episode++) {
        RngStream rng = start(episode);
        env_reset(env, start(episode));
        for (int i = 0; i < OBS_DIM; i++) {
            double seen = env_observation(env)[i];
            cr_assert(eq(dbl, seen, rng_uniform(&rng, -0.05, 0.05)), "%d", i);
            lo[i] = fmin(lo[i], seen);
            hi[i] = fmax(hi[i], seen);
        }
    }
    for (int i = 0; i < OBS_DIM; i++)
        cr_assert(lo[i] < -0.047 && hi[i] > 0.047, "%d: only [%g, %g]", i, lo[i], hi[i]);
    env_free(env);
}

// -- actions, features, coordinates

Test(cartpole, force_is_the_setting_and_action_0_is_left)
{
    double force = 0, ctrl = 0;
    Error err = {0};
    const ParamRow *row =
        param_find(task_cartpole.setting, task_cartpole.setting_count, "cartpole.force");
    cr_assert(row != NULL);
    param_defaults(task_cartpole.setting, task_cartpole.setting_count, &force);
    cr_assert(eq(dbl, force, 1.0));
    cr_assert(eq(int, param_set(row, &force, "0.5", &err), STATUS_OK));
    cr_assert(eq(int, param_set(row, &force, "0", &err), STATUS_USAGE));
    cr_assert(eq(int, param_set(row, &force, "1.01", &err), STATUS_USAGE));

    TaskState state = {.settings = &force};
    cr_assert(eq(int, task_cartpole.action_count, 2));
    task_cartpole.control(&state, 0, &ctrl);
    cr_assert(eq(dbl, ctrl, -0.5));
    task_cartpole.control(&state, 1, &ctrl);
    cr_assert(eq(dbl, ctrl, 0.5));
}

Test(cartpole, features_and_coordinates_are_the_observation_scaled_or_not)
{
    const double obs[OBS_DIM] = {0.7, 0.9, -0.11, 1.3};
    const float scaled[4] = {0.7f, 0.45f, -0.55f, 0.65f};
    float features[4], coords[4];
    cr_assert(eq(int, task_cartpole.feature_dim, 4));
    cr_assert(eq(int, task_cartpole.coord_count, 4));
    task_cartpole.features(obs, features);
    task_cartpole.coordinates(obs, coords);
    for (int i = 0; i < 4; i++) {
        cr_assert(ieee_ulp_eq(flt, features[i], scaled[i], 4), "feature %d", i);
        cr_assert(ieee_ulp_eq(flt, coords[i], (float)obs[i], 4), "coordinate %d", i);
    }
}
