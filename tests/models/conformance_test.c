/** @file
 * What every task family must do, tested on all of models/tasks.def.
 *
 * Every property is a case of its own; the families are its parameters. Criterion
 * shows one name for all parameters, so every message begins with the family's.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "models/tasks.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"

enum { EPISODES = 8, STEPS = 120 };

static const TaskFamily *const families[] = {
#define TASK(id) &task_##id,
#include "models/tasks.def"
#undef TASK
};
enum { FAMILY_COUNT = sizeof families / sizeof families[0] };

static struct criterion_test_params every_family(void)
{
    static int index[FAMILY_COUNT];
    for (int i = 0; i < FAMILY_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, FAMILY_COUNT);
}

// -- helpers

static MemberList read_members(const TaskFamily *f)
{
    MemberList list;
    Error err = {0};
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s/family.json", TEST_MODELS_DIR, f->name);
    Status status = members_read(&list, f, path, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s: %s", f->name, err.message);
    return list;
}

static Env *new_env(const TaskFamily *f, const Member *member)
{
    Env *env;
    Error err = {0};
    void *settings = mem_array(f->settings_size, 1);
    param_defaults(f->setting, f->setting_count, settings);
    Status status = env_new(&env, f, TEST_MODELS_DIR, member, settings, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s: %s", f->name, err.message);
    mem_free(settings);
    return env;
}

static Member base_of(const TaskFamily *f)
{
    Member member = {.name = "base", .role = ROLE_TUNE};
    for (int p = 0; p < f->param_count; p++)
        member.param[p] = f->param[p].base;
    return member;
}

static Env *base_env(const TaskFamily *f)
{
    Member base = base_of(f);
    return new_env(f, &base);
}

static RngStream start(uint64_t episode)
{
    return rng_stream(5, RNG_RESET, episode);
}

static RngStream actions(void)
{
    return rng_stream(5, RNG_EXPLORE, 0);
}

static void check_finite(const Env *env, const char *what)
{
    const TaskFamily *f = env_family(env);
    for (int i = 0; i < f->obs_dim; i++)
        cr_assert(isfinite(env_observation(env)[i]), "%s, %s: obs %d", f->name, what, i);
    for (int i = 0; i < f->feature_dim; i++)
        cr_assert(isfinite(env_features(env)[i]), "%s, %s: feature %d", f->name, what, i);
    for (int i = 0; i < f->coord_count; i++)
        cr_assert(isfinite(env_coordinates(env)[i]), "%s, %s: coord %d", f->name, what, i);
}

static void check_step(const Env *env, const EnvStep *step, const char *what)
{
    const TaskFamily *f = env_family(env);
    check_finite(env, what);
    cr_assert(not(step->diverged), "%s, %s: diverged", f->name, what);
    cr_assert(step->reward >= f->reward_lo && step->reward <= f->reward_hi,
              "%s, %s: reward %g outside [%g, %g]", f->name, what, step->reward, f->reward_lo,
              f->reward_hi);
}

// random actions for STEPS control steps and as many episodes as that takes
static void walk(Env *env, const char *what)
{
    RngStream rng = actions();
    uint64_t episode = 0;
    for (int t = 0; t < STEPS; t++) {
        if (env_is_over(env)) {
            env_reset(env, start(episode++));
            check_finite(env, what);
        }
        EnvStep step = env_step(env, rng_below(&rng, env_family(env)->action_count));
        check_step(env, &step, what);
    }
}

// -- the row itself

ParameterizedTestParameters(family, is_declared_sensibly)
{
    return every_family();
}

ParameterizedTest(int *index, family, is_declared_sensibly)
{
    const TaskFamily *f = families[*index];
    Error err = {0};
    cr_assert(f->name && f->summary && f->source && f->mjcf);
    cr_assert(strncmp(f->mjcf, f->name, strlen(f->name)) == 0, "%s: %s", f->name, f->mjcf);
    cr_assert(f->version > 0 && f->obs_dim > 0 && f->feature_dim > 0, "%s", f->name);
    cr_assert(f->action_count > 1 && f->frame_skip > 0 && f->time_limit > 0, "%s", f->name);
    cr_assert(lt(dbl, f->reward_lo, f->reward_hi), "%s", f->name);
    cr_assert(f->reset && f->control && f->observe && f->features && f->coordinates &&
                  f->reward,
              "%s lacks a required function", f->name);
    cr_assert(le(int, f->param_count, PARAM_MAX), "%s", f->name);
    cr_assert(eq(int, param_check(f->setting, f->setting_count, &err), STATUS_OK), "%s: %s",
              f->name, err.message);
    for (int p = 0; p < f->param_count; p++) {
        const TaskParam *param = &f->param[p];
        cr_assert(param->name && param->unit && param->help, "%s: parameter %d", f->name, p);
        cr_assert(param->lo <= param->base && param->base <= param->hi, "%s: base of %s",
                  f->name, param->name);
    }
    for (int k = 0; k < f->coord_count; k++)
        cr_assert(lt(dbl, f->coord[k].lo, f->coord[k].hi), "%s: %s", f->name, f->coord[k].name);
}

ParameterizedTestParameters(family, has_members_of_every_role_and_base)
{
    return every_family();
}

ParameterizedTest(int *index, family, has_members_of_every_role_and_base)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    int count[3] = {0};
    for (int i = 0; i < list.count; i++)
        count[list.member[i].role]++;
    cr_assert(count[ROLE_SOURCE] > 0 && count[ROLE_TUNE] > 0 && count[ROLE_TARGET] > 0, "%s",
              f->name);

    const Member *base = members_find(&list, "base"), expected = base_of(f);
    cr_assert(base != NULL, "%s has no member 'base'", f->name);
    cr_assert(eq(int, base->role, ROLE_TUNE), "%s", f->name);
    for (int p = 0; p < f->param_count; p++)
        cr_assert(eq(dbl, base->param[p], expected.param[p]), "%s: %s", f->name,
                  f->param[p].name);
    members_release(&list);
}

// -- behaviour

ParameterizedTestParameters(family, is_repeatable)
{
    return every_family();
}

ParameterizedTest(int *index, family, is_repeatable)
{
    const TaskFamily *f = families[*index];
    Env *a = base_env(f), *b = base_env(f);
    RngStream rng = actions();
    size_t size = (size_t)f->obs_dim * sizeof(double);
    cr_assert(eq(u64, env_model_hash(a), env_model_hash(b)), "%s", f->name);

    for (uint64_t episode = 0; episode < EPISODES; episode++) {
        env_reset(a, start(episode));
        env_reset(b, start(episode));
        for (int t = 0; t < STEPS && !env_is_over(a); t++) {
            int action = rng_below(&rng, f->action_count);
            EnvStep x = env_step(a, action), y = env_step(b, action);
            cr_assert(eq(dbl, x.reward, y.reward), "%s: reward of step %d", f->name, t);
            cr_assert(eq(int, x.terminated, y.terminated), "%s: step %d", f->name, t);
            cr_assert(memcmp(env_observation(a), env_observation(b), size) == 0,
                      "%s: observation of step %d", f->name, t);
        }
    }
    env_free(a);
    env_free(b);
}

ParameterizedTestParameters(family, members_stay_finite_and_in_bounds)
{
    return every_family();
}

ParameterizedTest(int *index, family, members_stay_finite_and_in_bounds)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    for (int i = 0; i < list.count; i++) {
        Env *env = new_env(f, &list.member[i]);
        walk(env, list.member[i].name);
        env_free(env);
    }
    members_release(&list);
}

ParameterizedTestParameters(family, parameters_load_and_step_at_both_ends)
{
    return every_family();
}

ParameterizedTest(int *index, family, parameters_load_and_step_at_both_ends)
{
    const TaskFamily *f = families[*index];
    for (int p = 0; p < f->param_count; p++) {
        for (int end = 0; end < 2; end++) {
            Member member = base_of(f);
            member.param[p] = end ? f->param[p].hi : f->param[p].lo;
            Env *env = new_env(f, &member);
            walk(env, f->param[p].name);
            env_free(env);
        }
    }
    // and all of them together
    for (int end = 0; end < 2; end++) {
        Member member = base_of(f);
        for (int p = 0; p < f->param_count; p++)
            member.param[p] = end ? f->param[p].hi : f->param[p].lo;
        Env *env = new_env(f, &member);
        walk(env, end ? "all at hi" : "all at lo");
        env_free(env);
    }
}

ParameterizedTestParameters(family, actions_all_do_something_else)
{
    return every_family();
}

ParameterizedTest(int *index, family, actions_all_do_something_else)
{
    const TaskFamily *f = families[*index];
    size_t size = (size_t)f->obs_dim * sizeof(double);
    Env *env = base_env(f);
    double *after = mem_array((size_t)f->action_count, size);
    for (int a = 0; a < f->action_count; a++) {
        env_reset(env, start(0));
        (void)env_step(env, a);
        memcpy(after + a * f->obs_dim, env_observation(env), size);
        for (int b = 0; b < a; b++)
            cr_assert(memcmp(after + a * f->obs_dim, after + b * f->obs_dim, size) != 0,
                      "%s: actions %d and %d are the same", f->name, a, b);
    }
    mem_free(after);
    env_free(env);
}

// -- nothing is constant: over the episodes of `base`, each number of the observation takes
// another value from reset to reset and from step to step

typedef struct Spread {
    double *lo, *hi;
    int count;
} Spread;

static Spread spread_new(int count)
{
    Spread s = {.count = count,
                .lo = mem_array((size_t)count, sizeof(double)),
                .hi = mem_array((size_t)count, sizeof(double))};
    for (int i = 0; i < count; i++) {
        s.lo[i] = INFINITY;
        s.hi[i] = -INFINITY;
    }
    return s;
}

static void spread_add(Spread *s, int i, double x)
{
    s->lo[i] = fmin(s->lo[i], x);
    s->hi[i] = fmax(s->hi[i], x);
}

static void spread_check(Spread *s, const char *family, const char *what)
{
    for (int i = 0; i < s->count; i++)
        cr_assert(lt(dbl, s->lo[i], s->hi[i]), "%s: %s %d is constant", family, what, i);
    mem_free(s->lo);
    mem_free(s->hi);
}

// where a limit acts that random actions do not reach before the episode ends, which is all
// that moves some number of the observation
static const struct {
    const char *family;
    double qpos[3];
} limits[] = {{"double_pendulum", {0.995, 0, 0}}};

static void visit_limit(Env *env, Spread *obs)
{
    const TaskFamily *f = env_family(env);
    const double qvel[3] = {0};
    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        if (strcmp(limits[l].family, f->name) != 0) continue;
        cr_assert(eq(int, env_position_count(env), 3), "%s", f->name);
        env_set_state(env, limits[l].qpos, qvel, NULL);
        for (int i = 0; i < f->obs_dim; i++)
            spread_add(obs, i, env_observation(env)[i]);
    }
}

ParameterizedTestParameters(family, has_no_constant_observation)
{
    return every_family();
}

ParameterizedTest(int *index, family, has_no_constant_observation)
{
    const TaskFamily *f = families[*index];
    Env *env = base_env(f);
    RngStream rng = actions();
    Spread obs = spread_new(f->obs_dim), features = spread_new(f->feature_dim);
    Spread coords = spread_new(f->coord_count);

    for (uint64_t episode = 0; episode < EPISODES; episode++) {
        env_reset(env, start(episode));
        while (!env_is_over(env)) {
            (void)env_step(env, rng_below(&rng, f->action_count));
            for (int i = 0; i < f->obs_dim; i++)
                spread_add(&obs, i, env_observation(env)[i]);
            for (int i = 0; i < f->feature_dim; i++)
                spread_add(&features, i, (double)env_features(env)[i]);
            for (int i = 0; i < f->coord_count; i++)
                spread_add(&coords, i, (double)env_coordinates(env)[i]);
        }
    }
    visit_limit(env, &obs);
    spread_check(&obs, f->name, "observation");
    spread_check(&features, f->name, "feature");
    spread_check(&coords, f->name, "coordinate");
    env_free(env);
}

ParameterizedTestParameters(family, resets_vary)
{
    return every_family();
}

ParameterizedTest(int *index, family, resets_vary)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    for (int i = 0; i < list.count; i++) {
        Env *env = new_env(f, &list.member[i]);
        Spread obs = spread_new(f->obs_dim);
        int varied = 0;
        for (uint64_t episode = 0; episode < EPISODES; episode++) {
            env_reset(env, start(episode));
            for (int k = 0; k < f->obs_dim; k++)
                spread_add(&obs, k, env_observation(env)[k]);
        }
        for (int k = 0; k < f->obs_dim; k++)
            varied += obs.lo[k] < obs.hi[k];
        // a fixed goal may stand still, the body may not
        cr_assert(gt(int, varied, f->obs_dim / 2), "%s: %s begins alike", f->name,
                  list.member[i].name);
        mem_free(obs.lo);
        mem_free(obs.hi);
        env_free(env);
    }
    members_release(&list);
}
