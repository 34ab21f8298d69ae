#include "suite/run/evaluate.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"

static const TaskFamily *family;
static MemberList members;
static Settings settings;
static Env *env;

static void setup(void)
{
    const Method *scratch;
    Error err = {0};
    // its episodes are all of one length and no two returns are alike
    cr_assert(eq(int, family_find(&family, "reacher", &err), STATUS_OK));
    cr_assert(eq(int, plan_read_members(&members, family, TEST_MODELS_DIR, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int, method_find(&scratch, "scratch", &err), STATUS_OK));
    cr_assert(eq(int, settings_init(&settings, family, scratch, &err), STATUS_OK));
    cr_assert(
        eq(int, env_new(&env, family, TEST_MODELS_DIR, &members.member[0], settings.task, &err),
           STATUS_OK),
        "%s", err.message);
}

static void teardown(void)
{
    env_free(env);
    settings_release(&settings);
    members_release(&members);
}

TestSuite(evaluate, .init = setup, .fini = teardown);

static int first_action(void *policy, const Sight *sight)
{
    (void)policy;
    (void)sight;
    return 0;
}

Test(evaluate, starts_the_same_whoever_is_evaluated_and_in_whatever_order)
{
    double first[5], again[5], other[5];
    (void)evaluate(env, first_action, NULL, (EvalStarts){1, SERIES_TRAINING + 3, 5}, first);
    (void)evaluate(env, first_action, NULL, (EvalStarts){1, SERIES_TRAINING + 4, 5}, other);
    (void)evaluate(env, first_action, NULL, (EvalStarts){1, SERIES_TRAINING + 3, 5}, again);
    cr_assert(memcmp(first, again, sizeof first) == 0);
    for (int i = 0; i < 5; i++)
        cr_assert(first[i] != other[i] && (i == 0 || first[i] != first[i - 1]), "episode %d",
                  i);
}

Test(evaluate, gives_every_return_and_takes_no_memory)
{
    double returns[4];
    int64_t before = mem_count();
    EvalSample e = evaluate(env, first_action, NULL, (EvalStarts){1, SERIES_FRESH, 4}, returns);
    cr_assert(eq(int, (int)(mem_count() - before), 0));
    cr_assert(e.returns == returns);
    cr_assert(eq(int, e.episodes, 4));
    cr_assert(eq(dbl, e.length, family->time_limit));
    cr_assert(eq(int, e.diverged, 0));
}

// -- a policy that looks at what it is shown

typedef struct Onlooker {
    int calls;
    float coords[16];
} Onlooker;

static int look(void *policy, const Sight *sight)
{
    Onlooker *o = policy;
    cr_assert(not(sight->training));
    cr_assert(eq(int, sight->elapsed, o->calls % family->time_limit), "call %d", o->calls);
    cr_assert(eq(int, sight->episode, o->calls / family->time_limit), "call %d", o->calls);
    cr_assert(eq(int, sight->episodes, 3), "call %d", o->calls);
    cr_assert(sight->features == env_features(env) && sight->coords == env_coordinates(env));
    size_t size = (size_t)family->coord_count * sizeof *o->coords;
    cr_assert(memcmp(o->coords, sight->coords, size) != 0, "call %d", o->calls);
    memcpy(o->coords, sight->coords, size);
    o->calls++;
    return o->calls % family->action_count;
}

Test(evaluate, shows_a_policy_where_it_is_and_that_it_does_not_train)
{
    Onlooker onlooker = {0};
    double returns[3];
    (void)evaluate(env, look, &onlooker, (EvalStarts){1, SERIES_FRESH, 3}, returns);
    cr_assert(eq(int, onlooker.calls, 3 * family->time_limit));
}

Test(evaluate, comes_at_its_shares_of_the_budget)
{
    int64_t step[EVALUATIONS];
    static const int64_t expected[] = {0, 250, 500, 750, 1000, 1500, 2000};
    cr_assert(eq(int, evaluation_steps(10000, step), EVALUATIONS));
    for (int i = 0; i < 7; i++)
        cr_assert(eq(long, (long)step[i], (long)expected[i]), "evaluation %d", i);
    cr_assert(eq(long, (long)step[EVALUATIONS - 1], 10000L));
}

Test(evaluate, does_not_come_twice_at_one_step_of_a_tiny_budget)
{
    int64_t step[EVALUATIONS];
    for (int64_t budget = 1; budget < 60; budget++) {
        int count = evaluation_steps(budget, step);
        cr_assert(step[0] == 0 && step[count - 1] == budget, "budget %d", (int)budget);
        for (int i = 1; i < count; i++)
            cr_assert(step[i] > step[i - 1], "budget %d", (int)budget);
    }
}

Test(stream_key, tells_runs_apart_but_not_methods)
{
    cr_assert(stream_key("reacher", "east", 0) == stream_key("reacher", "east", 0));
    cr_assert(stream_key("reacher", "east", 0) != stream_key("reacher", "east", 1));
    cr_assert(stream_key("reacher", "east", 0) != stream_key("reacher", "west", 0));
}
