#include "suite/bench/experience.h"

#include <stdbool.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { LIMIT = 50, ACTIONS = 9 }; // of the reacher

static Plan plan;
static Experience x;
static Error err;

static void setup(void)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = "nowhere",
                       .tasks = "reacher",
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = ""};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, experience_init(&x, plan.run, TEST_MODELS_DIR, &err), STATUS_OK), "%s",
              err.message);
}

static void teardown(void)
{
    experience_release(&x);
    plan_release(&plan);
}

TestSuite(experience, .init = setup, .fini = teardown);

static size_t features_size(void)
{
    return (size_t)plan.family[0].family->feature_dim * sizeof(float);
}

Test(experience, leads_from_state_to_state_until_an_episode_ends)
{
    experience_renew(&x);
    for (int i = 0; i < EXPERIENCE_STEPS; i++) {
        const Transition *t = &x.step[i];
        cr_assert(eq(int, t->truncated, i % LIMIT == LIMIT - 1), "step %d", i);
        cr_assert(eq(int, x.elapsed[i], i % LIMIT), "step %d", i);
        cr_assert(memcmp(t->obs, t->next_obs, features_size()) != 0, "step %d", i);
        if (i + 1 == EXPERIENCE_STEPS) break;
        bool goes_on = memcmp(t->next_obs, t[1].obs, features_size()) == 0;
        cr_assert(eq(int, goes_on, !t->truncated), "step %d", i);
    }
}

Test(experience, takes_every_action_and_keeps_the_coordinates_of_its_states)
{
    int seen[ACTIONS] = {0};
    experience_renew(&x);
    for (int i = 0; i < EXPERIENCE_STEPS; i++) {
        const Transition *t = &x.step[i];
        cr_assert(t->action >= 0 && t->action < ACTIONS);
        seen[t->action]++;
        size_t size = (size_t)plan.family[0].family->coord_count * sizeof(float);
        if (i) cr_assert(memcmp(t->coords, t[-1].coords, size) != 0, "step %d", i);
        bool begins = i % LIMIT == 0;
        if (i) cr_assert(eq(int, memcmp(t->coords, t[-1].next_coords, size) != 0, begins));
    }
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(lt(int, 0, seen[a]), "action %d", a);
}

Test(experience, goes_on_with_other_steps)
{
    static double before[EXPERIENCE_STEPS];
    experience_renew(&x);
    for (int i = 0; i < EXPERIENCE_STEPS; i++)
        before[i] = x.step[i].reward;
    int64_t episode = x.episode;
    experience_renew(&x);
    int same = 0;
    for (int i = 0; i < EXPERIENCE_STEPS; i++)
        same += before[i] == x.step[i].reward;
    cr_assert(lt(int, same, 5));
    cr_assert(eq(long, (long)(x.episode - episode), (long)EXPERIENCE_STEPS / LIMIT));
}

Test(experience, fails_without_memory)
{
    Experience none;
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = experience_init(&none, plan.run, TEST_MODELS_DIR, &err);
        experience_release(&none);
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 3, at));
}
