#include "suite/run/trainer.h"

#include <stdbool.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "suite/core/mem.h"

enum { STEPS = 130, LIMIT = 50, MOST = 32 }; // of the reacher; most features or coordinates

static Plan plan;
static Trainer trainer;
static Error err;

static const Override small[] = {
    {"run.steps", "1000"}, {"agent.hidden", "8"}, {"agent.batch", "8"}};

static void setup(void)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = "nowhere",
                       .tasks = "reacher",
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "2",
                       .label = "",
                       .set = small,
                       .set_count = sizeof small / sizeof small[0]};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void teardown(void)
{
    trainer_release(&trainer);
    plan_release(&plan);
}

TestSuite(trainer, .init = setup, .fini = teardown);

static void begin(Trainer *t, const Run *run)
{
    cr_assert(eq(int, trainer_init(t, run, TEST_MODELS_DIR, &err), STATUS_OK), "%s",
              err.message);
}

// -- a method that writes down what it is shown

typedef struct Witness {
    float obs[MOST], next_obs[MOST], coords[MOST];
    int seen, action;
    bool truncated;
} Witness;

static void witness(void *state, const Transition *t)
{
    Witness *w = state;
    const TaskFamily *family = plan.family[0].family;
    memcpy(w->obs, t->obs, (size_t)family->feature_dim * sizeof *w->obs);
    memcpy(w->next_obs, t->next_obs, (size_t)family->feature_dim * sizeof *w->obs);
    memcpy(w->coords, t->coords, (size_t)family->coord_count * sizeof *w->coords);
    w->action = t->action;
    w->truncated = t->truncated;
    w->seen++;
}

static bool same(const float *a, const float *b, int n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

Test(trainer, shows_the_agent_what_was_before_the_action_and_what_is_after_it)
{
    static Method method;
    method = method_scratch;
    method.state_size = sizeof(Witness);
    method.observe = witness;
    plan.run[0].method = &method;
    begin(&trainer, &plan.run[0]);
    const Witness *w = trainer.method;
    const TaskFamily *family = plan.family[0].family;

    float obs[MOST], coords[MOST];
    for (int i = 0; i < STEPS; i++) {
        bool goes_on = !env_is_over(trainer.env);
        memcpy(obs, env_features(trainer.env), (size_t)family->feature_dim * sizeof *obs);
        memcpy(coords, env_coordinates(trainer.env),
               (size_t)family->coord_count * sizeof *coords);
        EnvStep made = trainer_step(&trainer);

        cr_assert(eq(int, w->seen, i + 1));
        cr_assert(eq(int, w->action, trainer.action));
        cr_assert(eq(int, made.truncated, i % LIMIT == LIMIT - 1), "step %d", i);
        cr_assert(eq(int, w->truncated, made.truncated), "step %d", i);
        cr_assert(same(w->next_obs, env_features(trainer.env), family->feature_dim));
        cr_assert(eq(int, same(w->obs, obs, family->feature_dim), goes_on), "step %d", i);
        cr_assert(eq(int, same(w->coords, coords, family->coord_count), goes_on), "step %d", i);
    }
    cr_assert(eq(long, (long)trainer.step, (long)STEPS));
    cr_assert(eq(long, (long)trainer.episode, (long)(STEPS + LIMIT - 1) / LIMIT));
}

Test(trainer, repeats_itself_and_takes_no_memory)
{
    Trainer again, other;
    int differ = 0;
    begin(&trainer, &plan.run[0]);
    begin(&again, &plan.run[0]);
    begin(&other, &plan.run[1]); // of another seed
    int64_t taken = mem_count();
    for (int i = 0; i < 400; i++) {
        double reward = trainer_step(&trainer).reward;
        cr_assert(eq(dbl, trainer_step(&again).reward, reward), "step %d", i);
        differ += trainer_step(&other).reward != reward;
    }
    cr_assert(eq(long, (long)mem_count(), (long)taken));
    cr_assert(lt(int, 300, differ));
    cr_assert(lt(long, 0L, (long)agent_updates(trainer.agent)));
    trainer_release(&again);
    trainer_release(&other);
}

Test(trainer, fails_without_memory)
{
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = trainer_init(&trainer, plan.run, TEST_MODELS_DIR, &err);
        if (status != STATUS_OK) trainer_release(&trainer);
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 20, at));
}
