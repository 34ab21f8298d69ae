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

#include "agents/replay.h"
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
    cr_assert(lt(dbl, 0.0, f->step_us), "%s: has no nominal cost of a step", f->name);
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
    cr_assert(count[ROLE_SOURCE] >= 3 && count[ROLE_TUNE] >= 2 && count[ROLE_TARGET] >= 4, "%s",
              f->name);

    const Member *base = members_find(&list, "base"), expected = base_of(f);
    cr_assert(base != NULL, "%s has no member 'base'", f->name);
    cr_assert(eq(int, base->role, ROLE_TUNE), "%s", f->name);
    for (int p = 0; p < f->param_count; p++)
        cr_assert(eq(dbl, base->param[p], expected.param[p]), "%s: %s", f->name,
                  f->param[p].name);
    members_release(&list);
}

ParameterizedTestParameters(family, has_no_two_members_alike)
{
    return every_family();
}

ParameterizedTest(int *index, family, has_no_two_members_alike)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    size_t size = (size_t)f->param_count * sizeof(double);
    for (int i = 0; i < list.count; i++)
        for (int j = 0; j < i; j++)
            cr_assert(memcmp(list.member[i].param, list.member[j].param, size) != 0,
                      "%s: %s is %s again", f->name, list.member[i].name, list.member[j].name);
    members_release(&list);
}

// the sources' range and middle in one parameter
typedef struct Span {
    double lo, hi, middle;
} Span;

static Span span_of_sources(const MemberList *list, int p)
{
    Span span = {.lo = INFINITY, .hi = -INFINITY};
    int count = 0;
    for (int i = 0; i < list->count; i++) {
        const Member *member = &list->member[i];
        if (member->role != ROLE_SOURCE) continue;
        span.lo = fmin(span.lo, member->param[p]);
        span.hi = fmax(span.hi, member->param[p]);
        span.middle += member->param[p];
        count++;
    }
    span.middle /= count;
    return span;
}

// from the middle of the sources, each parameter in units of their range; infinite outside it
static double distance_from_sources(const MemberList *list, const Member *member)
{
    double squares = 0;
    for (int p = 0; p < list->family->param_count; p++) {
        Span span = span_of_sources(list, p);
        double x = member->param[p];
        if (x < span.lo || x > span.hi) return INFINITY;
        if (span.lo == span.hi) continue;
        squares += pow((x - span.middle) / (span.hi - span.lo), 2);
    }
    return sqrt(squares);
}

ParameterizedTestParameters(family, has_targets_among_and_beyond_the_sources)
{
    return every_family();
}

// beyond: outside the sources' range in some parameter, or farther out than any of them
ParameterizedTest(int *index, family, has_targets_among_and_beyond_the_sources)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    double farthest = 0;
    int among = 0, beyond = 0;
    for (int i = 0; i < list.count; i++)
        if (list.member[i].role == ROLE_SOURCE)
            farthest = fmax(farthest, distance_from_sources(&list, &list.member[i]));
    for (int i = 0; i < list.count; i++) {
        if (list.member[i].role != ROLE_TARGET) continue;
        bool out = distance_from_sources(&list, &list.member[i]) > farthest;
        among += !out;
        beyond += out;
    }
    cr_assert(lt(int, 0, among), "%s", f->name);
    cr_assert(lt(int, 0, beyond), "%s", f->name);
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
        cr_assert(lt(int, f->obs_dim / 2, varied), "%s: %s begins alike", f->name,
                  list.member[i].name);
        mem_free(obs.lo);
        mem_free(obs.hi);
        env_free(env);
    }
    members_release(&list);
}

// -- what parameters do to the model

// a value between base and the farther end of the range
static double off_base(const TaskParam *param)
{
    bool up = param->hi - param->base >= param->base - param->lo;
    return (param->base + (up ? param->hi : param->lo)) / 2;
}

static double greatest_difference(const Env *a, const Env *b)
{
    double greatest = 0;
    for (int i = 0; i < env_position_count(a); i++)
        greatest = fmax(greatest, fabs(env_position(a)[i] - env_position(b)[i]));
    for (int i = 0; i < env_velocity_count(a); i++)
        greatest = fmax(greatest, fabs(env_velocity(a)[i] - env_velocity(b)[i]));
    return greatest;
}

// how far two members come apart in STEPS control steps from the same streams of starts, with
// the same actions
static double separation(Env *a, Env *b)
{
    RngStream rng = actions();
    double greatest = 0;
    uint64_t episode = 0;
    for (int t = 0; t < STEPS; t++) {
        if (env_is_over(a) || env_is_over(b)) {
            env_reset(a, start(episode));
            env_reset(b, start(episode++));
        }
        int action = rng_below(&rng, env_family(a)->action_count);
        (void)env_step(a, action);
        (void)env_step(b, action);
        greatest = fmax(greatest, greatest_difference(a, b));
    }
    return greatest;
}

ParameterizedTestParameters(family, parameters_each_change_the_trajectory)
{
    return every_family();
}

ParameterizedTest(int *index, family, parameters_each_change_the_trajectory)
{
    const TaskFamily *f = families[*index];
    for (int p = 0; p < f->param_count; p++) {
        Member member = base_of(f);
        member.param[p] = off_base(&f->param[p]);
        Env *base = base_env(f), *other = new_env(f, &member);
        // far more than rounding, so that the parameter itself is at work
        cr_assert(lt(dbl, 1e-6, separation(base, other)), "%s: %s does nothing", f->name,
                  f->param[p].name);
        env_free(base);
        env_free(other);
    }
}

// the family's MJCF as MuJoCo loads it, with no member in it, driven by hand
typedef struct Raw {
    mjModel *model;
    mjData *data;
    TaskState state;
    int *id;
    void *settings;
    double param[PARAM_MAX];
} Raw;

static Raw *raw_new(const TaskFamily *f)
{
    char path[256], said[1000] = "";
    Raw *raw = mem_array(1, sizeof *raw);
    (void)snprintf(path, sizeof path, "%s/%s", TEST_MODELS_DIR, f->mjcf);
    raw->model = mj_loadXML(path, NULL, said, sizeof said);
    cr_assert(raw->model != NULL, "%s: %s", f->name, said);
    raw->data = mj_makeData(raw->model);
    raw->id = mem_array((size_t)f->object_count, sizeof *raw->id);
    for (int i = 0; i < f->object_count; i++)
        raw->id[i] = mj_name2id(raw->model, f->object[i].type, f->object[i].name);
    raw->settings = mem_array(f->settings_size, 1);
    param_defaults(f->setting, f->setting_count, raw->settings);
    memcpy(raw->param, base_of(f).param, sizeof raw->param);
    raw->state = (TaskState){.model = raw->model,
                             .data = raw->data,
                             .id = raw->id,
                             .param = raw->param,
                             .settings = raw->settings};
    return raw;
}

static void raw_free(Raw *raw)
{
    mj_deleteData(raw->data);
    mj_deleteModel(raw->model);
    mem_free(raw->id);
    mem_free(raw->settings);
    mem_free(raw);
}

static void raw_start(Raw *raw, const Env *env)
{
    mj_resetData(raw->model, raw->data);
    memcpy(raw->data->qpos, env_position(env), (size_t)raw->model->nq * sizeof(double));
    memcpy(raw->data->qvel, env_velocity(env), (size_t)raw->model->nv * sizeof(double));
    mj_forward(raw->model, raw->data);
}

static void raw_step(Raw *raw, const TaskFamily *f, int action)
{
    if (f->before_step) f->before_step(&raw->state);
    f->control(&raw->state, action, raw->data->ctrl);
    for (int i = 0; i < f->frame_skip; i++)
        mj_step(raw->model, raw->data);
    if (f->after_step) f->after_step(&raw->state);
}

static void check_same_state(const Env *env, const Raw *raw, const char *what, int t)
{
    const char *name = env_family(env)->name;
    size_t nq = (size_t)raw->model->nq, nv = (size_t)raw->model->nv;
    cr_assert(memcmp(env_position(env), raw->data->qpos, nq * sizeof(double)) == 0,
              "%s, %s: position after step %d", name, what, t);
    cr_assert(memcmp(env_velocity(env), raw->data->qvel, nv * sizeof(double)) == 0,
              "%s, %s: velocity after step %d", name, what, t);
}

static void follow_raw(Env *env, const char *what)
{
    const TaskFamily *f = env_family(env);
    Raw *raw = raw_new(f);
    RngStream rng = actions();
    uint64_t episode = 0;
    for (int t = 0; t < STEPS; t++) {
        if (env_is_over(env)) {
            env_reset(env, start(episode++));
            raw_start(raw, env);
        }
        int action = rng_below(&rng, f->action_count);
        (void)env_step(env, action);
        raw_step(raw, f, action);
        check_same_state(env, raw, what, t);
    }
    raw_free(raw);
    env_free(env);
}

ParameterizedTestParameters(family, base_moves_as_the_untouched_model_bit_for_bit)
{
    return every_family();
}

ParameterizedTest(int *index, family, base_moves_as_the_untouched_model_bit_for_bit)
{
    const TaskFamily *f = families[*index];
    MemberList list = read_members(f);
    follow_raw(new_env(f, members_find(&list, "base")), "base of the file");
    follow_raw(base_env(f), "every parameter at base");
    members_release(&list);
}

// all of a model in one piece
static void *bytes_of(const mjModel *model, size_t *size)
{
    *size = (size_t)mj_sizeModel(model);
    void *bytes = mem_array(*size, 1);
    mj_saveModel(model, NULL, bytes, (int)*size);
    return bytes;
}

static bool same_model(const mjModel *a, const mjModel *b)
{
    size_t size_a, size_b;
    void *bytes_a = bytes_of(a, &size_a), *bytes_b = bytes_of(b, &size_b);
    bool same = size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0;
    mem_free(bytes_a);
    mem_free(bytes_b);
    return same;
}

ParameterizedTestParameters(family, base_values_leave_every_bit_of_the_model)
{
    return every_family();
}

ParameterizedTest(int *index, family, base_values_leave_every_bit_of_the_model)
{
    const TaskFamily *f = families[*index];
    Raw *raw = raw_new(f);
    Env *env = base_env(f);
    mjModel *untouched = mj_copyModel(NULL, raw->model);
    if (f->apply) f->apply(raw->model, raw->param, raw->id);
    cr_assert(same_model(raw->model, untouched), "%s: apply() changes it", f->name);
    cr_assert(same_model(env_model(env), untouched), "%s: env_new() changes it", f->name);
    mj_deleteModel(untouched);
    env_free(env);
    raw_free(raw);
}

static Env *env_off_base(const TaskFamily *f)
{
    Member member = base_of(f);
    for (int p = 0; p < f->param_count; p++)
        member.param[p] = off_base(&f->param[p]);
    return new_env(f, &member);
}

ParameterizedTestParameters(family, derived_constants_are_those_of_the_member)
{
    return every_family();
}

ParameterizedTest(int *index, family, derived_constants_are_those_of_the_member)
{
    const TaskFamily *f = families[*index];
    Env *env = env_off_base(f), *base = base_env(f);
    const mjModel *m = env_model(env), *b = env_model(base);
    mjModel *fresh = mj_copyModel(NULL, m);
    mjData *data = mj_makeData(fresh);
    mj_setConst(fresh, data);
    cr_assert(same_model(fresh, m), "%s: a derived constant is stale", f->name);

    // and they did need recomputing
    size_t bodies = (size_t)m->nbody * sizeof(double), dofs = (size_t)m->nv * sizeof(double);
    if (memcmp(m->body_mass, b->body_mass, bodies) != 0) {
        cr_assert(memcmp(m->body_subtreemass, b->body_subtreemass, bodies) != 0, "%s", f->name);
        cr_assert(memcmp(m->dof_invweight0, b->dof_invweight0, dofs) != 0, "%s", f->name);
    }
    mj_deleteData(data);
    mj_deleteModel(fresh);
    env_free(env);
    env_free(base);
}

// -- ends

// random actions, each held for some control steps, so that slow bodies are moved too
typedef struct Play {
    RngStream rng;
    int hold, action, made;
} Play;

static Play play(int hold, uint64_t episode)
{
    return (Play){.rng = rng_stream(7, RNG_EXPLORE, episode), .hold = hold};
}

static EnvStep play_on(Play *p, Env *env)
{
    if (p->made++ % p->hold == 0) p->action = rng_below(&p->rng, env_family(env)->action_count);
    return env_step(env, p->action);
}

static void check_ends(const Env *env, const EnvStep *step)
{
    const TaskFamily *f = env_family(env);
    int elapsed = env_elapsed(env);
    cr_assert(not(step->terminated && step->truncated), "%s, step %d: both", f->name, elapsed);
    cr_assert(eq(int, env_is_over(env), step->terminated || step->truncated), "%s, step %d",
              f->name, elapsed);
    cr_assert(eq(int, step->truncated, elapsed == f->time_limit && !step->terminated),
              "%s: truncated at step %d", f->name, elapsed);
}

// an episode that the task itself ended, made again with play(hold, episode)
typedef struct Ending {
    int hold, length;
    uint64_t episode;
} Ending;

// look for one in episodes of all kinds; length 0 if there is none
static Ending find_ending(Env *env, uint64_t episodes)
{
    for (int hold = 1; hold <= 32; hold *= 2) {
        for (uint64_t episode = 0; episode < episodes; episode++) {
            Play p = play(hold, episode);
            EnvStep step = {0};
            env_reset(env, start(episode));
            while (!env_is_over(env)) {
                step = play_on(&p, env);
                check_ends(env, &step);
            }
            if (step.terminated)
                return (Ending){.hold = hold, .length = env_elapsed(env), .episode = episode};
        }
    }
    return (Ending){0};
}

ParameterizedTestParameters(family, terminates_if_it_says_so_and_else_runs_to_the_limit)
{
    return every_family();
}

ParameterizedTest(int *index, family, terminates_if_it_says_so_and_else_runs_to_the_limit)
{
    const TaskFamily *f = families[*index];
    Env *env = base_env(f);
    Ending ending = find_ending(env, f->terminated ? 64 : 2);
    cr_assert(eq(int, ending.length > 0, f->terminated != NULL), "%s", f->name);
    env_free(env);
}

// the family with another time limit, short enough that nothing else ends its episodes
static TaskFamily hurried(const TaskFamily *f, int time_limit)
{
    TaskFamily hurried = *f;
    hurried.time_limit = time_limit;
    return hurried;
}

ParameterizedTestParameters(family, an_end_at_the_time_limit_is_the_tasks_own)
{
    return every_family();
}

ParameterizedTest(int *index, family, an_end_at_the_time_limit_is_the_tasks_own)
{
    const TaskFamily *f = families[*index];
    if (!f->terminated) return;
    Env *env = base_env(f);
    Ending ending = find_ending(env, 64);
    env_free(env);

    // once with the limit at that very step, once with it a step before
    for (int early = 0; early < 2 && ending.length > early; early++) {
        TaskFamily limited = hurried(f, ending.length - early);
        Play p = play(ending.hold, ending.episode);
        EnvStep step = {0};
        env = base_env(&limited);
        env_reset(env, start(ending.episode));
        while (!env_is_over(env))
            step = play_on(&p, env);
        cr_assert(eq(int, env_elapsed(env), limited.time_limit), "%s", f->name);
        cr_assert(eq(int, step.terminated, !early), "%s", f->name);
        cr_assert(eq(int, step.truncated, early), "%s", f->name);
        env_free(env);
    }
}

// -- the last step of an episode in the replay memory

enum { KEPT = 4, ROWS = 128 };
static const double discount_factor = 0.5;

// play an episode into a small replay memory; @p last are the features it ended with
static Replay *remember(Env *env, const Ending *how, float *last)
{
    const TaskFamily *f = env_family(env);
    size_t size = (size_t)f->feature_dim * sizeof(float);
    Play p = play(how->hold, how->episode);
    Replay *replay;
    ReplayShape shape = {.capacity = KEPT,
                         .feature_dim = f->feature_dim,
                         .action_count = f->action_count,
                         .n_step = 1,
                         .gamma = discount_factor};
    cr_assert(eq(int, replay_new(&replay, shape, NULL), STATUS_OK));

    env_reset(env, start(how->episode));
    while (!env_is_over(env)) {
        memcpy(last, env_features(env), size);
        EnvStep step = play_on(&p, env);
        replay_push(replay, &(Transition){.obs = last,
                                          .coords = env_coordinates(env),
                                          .next_obs = env_features(env),
                                          .reward = step.reward,
                                          .action = p.action,
                                          .terminated = step.terminated,
                                          .truncated = step.truncated});
    }
    memcpy(last, env_features(env), size);
    return replay;
}

// the discount of the value behind the episode's last step
static double last_discount(const TaskFamily *family, const Ending *how)
{
    Env *env = base_env(family);
    size_t d = (size_t)family->feature_dim;
    float *last = mem_array(d, sizeof *last), *obs = mem_array(ROWS * d, sizeof *obs);
    float *next = mem_array(ROWS * d, sizeof *next), reward[ROWS], discount[ROWS];
    int32_t action[ROWS];
    Batch batch = {.size = ROWS,
                   .obs = obs,
                   .next_obs = next,
                   .reward = reward,
                   .discount = discount,
                   .action = action};
    Replay *replay = remember(env, how, last);
    RngStream rng = rng_stream(7, RNG_REPLAY, 0);
    replay_sample(replay, &rng, &batch);

    double found = NAN;
    for (size_t b = 0; b < ROWS; b++) {
        bool is_last = memcmp(next + b * d, last, d * sizeof *last) == 0;
        if (is_last)
            found = (double)discount[b];
        else
            cr_assert(eq(dbl, (double)discount[b], discount_factor), "%s", family->name);
    }
    replay_free(replay);
    mem_free(last);
    mem_free(obs);
    mem_free(next);
    env_free(env);
    return found;
}

ParameterizedTestParameters(family, time_limit_bootstraps_and_an_end_does_not)
{
    return every_family();
}

ParameterizedTest(int *index, family, time_limit_bootstraps_and_an_end_does_not)
{
    const TaskFamily *f = families[*index];
    TaskFamily limited = hurried(f, KEPT);
    const Ending cut = {.hold = 1};
    cr_assert(eq(dbl, last_discount(&limited, &cut), discount_factor), "%s", f->name);
    if (!f->terminated) return;

    Env *env = base_env(f);
    Ending ending = find_ending(env, 64);
    cr_assert(eq(dbl, last_discount(f, &ending), 0.0), "%s", f->name);
    env_free(env);
}

// -- divergence

typedef struct Absurd {
    const char *what;
    double position, velocity; // of every joint
} Absurd;

static const Absurd absurd[] = {
    {"a huge velocity", 0, 1e12},
    {"a huge position", 1e12, 0},
    {"a velocity that is no number", 0, NAN},
    {"a position that is no number", NAN, 0},
};
enum { ABSURD_COUNT = sizeof absurd / sizeof absurd[0] };

// MuJoCo would write a log file into the current folder
static void silence(const char *message)
{
    (void)message;
}

static void set_absurd(Env *env, const Absurd *how)
{
    int nq = env_position_count(env), nv = env_velocity_count(env);
    double *qpos = mem_array((size_t)nq, sizeof *qpos);
    double *qvel = mem_array((size_t)nv, sizeof *qvel);
    for (int i = 0; i < nq; i++)
        qpos[i] = how->position;
    for (int i = 0; i < nv; i++)
        qvel[i] = how->velocity;
    env_set_state(env, qpos, qvel, NULL);
    mem_free(qpos);
    mem_free(qvel);
}

// how often a cause was counted, of all causes or of the state's being bad alone
static int64_t count_warnings(const Env *env, bool bad_state_only)
{
    EnvWarning warning[ENV_WARNINGS + 1];
    int64_t count = 0;
    env_warnings(env, warning);
    for (int i = 0; warning[i].name[0]; i++)
        if (!bad_state_only || strncmp(warning[i].name, "bad_q", strlen("bad_q")) == 0)
            count += warning[i].count;
    return count;
}

static void check_diverges(Env *env, const Absurd *how)
{
    const char *name = env_family(env)->name;
    int64_t before = count_warnings(env, true);
    set_absurd(env, how);
    EnvStep step = env_step(env, 0);
    cr_assert(step.diverged, "%s: %s passes", name, how->what);
    cr_assert(not(step.terminated || step.truncated), "%s: %s", name, how->what);
    cr_assert(isfinite(step.reward), "%s: %s", name, how->what);
    cr_assert(env_is_over(env), "%s: %s", name, how->what);
    cr_assert(lt(i64, before, count_warnings(env, true)), "%s: %s is not named", name,
              how->what);
}

ParameterizedTestParameters(family, divergence_is_counted_named_and_over_at_the_next_reset)
{
    return every_family();
}

ParameterizedTest(int *index, family, divergence_is_counted_named_and_over_at_the_next_reset)
{
    const TaskFamily *f = families[*index];
    Env *env = base_env(f), *unharmed = base_env(f);
    mju_user_warning = silence;
    for (int i = 0; i < ABSURD_COUNT; i++) {
        check_diverges(env, &absurd[i]);
        int64_t count = count_warnings(env, false);
        // both are over, so they begin anew together
        cr_assert(eq(dbl, separation(env, unharmed), 0.0), "%s after %s", f->name,
                  absurd[i].what);
        cr_assert(eq(i64, count_warnings(env, false), count), "%s after %s", f->name,
                  absurd[i].what);
    }
    cr_assert(eq(i64, count_warnings(unharmed, false), 0), "%s", f->name);
    env_free(env);
    env_free(unharmed);
}
