#include "suite/run/sources.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "tests/support/folder.h"
#include "tests/support/solved.h"

enum { SOURCES = 2, STATES = 1150 };

static Plan plan;
static Solved solved;
static Method method;
static Error err;
static int built, ended[STEP_DIVERGED + 1];

static const double by_turns[] = {0.0, 1.0, 0.5};
static double cut;

static Gathering wish(const void *settings)
{
    (void)settings;
    return (Gathering){.states = STATES, .epsilon = by_turns, .episodes = 3, .cut = cut};
}

static void setup(void)
{
    test_folder_make();
}

static void teardown(void)
{
    solved_release(&solved);
    plan_release(&plan);
    test_folder_remove();
}

TestSuite(sources, .init = setup, .fini = teardown);

// -- samples against the environment itself

typedef struct Replayed {
    Env *env;
    int episode;
    int steps, greedy; // of the present episode
} Replayed;

static bool same(const float *a, const float *b, int n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static StepEnd end_of(const EnvStep *made)
{
    if (made->terminated) return STEP_TERMINATED;
    if (made->truncated) return STEP_TRUNCATED;
    return made->diverged ? STEP_DIVERGED : STEP_GOES_ON;
}

// an episode was played as it was asked for
static void expect_explored(const Replayed *r, int actions)
{
    double epsilon = by_turns[(r->episode - 1) % 3];
    double share = 1.0 - epsilon * (actions - 1) / actions;
    if (epsilon == 0.0)
        cr_assert(eq(int, r->greedy, r->steps), "episode %d", r->episode - 1);
    else if (r->steps >= 20)
        cr_assert(epsilon_eq(dbl, (double)r->greedy / r->steps, share, 0.35), "episode %d",
                  r->episode - 1);
}

static void expect_step(const SourceTask *task, Replayed *r, size_t i, uint64_t key)
{
    const TaskFamily *family = env_family(r->env);
    int d = family->feature_dim, k = family->coord_count;
    if (env_is_over(r->env)) {
        env_reset(r->env, rng_stream(key, RNG_GATHER, (uint64_t)r->episode++));
        r->steps = r->greedy = 0;
    }
    Workspace work;
    cr_assert(eq(int, workspace_init(&work, task->network, 1, NULL), STATUS_OK));
    r->greedy += network_best(task->network, &work, env_features(r->env)) == task->action[i];
    workspace_release(&work);
    r->steps++;

    cr_assert(same(task->features + i * (size_t)d, env_features(r->env), d), "step %zu", i);
    cr_assert(same(task->coords + i * (size_t)k, env_coordinates(r->env), k), "step %zu", i);
    EnvStep made = env_step(r->env, task->action[i]);
    cr_assert(same(task->next_features + i * (size_t)d, env_features(r->env), d), "step %zu",
              i);
    cr_assert(eq(flt, task->reward[i], (float)made.reward), "step %zu", i);
    cr_assert(eq(int, task->end[i], end_of(&made)), "step %zu", i);
    ended[task->end[i]]++;
    if (env_is_over(r->env)) expect_explored(r, family->action_count);
}

static Status check_samples(const BuildContext *context, Error *build_err)
{
    (void)build_err;
    cr_assert(eq(int, context->source_count, SOURCES));
    for (int s = 0; s < SOURCES; s++) {
        const SourceTask *task = &context->source[s];
        const Run *run = solved.set.run[s];
        uint64_t key = stream_key(run->members->family->name, run->member->name, run->seed);
        Replayed r = {0};
        cr_assert(eq(str, task->member, run->member->name));
        cr_assert(task->network == &solved.policy[s].network);
        cr_assert(eq(int, task->sample_count, STATES));
        cr_assert(eq(int,
                     env_new(&r.env, run->members->family, TEST_MODELS_DIR, run->member,
                             run->settings.task, &err),
                     STATUS_OK));
        for (size_t i = 0; i < STATES; i++)
            expect_step(task, &r, i, key);
        cr_assert(lt(int, 3, r.episode));
        env_free(r.env);
    }
    built++;
    return STATUS_OK;
}

static void build_in(const char *task, Status (*build)(const BuildContext *, Error *))
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = test_folder(),
                       .tasks = task,
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = ""};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    method = method_scratch;
    method.needs = METHOD_NEEDS_SOURCES;
    method.gathering = wish;
    method.build = build;
    Run *run = &plan.run[0];
    run->method = &method;
    solved_init(&solved, run, SOURCES);
    for (int s = 0; s < SOURCES; s++)
        solved_at_random(&solved, s);
    cr_assert(eq(int, knowledge_name(run, &solved.set, test_folder(), &err), STATUS_OK));
    cr_assert(eq(int, knowledge_build(run, &solved.set, TEST_MODELS_DIR, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int, built, 1));
}

Test(sources, are_sampled_as_steps_that_the_environment_would_make_again)
{
    build_in("reacher", check_samples);
    cr_assert(lt(int, 0, ended[STEP_GOES_ON]));
    cr_assert(eq(int, ended[STEP_TRUNCATED], SOURCES *(STATES / 50)));
    cr_assert(eq(int, ended[STEP_TERMINATED], 0));
}

Test(sources, are_sampled_with_the_ends_that_the_task_has)
{
    build_in("hopper", check_samples);
    cr_assert(lt(int, SOURCES * 10, ended[STEP_TERMINATED]));
}

// half of the states are of episodes that end a step in five at most, half of whole ones
static Status check_cuts(const BuildContext *context, Error *build_err)
{
    enum { WHOLE = 50 };
    const SourceTask *task = &context->source[0];
    int length = 0, cut_short = 0, whole = 0;
    (void)build_err;
    for (int i = 0; i < STATES; i++) {
        length++;
        if (task->end[i] == STEP_GOES_ON) continue;
        cr_assert(eq(int, task->end[i], STEP_TRUNCATED), "step %d", i);
        *(length < WHOLE ? &cut_short : &whole) += length;
        cr_assert(le(int, length, WHOLE));
        length = 0;
    }
    cr_assert(lt(int, STATES * 2 / 5, cut_short));
    cr_assert(lt(int, STATES * 2 / 5, whole));
    built++;
    return STATUS_OK;
}

Test(sources, are_sampled_half_in_episodes_that_are_cut_short_if_wished)
{
    cut = 0.2;
    build_in("reacher", check_cuts);
}
